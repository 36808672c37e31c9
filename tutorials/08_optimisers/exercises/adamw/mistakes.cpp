// What people write instead.
#include <cmath>

#include "tutorials/08_optimisers/exercises/adamw/adamw.h"

namespace mistakes {
namespace {

enum {
  nothing_written = 1,
  scale_ignored,
  scale_once_in_v,
  scale_not_in_m,
  scale_not_in_v,
  no_share_in_m,
  no_share_in_v,
  betas_exchanged,
  m_squared_for_v,
  v_of_g_not_squared,
  eps_in_the_root,
  v_scale_ignored,
  v_scale_outside,
  v_divided_by_the_scale,
  corrected_v_kept,
  no_root,
  old_m,
  old_v,
  uphill,
  decay_forgotten,
  decay_after,
  decay_of_the_step,
  decay_into_g,
  decay_minus,
  m_not_kept,
  v_not_kept,
  m_corrected_twice,
  sign_of_the_gradient,
  g_for_m,
  last_left_out,
  one_too_many,
  in_float,
  eps_ignored,
  g_is_changed,
  v_of_g,
  eps_before_the_correction,
};

bool is(int mistake) { return check::mistake == mistake; }

double step_of(double m, double v, const AdamWScalars& s) {
  if (is(m_corrected_twice)) m /= 1 - s.beta1;
  const double eps = is(eps_ignored) ? 1e-30 : s.eps;
  if (is(v_scale_ignored)) return s.step_size * m / (std::sqrt(v) + eps);
  if (is(v_scale_outside)) return s.step_size * m / (std::sqrt(v) * s.v_scale + eps);
  if (is(v_divided_by_the_scale)) return s.step_size * m / (std::sqrt(v / s.v_scale) + eps);
  if (is(eps_in_the_root)) return s.step_size * m / std::sqrt(v * s.v_scale + eps);
  if (is(eps_before_the_correction))
    return s.step_size * m / ((std::sqrt(v) + eps) * std::sqrt(s.v_scale));
  if (is(no_root)) return s.step_size * m / (v * s.v_scale + eps);
  return s.step_size * m / (std::sqrt(v * s.v_scale) + eps);
}

double moved(double p, double step, const AdamWScalars& s) {
  if (is(uphill)) return p * s.decay + step;
  if (is(decay_forgotten) || is(decay_into_g)) return p - step;
  if (is(decay_after)) return (p - step) * s.decay;
  if (is(decay_of_the_step)) return p - step * s.decay;
  if (is(decay_minus)) return p - p * s.decay - step;
  return p * s.decay - step;
}

}  // namespace

void adamw(real* p, real* m, real* v, const real* g, const AdamWScalars& s, int64_t n) {
  if (is(nothing_written)) return;
  const int64_t end = is(last_left_out) ? n - 1 : is(one_too_many) ? n + 1 : n;
  for (int64_t i = 0; i < end; ++i) {
    double gi = i < n ? g[i] : 0;
    const double plain = gi;
    if (!is(scale_ignored)) gi *= s.grad_scale;
    if (is(decay_into_g)) gi += (1 - s.decay) * p[i];
    const double share1 = is(no_share_in_m) ? 1 : 1 - s.beta1;
    const double share2 = is(no_share_in_v) ? 1 : 1 - s.beta2;
    double now_m = s.beta1 * m[i] + share1 * (is(scale_not_in_m) ? plain : gi);
    double square = is(scale_once_in_v) ? gi * plain : is(scale_not_in_v) ? plain * plain : gi * gi;
    if (is(m_squared_for_v)) square = now_m * now_m;
    if (is(v_of_g_not_squared)) square = std::fabs(gi);
    if (is(v_of_g)) square = gi;
    double now_v = s.beta2 * v[i] + share2 * square;
    if (is(betas_exchanged)) {
      now_m = s.beta2 * m[i] + (1 - s.beta2) * gi;
      now_v = s.beta1 * v[i] + (1 - s.beta1) * gi * gi;
    }
    if (is(in_float)) now_m = static_cast<float>(now_m), now_v = static_cast<float>(now_v);
    const double used_m = is(old_m) ? m[i] : is(g_for_m) ? gi : now_m;
    double step = step_of(used_m, is(old_v) ? v[i] : now_v, s);
    if (is(sign_of_the_gradient)) step = s.step_size * (gi > 0 ? 1 : gi < 0 ? -1 : 0);
    p[i] = moved(p[i], step, s);
    if (!is(m_not_kept)) m[i] = now_m;
    if (!is(v_not_kept)) v[i] = is(corrected_v_kept) ? now_v * s.v_scale : now_v;
    if (is(g_is_changed) && i < n) const_cast<real*>(g)[i] = gi * 2;
  }
}

const std::vector<check::Mistake> list = {
    {nothing_written, "nothing is written", "p, m and v are as they were before the call."},
    {scale_ignored, "grad_scale is ignored",
     "grad_scale does not occur: every gradient is read as g[i] * grad_scale."},
    {scale_once_in_v, "grad_scale once in the square",
     "m is right; in v the square is of the scaled gradient, so grad_scale is in it twice."},
    {scale_not_in_m, "m of the unscaled gradient",
     "v is right; in m the gradient has to be multiplied by grad_scale, too."},
    {scale_not_in_v, "v of the unscaled gradient",
     "m is right; v is of the square of the gradient times grad_scale, not of the gradient alone."},
    {no_share_in_m, "m without 1 - beta1",
     "you add the whole gradient to m. Adam's m is a mean: add (1 - beta1) of it."},
    {no_share_in_v, "v without 1 - beta2",
     "you add the whole square to v. It is a mean: add (1 - beta2) of it."},
    {betas_exchanged, "the betas are exchanged", "beta1 belongs to m, and beta2 to v."},
    {m_squared_for_v, "the square of m", "v is a mean of the gradient's square, not of m's."},
    {v_of_g_not_squared, "v of the gradient's size", "the gradient is squared in v."},
    {eps_in_the_root, "eps in the root",
     "m and v are right. eps is added to the root, not under it (that was layer norm)."},
    {v_scale_ignored, "v_scale is ignored",
     "m and v are right, but your step is too long: v is too small at first, and v_scale makes up "
     "for it."},
    {v_scale_outside, "v_scale outside the root",
     "m and v are right. v_scale is the correction of v, so it belongs under the root with it."},
    {v_divided_by_the_scale, "divided by v_scale",
     "m and v are right. v_scale is 1 / (1 - beta2^t) already: multiply by it."},
    {corrected_v_kept, "the corrected v is kept",
     "p and m are right, but v is stored with its correction. The next step would correct it "
     "again: "
     "v itself stays uncorrected."},
    {no_root, "no root", "m and v are right. You divide by v; its square root is meant."},
    {old_m, "the m of before", "m and v are right, but p moves by the m of the step before."},
    {old_v, "the v of before", "m and v are right, but p is divided by the v of the step before."},
    {uphill, "uphill", "the step is added to p. It is taken off."},
    {decay_forgotten, "no decay", "all is right but the decay: p is multiplied by decay."},
    {decay_after, "the step decays, too",
     "you multiply by decay after the step. Only the p of before decays: decay * p - step."},
    {decay_of_the_step, "the step decays", "you multiply the step by decay; it is p that decays."},
    {decay_into_g, "decay through the gradient",
     "you add the decay to the gradient. That is L2, and divided by the root of v; in AdamW the "
     "decay goes past m and v."},
    {decay_minus, "decay taken off",
     "you take decay * p off. `decay` is what is *left*: 1 - lr * weight_decay."},
    {m_not_kept, "m is not kept", "p is right, but m has to be written: the next step needs it."},
    {v_not_kept, "v is not kept", "p is right, but v has to be written: the next step needs it."},
    {m_corrected_twice, "m is corrected once more",
     "m's correction is in step_size already; you divide by it again."},
    {sign_of_the_gradient, "the sign of the gradient",
     "p moves by step_size in the direction of the gradient. The step is step_size * m / (...)."},
    {g_for_m, "the gradient in the place of m",
     "m and v are right, but p moves by the gradient. It moves by m."},
    {last_left_out, "the last number is left out",
     "the last number does not move. Does your loop end at n - 1?"},
    {one_too_many, "one number too many",
     "you write behind the end of the arrays. Is there a <= where a < is meant?"},
    {in_float, "a float on the way",
     "right to seven digits: is there a float? Write real or double."},
    {eps_ignored, "eps is ignored",
     "eps is missing. Where all gradients have been 0, m / sqrt(v) would be 0 / 0."},
    {g_is_changed, "the gradient is changed", "g is an input; compute in a variable of your own."},
    {v_of_g, "v of the gradient", "v is a mean of squares: the square of the gradient is missing."},
    {eps_before_the_correction, "eps before the correction",
     "m and v are right. You add eps to the root of the uncorrected v, so the correction scales "
     "eps, "
     "too: first v * v_scale, then the root, then eps."},
};

}  // namespace mistakes
