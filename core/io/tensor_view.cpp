// The elements of a TensorView (core/io/safetensors.h) as float, double or int64, and views of
// numbers in memory.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "core/error.h"
#include "core/io/dtype.h"
#include "core/io/json.h"
#include "core/io/safetensors.h"

namespace cairn {
namespace {

// out[i] = element i, read as From. A file's bytes need not be aligned, hence memcpy, which the
// compiler turns into one load.
template <typename From, typename To>
void convert(const TensorView& view, To* out) {
  const size_t n = view.size / sizeof(From);
  if constexpr (std::is_same_v<From, To>) {
    if (n) std::memcpy(out, view.bytes, view.size);
  } else {
    for (size_t i = 0; i < n; i++) {
      From value;
      std::memcpy(&value, view.bytes + i * sizeof(From), sizeof(From));
      out[i] = static_cast<To>(value);
    }
  }
}

// The same for the 16-bit formats, whose bits a function turns into a float.
template <typename To>
void convert_16(const TensorView& view, float (*to_float)(uint16_t), To* out) {
  for (size_t i = 0; i < view.size / 2; i++) {
    uint16_t bits;
    std::memcpy(&bits, view.bytes + 2 * i, 2);
    out[i] = static_cast<To>(to_float(bits));
  }
}

[[noreturn]] void refuse(const TensorView& view, const char* wanted) {
  fail("tensor " + json_string(view.name),
       "its type " + json_string(view.dtype) + " can't be read as " + wanted);
}

// BOOL and the integers; false if the type is another one.
template <typename To>
bool convert_integers(const TensorView& view, To* out) {
  if (view.dtype == "BOOL") {
    for (size_t i = 0; i < view.size; i++) out[i] = view.bytes[i] != 0;
  } else if (view.dtype == "U8") {
    convert<uint8_t>(view, out);
  } else if (view.dtype == "I8") {
    convert<int8_t>(view, out);
  } else if (view.dtype == "U16") {
    convert<uint16_t>(view, out);
  } else if (view.dtype == "I16") {
    convert<int16_t>(view, out);
  } else if (view.dtype == "U32") {
    convert<uint32_t>(view, out);
  } else if (view.dtype == "I32") {
    convert<int32_t>(view, out);
  } else if (view.dtype == "U64") {
    convert<uint64_t>(view, out);
  } else if (view.dtype == "I64") {
    convert<int64_t>(view, out);
  } else {
    return false;
  }
  return true;
}

template <typename To>
void convert_any(const TensorView& view, To* out) {
  if (view.dtype == "F32") convert<float>(view, out);
  else if (view.dtype == "F64") convert<double>(view, out);
  else if (view.dtype == "F16") convert_16(view, float_of_f16, out);
  else if (view.dtype == "BF16") convert_16(view, float_of_bf16, out);
  else if (!convert_integers(view, out)) refuse(view, "real numbers");
}

// NaN and infinity have all bits of the exponent set. The inner loop only asks whether a block has
// one, so that the compiler can vectorise it.
template <typename Bits, typename T>
int64_t find_not_finite(const T* values, int64_t count, Bits exponent) {
  constexpr int64_t block = 1024;
  for (int64_t begin = 0; begin < count; begin += block) {
    const int64_t end = std::min(count, begin + block);
    Bits found = 0;
    for (int64_t i = begin; i < end; i++)
      found |= static_cast<Bits>((std::bit_cast<Bits>(values[i]) & exponent) == exponent);
    if (!found) continue;
    for (int64_t i = begin; i < end; i++)
      if (!std::isfinite(values[i])) return i;
  }
  return -1;
}

template <typename T>
TensorView view_of(std::string name, const char* dtype, std::vector<int64_t> shape,
                   const T* values) {
  TensorView view{std::move(name), dtype, std::move(shape)};
  view.bytes = reinterpret_cast<const unsigned char*>(values);
  view.size = static_cast<size_t>(view.numel()) * sizeof(T);
  return view;
}

}  // namespace

int64_t TensorView::numel() const {
  int64_t count = 1;
  for (const int64_t extent : shape) count *= extent;
  return count;
}

TensorView tensor_view(std::string name, std::vector<int64_t> shape, const float* values) {
  return view_of(std::move(name), "F32", std::move(shape), values);
}

TensorView tensor_view(std::string name, std::vector<int64_t> shape, const double* values) {
  return view_of(std::move(name), "F64", std::move(shape), values);
}

TensorView tensor_view(std::string name, std::vector<int64_t> shape, const int64_t* values) {
  return view_of(std::move(name), "I64", std::move(shape), values);
}

void to_float(const TensorView& view, float* out) { convert_any(view, out); }

void to_double(const TensorView& view, double* out) { convert_any(view, out); }

int64_t first_not_finite(const float* values, int64_t count) {
  return find_not_finite(values, count, uint32_t{0x7f800000});
}

int64_t first_not_finite(const double* values, int64_t count) {
  return find_not_finite(values, count, uint64_t{0x7ff0000000000000});
}

void to_int64(const TensorView& view, int64_t* out) {
  if (!convert_integers(view, out)) refuse(view, "integers");
  if (view.dtype == "U64")  // what does not fit has wrapped around to a negative number
    for (int64_t i = 0; i < view.numel(); i++)
      if (out[i] < 0) refuse(view, "int64: a value is above the range");
}

}  // namespace cairn
