// What people write instead.
#include "tutorials/08_optimisers/exercises/sgd_momentum/sgd_momentum.h"

namespace mistakes {
namespace {

enum {
  nothing_written = 1,
  no_momentum,
  b_not_kept,
  mean_of_gradients,
  rate_in_b,
  step_before_b,
  uphill,
  nesterov,
  momentum_of_p,
  fixed_momentum,
  rate_twice,
  last_left_out,
  one_too_many,
  momentum_times_g,
  in_float,
  g_is_changed,
};

bool is(int mistake) { return check::mistake == mistake; }

}  // namespace

void sgd_momentum(real* p, real* b, const real* g, double lr, double momentum, int64_t n) {
  if (is(nothing_written)) return;
  if (is(fixed_momentum)) momentum = 0.9;
  const int64_t end = is(last_left_out) ? n - 1 : is(one_too_many) ? n + 1 : n;
  for (int64_t i = 0; i < end; ++i) {
    const double gradient = i < n ? g[i] : 0, old = b[i];
    double now = momentum * old + gradient;
    if (is(no_momentum)) now = gradient;
    if (is(mean_of_gradients)) now = momentum * old + (1 - momentum) * gradient;
    if (is(rate_in_b)) now = momentum * old + lr * gradient;
    if (is(momentum_of_p)) now = momentum * p[i] + gradient;
    if (is(momentum_times_g)) now = momentum * (old + gradient);
    if (is(in_float)) now = static_cast<float>(now);
    double step = is(step_before_b) ? old : is(nesterov) ? gradient + momentum * now : now;
    if (!is(rate_in_b)) step *= is(rate_twice) ? lr * lr : lr;
    p[i] = is(uphill) ? p[i] + step : p[i] - step;
    if (!is(b_not_kept)) b[i] = now;
    if (is(g_is_changed) && i < n) const_cast<real*>(g)[i] = now;
  }
}

const std::vector<check::Mistake> list = {
    {nothing_written, "nothing is written",
     "p and b are as they were before the call: is the gradient in what you compute?"},
    {no_momentum, "b is the gradient",
     "what was remembered is lost: b is not only the new gradient, it is momentum times the old b "
     "plus the gradient."},
    {b_not_kept, "b is not written",
     "b is as it was. The next step needs what this one has computed: write it to b."},
    {mean_of_gradients, "a mean of the gradients",
     "you multiply the gradient by 1 - momentum. That is the other convention, a running mean; "
     "here, as in PyTorch's SGD, b is a sum: momentum * b + g."},
    {rate_in_b, "the rate inside b",
     "your b holds gradients times the learning rate. As long as the rate stays the same p does "
     "not "
     "show it; when the rate changes, old gradients would keep the old one."},
    {step_before_b, "p moves by the old b",
     "p is moved by the b of the step before, so the first step moves nothing. First b, then p."},
    {uphill, "uphill", "p goes up the slope. The step is taken off."},
    {nesterov, "Nesterov's momentum",
     "you take off g + momentum * b, which is Nesterov's form. Asked for is b itself."},
    {momentum_of_p, "momentum of p", "you multiply p by the momentum. It is b that fades."},
    {fixed_momentum, "0.9 whatever the momentum",
     "the momentum is an argument; you have a number in its place."},
    {rate_twice, "the rate twice", "the learning rate is multiplied in twice."},
    {last_left_out, "the last number is left out",
     "the last number does not move. Does your loop end at n - 1?"},
    {one_too_many, "one number too many",
     "you write behind the end of the arrays. Is there a <= where a < is meant?"},
    {momentum_times_g, "the momentum of both",
     "you multiply old b and gradient together by the momentum. Only the old b fades; the new "
     "gradient counts in full."},
    {in_float, "a float on the way",
     "right to seven digits: is there a float? Write real or double."},
    {g_is_changed, "the gradient is changed", "g is an input, which the caller may still need."},
};

}  // namespace mistakes
