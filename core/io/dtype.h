#pragma once
// The element types of safetensors files, by the names they have there, and float from the two
// 16-bit formats. Cairn computes in float or double; these types exist in files only.
#include <cstdint>
#include <span>
#include <string_view>

namespace cairn {

struct Dtype {
  std::string_view name;
  int bits;  // of one element; less than 8 for the packed F4 and F6 types
};

// All known types in the order of the reference implementation, which is their order in files too,
// largest last.
std::span<const Dtype> dtypes();

// The type's index in dtypes(), or -1 if there is no such type.
int find_dtype(std::string_view name);

// IEEE 754 binary16: 1 sign bit, 5 exponent bits, 10 bits of fraction. Exact, subnormals,
// infinities and the payloads of NaNs too.
float float_of_f16(uint16_t bits);

// bfloat16: the upper half of a float.
float float_of_bf16(uint16_t bits);

}  // namespace cairn
