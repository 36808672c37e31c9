#pragma once
// Shared by the tests of the core: reading errors, making tensors, comparing them.
#include <algorithm>
#include <cmath>
#include <functional>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "core/ops.h"

namespace cairn::test {

// The text of the Error that f throws; empty if it throws none.
inline std::string error_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

// What f writes to std::cout.
inline std::string written_by(const std::function<void()>& f) {
  std::ostringstream out;
  std::streambuf* const before = std::cout.rdbuf(out.rdbuf());
  f();
  std::cout.rdbuf(before);
  return out.str();
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// "FILE:LINE" of the calling file, as an error gives a place.
inline std::string at(int line, const std::string& path = __builtin_FILE()) {
  return path.substr(path.rfind('/') + 1) + ":" + std::to_string(line);
}

// 0, 1, 2, ... in this shape.
inline Tensor counting(const Shape& shape) {
  std::vector<real> values(static_cast<size_t>(numel(shape)));
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<real>(i);
  return Tensor::of(shape, values);
}

// Normally distributed numbers.
inline Tensor random_tensor(const Shape& shape, uint64_t seed) {
  Random random(seed);
  std::vector<real> values(static_cast<size_t>(numel(shape)));
  for (real& x : values) x = static_cast<real>(random.normal());
  return Tensor::of(shape, values);
}

inline Tensor random_leaf(const Shape& shape, uint64_t seed) {
  Tensor x = random_tensor(shape, seed);
  x.set_requires_grad();
  return x;
}

// max |a - b|; infinite if the shapes differ or a NaN is met.
inline double difference(const Tensor& a, const Tensor& b) {
  if (!(a.shape() == b.shape())) return INFINITY;
  const std::vector<real> x = a.to_vector(), y = b.to_vector();
  double most = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    const double d = std::abs(static_cast<double>(x[i]) - static_cast<double>(y[i]));
    if (!(d <= INFINITY)) return INFINITY;
    most = std::max(most, d);
  }
  return most;
}

// max |a - b| / max(1, max |b|)
inline double relative_difference(const Tensor& a, const Tensor& b) {
  double largest = 1;
  for (real x : b.to_vector()) largest = std::max(largest, std::abs(static_cast<double>(x)));
  return difference(a, b) / largest;
}

inline bool same(const Tensor& a, const Tensor& b) {
  return a.shape() == b.shape() && a.to_vector() == b.to_vector();
}

}  // namespace cairn::test
