// Other ways to write it, as good.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "tutorials/07_backward_by_hand/exercises/gelu_backward/gelu_backward.h"

namespace alternatives {
namespace {

// 1 + erf(z) is erfc(-z), which loses no digits where x is negative.
void complement(real* dx, const real* dy, const real* x, int64_t n) {
  std::transform(dy, dy + n, x, dx, [](real dy_i, real x_i) {
    const real z = x_i * std::numbers::sqrt2 / 2;
    return dy_i * (std::erfc(-z) / 2 + z * std::exp(-z * z) * std::numbers::inv_sqrtpi);
  });
}

void backwards_in_long_double(real* dx, const real* dy, const real* x, int64_t n) {
  while (n-- > 0) {
    const long double z = x[n] / std::numbers::sqrt2_v<long double>;
    const long double bell = std::exp(-(z * z)) / std::sqrt(std::numbers::pi_v<long double>);
    dx[n] = static_cast<real>(dy[n] * (0.5L + std::erf(z) / 2 + z * bell));
  }
}

// The slopes of x and -x add up to 1.
void by_symmetry(real* dx, const real* dy, const real* x, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const real size = std::fabs(x[i]), bell = std::exp(-size * size / 2);
    const real above = std::erfc(size / std::sqrt(real{2})) / 2;
    const real left = above - size * bell / std::sqrt(2 * std::numbers::pi);
    dx[i] = dy[i] * (x[i] < 0 ? left : 1 - left);
  }
}

}  // namespace

const std::vector<check::Alternative<GeluBackward>> list = {
    {"with erfc", complement},
    {"backwards, in long double", backwards_in_long_double},
    {"by symmetry", by_symmetry},
};

}  // namespace alternatives
