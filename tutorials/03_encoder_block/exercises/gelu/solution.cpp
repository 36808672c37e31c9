// GELU of each number.
#include <cmath>
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

// y[i] = x[i] * (1 + erf(x[i] / sqrt(2))) / 2
void gelu(real* y, const real* x, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const double below = 0.5 * (1 + std::erf(double(x[i]) / std::sqrt(2.0)));
    y[i] = static_cast<real>(x[i] * below);
  }
}

}  // namespace mine
