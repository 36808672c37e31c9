#pragma once
// Tensors that the tests of files write and read: views of a few numbers, and their values.
#include <string>
#include <vector>

#include "core/io/dtype.h"
#include "core/io/safetensors.h"

namespace cairn::test {

inline const std::vector<float> six = {1, -2, 0.5f, 1e-40f, 3e38f, -0.0f};
inline const std::vector<int64_t> three = {-1, 0, 1LL << 40};

inline std::vector<TensorView> two_tensors() {
  return {tensor_view("b", {2, 3}, six.data()), tensor_view("a.ids", {3}, three.data())};
}

// A view of values of any type, for the conversions.
template <typename T>
TensorView view_of(const char* dtype, const std::vector<T>& values) {
  return {"raw",
          dtype,
          {static_cast<int64_t>(values.size())},
          reinterpret_cast<const unsigned char*>(values.data()),
          values.size() * sizeof(T)};
}

inline std::vector<float> floats_of(const TensorView& view) {
  std::vector<float> values(static_cast<size_t>(view.numel()));
  to_float(view, values.data());
  return values;
}

}  // namespace cairn::test
