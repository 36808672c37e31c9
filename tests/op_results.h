#pragma once
// What ops give, read as numbers.
#include <cmath>
#include <vector>

#include "core/autograd/autograd.h"
#include "core/ops.h"

namespace cairn::test {

using Reals = std::vector<real>;
constexpr real infinity = INFINITY, NaN = NAN;

inline bool is_nan(real x) { return x != x; }

// d(sum of y)/dx
inline Reals gradient(const Tensor& y, const Tensor& x) {
  return grad({sum(y)}, {x})[0].to_vector();
}

}  // namespace cairn::test
