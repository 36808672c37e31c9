#pragma once
// How a tensor's numbers are spread.
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/tensor.h"

namespace cairn::test {

struct Spread {
  double mean, deviation, min, max;
};

inline Spread spread_of(const Tensor& x) {
  double mean = 0, squares = 0, min = INFINITY, max = -INFINITY;
  const std::vector<real> numbers = x.to_vector();
  const double n = static_cast<double>(numbers.size());
  for (const real number : numbers) {
    const double value = static_cast<double>(number);
    mean += value / n, squares += value * value / n;
    min = std::min(min, value), max = std::max(max, value);
  }
  return {mean, std::sqrt(squares - mean * mean), min, max};
}

}  // namespace cairn::test
