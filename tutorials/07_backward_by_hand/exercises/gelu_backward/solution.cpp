// The way back through GELU.
#include <cmath>
#include <cstdint>
#include <numbers>

#include "core/real.h"

namespace mine {

using cairn::real;

// y = x Phi(x), so dx = dy (Phi(x) + x phi(x)): Phi is the normal distribution's cumulative
// function, phi its density.
void gelu_backward(real* dx, const real* dy, const real* x, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const double z = x[i];
    const double below = 0.5 * (1 + std::erf(z / std::numbers::sqrt2));
    const double density = std::exp(-0.5 * z * z) / std::sqrt(2 * std::numbers::pi);
    dx[i] = static_cast<real>(dy[i] * (below + z * density));
  }
}

}  // namespace mine
