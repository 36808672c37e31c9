// Other ways to write it, as good.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "tutorials/03_encoder_block/exercises/gelu_tanh/gelu_tanh.h"

namespace alternatives {
namespace {

constexpr long double root_2_over_pi = 0.79788456080286535588L;

// (1 + tanh u) / 2 is the sigmoid of 2 u, whose power may be infinite without harm.
void with_a_sigmoid(real* y, const real* x, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const double u = static_cast<double>(root_2_over_pi) * (x[i] + 0.044715 * x[i] * x[i] * x[i]);
    y[i] = x[i] / (1 + std::exp(-2 * u));
  }
}

// x (1 + 0.044715 x^2) for x + 0.044715 x^3.
void factored(real* y, const real* x, int64_t n) {
  std::transform(x, x + n, y, [](real z) {
    const real u = std::sqrt(2 / std::numbers::pi) * z * (1 + 0.044715 * z * z);
    return 0.5 * (z + z * std::tanh(u));
  });
}

void backwards_in_long_double(real* y, const real* x, int64_t n) {
  while (n-- > 0) {
    const long double z = x[n];
    const long double u = root_2_over_pi * z + root_2_over_pi * 0.044715L * std::pow(z, 3);
    y[n] = static_cast<real>(z / 2 + z / 2 * std::tanh(u));
  }
}

}  // namespace

const std::vector<check::Alternative<Gelu>> list = {
    {"with a sigmoid", with_a_sigmoid},
    {"factored", factored},
    {"backwards, in long double", backwards_in_long_double},
};

}  // namespace alternatives
