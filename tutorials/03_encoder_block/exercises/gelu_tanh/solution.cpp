// GELU's tanh form of each number.
#include <cmath>
#include <cstdint>
#include <numbers>

#include "core/real.h"

namespace mine {

using cairn::real;

// y[i] = x[i] * (1 + tanh(u)) / 2 with u = sqrt(2 / pi) * (x[i] + 0.044715 * x[i]^3)
void gelu_tanh(real* y, const real* x, int64_t n) {
  const double factor = std::sqrt(2 / std::numbers::pi);
  for (int64_t i = 0; i < n; ++i) {
    const double z = x[i], u = factor * (z + 0.044715 * z * z * z);
    y[i] = static_cast<real>(0.5 * z * (1 + std::tanh(u)));
  }
}

}  // namespace mine
