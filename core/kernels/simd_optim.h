#pragma once
// The optimiser's step: p, m and v of a vector of elements at once, in float; the scalars are
// rounded to float after 1 - beta was taken of them in double. Nothing is summed over elements.
#include "core/kernels/simd_elementwise.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace ISA { namespace {

void adamw(float* p, float* m, float* v, const float* g, const AdamWScalars& scalars,
           int64_t count) {
  const lanes beta1 = splat((float)scalars.beta1), beta2 = splat((float)scalars.beta2);
  const lanes one_minus_beta1 = splat((float)(1 - scalars.beta1));
  const lanes one_minus_beta2 = splat((float)(1 - scalars.beta2));
  const lanes grad_scale = splat((float)scalars.grad_scale);
  const lanes v_scale = splat((float)scalars.v_scale), eps = splat((float)scalars.eps);
  const lanes minus_step = splat((float)-scalars.step_size), decay = splat((float)scalars.decay);
  vectors(count, [=](int64_t i, int64_t n) {
    const lanes gi = mul(load_upto(g + i, n), grad_scale);
    const lanes mi = fma(beta1, load_upto(m + i, n), mul(one_minus_beta1, gi));
    const lanes vi = fma(beta2, load_upto(v + i, n), mul(mul(one_minus_beta2, gi), gi));
    const lanes denominator = add(sqrt(mul(vi, v_scale)), eps);
    const lanes pi = fma(minus_step, div(mi, denominator), mul(load_upto(p + i, n), decay));
    store_upto(m + i, mi, n);
    store_upto(v + i, vi, n);
    store_upto(p + i, pi, n);
  });
}

}}}}  // namespace cairn::CAIRN_PRECISION::ISA
