// A step of SGD with momentum.
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

// b = momentum b + g and p = p - lr b, for n numbers each.
void sgd_momentum(real* p, real* b, const real* g, double lr, double momentum, int64_t n) {
  for (int64_t i = 0; i < n; ++i) {
    const double remembered = momentum * b[i] + g[i];
    b[i] = static_cast<real>(remembered);
    p[i] = static_cast<real>(p[i] - lr * remembered);
  }
}

}  // namespace mine
