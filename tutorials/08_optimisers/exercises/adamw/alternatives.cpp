// Other ways to write it, as good.
#include <cmath>

#include "tutorials/08_optimisers/exercises/adamw/adamw.h"

namespace alternatives {
namespace {

// One pass for each of the three, as with vectors.
void three_passes(real* p, real* m, real* v, const real* g, const AdamWScalars& s, int64_t n) {
  for (int64_t i = 0; i < n; ++i) m[i] += (1 - s.beta1) * (g[i] * s.grad_scale - m[i]);
  for (int64_t i = 0; i < n; ++i)
    v[i] = s.beta2 * v[i] + (1 - s.beta2) * std::pow(g[i] * s.grad_scale, 2);
  for (int64_t i = n; i-- > 0;) {
    p[i] *= s.decay;
    p[i] -= s.step_size * m[i] / (std::sqrt(v[i] * s.v_scale) + s.eps);
  }
}

// The correction is taken out of the root: a division less for each number.
void root_of_the_scale(real* p, real* m, real* v, const real* g, const AdamWScalars& s, int64_t n) {
  const double root = std::sqrt(s.v_scale), rate = s.step_size / root, eps = s.eps / root;
  const double share = (1 - s.beta2) * s.grad_scale * s.grad_scale;
  for (const real* end = p + n; p != end; ++p, ++m, ++v, ++g) {
    *m = *m * s.beta1 + *g * (s.grad_scale * (1 - s.beta1));
    *v = *v * s.beta2 + *g * *g * share;
    *p = *p * s.decay - rate * (*m / (std::sqrt(*v) + eps));
  }
}

void in_long_double(real* p, real* m, real* v, const real* g, const AdamWScalars& s, int64_t n) {
  using wide = long double;
  for (int64_t i = n - 1; i >= 0; --i) {
    const wide gi = wide{g[i]} * wide{s.grad_scale};
    const wide mi = s.beta1 * wide{m[i]} + (1 - wide{s.beta1}) * gi;
    const wide vi = s.beta2 * wide{v[i]} + (1 - wide{s.beta2}) * gi * gi;
    p[i] = static_cast<real>(p[i] - (1 - wide{s.decay}) * p[i] -
                             s.step_size * mi / (std::sqrt(vi * s.v_scale) + s.eps));
    m[i] = static_cast<real>(mi), v[i] = static_cast<real>(vi);
  }
}

}  // namespace

const std::vector<check::Alternative<AdamWStep>> list = {
    {"three passes", three_passes},
    {"the root of the scale taken out", root_of_the_scale},
    {"in long double, backwards", in_long_double},
};

}  // namespace alternatives
