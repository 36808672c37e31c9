// A step of AdamW.
#include <cmath>
#include <cstdint>

#include "core/kernels/kernels.h"

namespace mine {

using cairn::AdamWScalars;
using cairn::real;

// One step on n numbers: p, its running means m and v, its gradient g.
void adamw(real* p, real* m, real* v, const real* g, const AdamWScalars& scalars, int64_t n) {
  const auto& [grad_scale, step_size, beta1, beta2, eps, v_scale, decay] = scalars;
  for (int64_t i = 0; i < n; ++i) {
    const double gi = g[i] * grad_scale;
    m[i] = static_cast<real>(beta1 * m[i] + (1 - beta1) * gi);
    v[i] = static_cast<real>(beta2 * v[i] + (1 - beta2) * gi * gi);
    const double step = step_size * m[i] / (std::sqrt(v[i] * v_scale) + eps);
    p[i] = static_cast<real>(decay * p[i] - step);
  }
}

}  // namespace mine
