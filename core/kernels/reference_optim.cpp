// The optimiser's step in plain loops: each value in double, m, v and p rounded once. Nothing is
// summed over elements.
#include <math.h>

#include "core/kernels/reference.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace reference {

void adamw(real* p, real* m, real* v, const real* g, const AdamWScalars& scalars, int64_t n) {
  const double beta1 = scalars.beta1, beta2 = scalars.beta2;
  for (int64_t i = 0; i < n; i++) {
    // The gradient, clipped.
    const double gi = double(g[i]) * scalars.grad_scale;
    // Running means of the gradient and of its square.
    m[i] = static_cast<real>(beta1 * double(m[i]) + (1 - beta1) * gi);
    v[i] = static_cast<real>(beta2 * double(v[i]) + (1 - beta2) * gi * gi);
    // vhat = v / (1 - beta2^t); mhat's correction is in step_size.
    const double denominator = ::sqrt(double(v[i]) * scalars.v_scale) + scalars.eps;
    // p = p (1 - lr weight_decay) - lr mhat / (sqrt(vhat) + eps)
    p[i] = static_cast<real>(double(p[i]) * scalars.decay -
                             scalars.step_size * double(m[i]) / denominator);
  }
}

}}}  // namespace cairn::CAIRN_PRECISION::reference
