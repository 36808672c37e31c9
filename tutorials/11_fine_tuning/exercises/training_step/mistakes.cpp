// What people write instead.
#include <algorithm>
#include <cmath>

#include "core/autograd/autograd.h"
#include "core/error.h"
#include "core/ops.h"
#include "optim/clip.h"
#include "tutorials/11_fine_tuning/exercises/training_step/training_step.h"

namespace mistakes {
namespace {

enum {
  never_zeroed = 1,
  zeroed_after_backward,
  step_before_backward,
  each_parameter_clipped,
  each_number_clipped,
  always_scaled,
  zero_means_nothing,
  never_clipped,
  norm_over_limit,
  norm_after_clipping,
  own_rate,
  factor_into_the_rate,
  two_steps,
  called_twice,
  loss_after_the_step,
  loss_not_returned,
  infinite_loss_ignored,
  infinite_norm_ignored,
  infinite_gradients_left,
  throws,
  loss_halved,
};

bool is(int mistake) { return check::mistake == mistake; }

void clip_each(Optimizer& optimizer, double max_norm) {
  for (const cairn::NamedTensor& p : optimizer.parameters()) {
    if (!p.tensor.grad().defined()) continue;
    std::vector<real> g = p.tensor.grad().to_vector();
    const double norm = cairn::gradient_norm({p});
    for (real& number : g) {
      if (is(each_parameter_clipped) && norm > max_norm) number *= max_norm / norm;
      if (is(each_number_clipped)) number = std::clamp(number, -max_norm, max_norm);
    }
    Tensor(p.tensor).set_grad(Tensor::of(p.tensor.shape(), g));
  }
}

double factor_of(double norm, double max_norm) {
  if (is(never_clipped) || is(each_parameter_clipped) || is(each_number_clipped)) return 1;
  if (max_norm == 0) return is(zero_means_nothing) ? 0 : 1;
  if (is(norm_over_limit)) return norm > max_norm ? norm / max_norm : 1;
  return norm > max_norm || is(always_scaled) ? max_norm / norm : 1;
}

}  // namespace

StepNumbers training_step(const std::function<Tensor()>& loss_of, Optimizer& optimizer, double lr,
                          double max_norm) {
  const auto refuse = [&](double number, int ignored) {
    if (std::isfinite(number) || is(ignored)) return false;
    if (is(throws)) cairn::fail("training_step", "not finite");
    return true;
  };
  Tensor loss = loss_of();
  if (is(called_twice)) loss = loss_of();
  StepNumbers numbers{.loss = loss.item()};
  if (is(loss_halved)) loss = loss * real{0.5};
  if (is(loss_not_returned)) numbers.loss = 0;
  if (refuse(loss.item(), infinite_loss_ignored)) return numbers;
  if (is(step_before_backward)) optimizer.step(lr);
  cairn::backward(loss);
  if (is(zeroed_after_backward)) optimizer.zero_grad();
  numbers.grad_norm = cairn::gradient_norm(optimizer.parameters());
  if (refuse(numbers.grad_norm, infinite_norm_ignored)) {
    if (!is(infinite_gradients_left)) optimizer.zero_grad();
    return numbers;
  }
  if (max_norm > 0) clip_each(optimizer, max_norm);
  const double scale = factor_of(numbers.grad_norm, max_norm);
  if (is(norm_after_clipping)) numbers.grad_norm *= scale;
  if (is(own_rate)) optimizer.step();
  else if (is(factor_into_the_rate)) optimizer.step(lr * scale);
  else if (!is(step_before_backward)) optimizer.step(lr, scale);
  if (is(two_steps)) optimizer.step(lr, scale);
  if (is(loss_after_the_step)) numbers.loss = loss_of().item();
  if (!is(never_zeroed)) optimizer.zero_grad();
  return numbers;
}

const std::vector<check::Mistake> list = {
    {never_zeroed, "the gradients are never dropped",
     "the first step is right, the second is not: backward adds to the gradients of the first. "
     "Drop them, before backward or after the step."},
    {zeroed_after_backward, "dropped between backward and step",
     "you drop the gradients after backward has made them and before the step reads them: nothing "
     "moves, and the norm is 0."},
    {step_before_backward, "the step before backward",
     "the step comes before backward, when there are no gradients yet: nothing moves."},
    {each_parameter_clipped, "each parameter clipped by itself",
     "you clip each parameter by its own norm. That bends the direction of the whole: the limit is "
     "for all gradients together, as one vector, and there is one factor for all."},
    {each_number_clipped, "each number clipped",
     "you clip each number of a gradient. That is clipping by value; here it is by the norm of all "
     "gradients together, with one factor for all."},
    {always_scaled, "short gradients are made longer",
     "a gradient that is shorter than the limit is stretched to it. The factor is at most 1."},
    {zero_means_nothing, "max_norm 0 stops everything",
     "with max_norm 0 nothing moves: your factor is 0. Here 0 means that there is no limit."},
    {never_clipped, "nothing is clipped",
     "a long gradient counts in full. The norm has to become a factor, and the factor has to reach "
     "the step: optimizer.step(lr, factor)."},
    {norm_over_limit, "norm / max_norm",
     "your factor is norm / max_norm, which makes long gradients still longer. It is max_norm / "
     "norm."},
    {norm_after_clipping, "the norm after clipping",
     "grad_norm is the length before clipping; after it, it would say the limit and nothing else."},
    {own_rate, "the optimiser's own rate",
     "you step at the optimiser's own rate. Hand `lr` to step()."},
    {factor_into_the_rate, "the factor multiplies the rate",
     "with plain gradient descent it is the same, but not with AdamW, which divides by the size of "
     "the gradients: a smaller rate is not a smaller gradient. step() takes the factor as its "
     "second argument."},
    {two_steps, "two steps", "the parameters move twice along one gradient."},
    {called_twice, "loss_of is called twice",
     "loss_of is called twice: that is twice the work, and another dropout. Keep the tensor."},
    {loss_after_the_step, "the loss after the step",
     "you compute the loss once more after the step. It costs a forward pass, and the loss that "
     "belongs to this gradient is the one before."},
    {loss_not_returned, "the loss is not returned",
     "the result has no loss: loss.item() is that number."},
    {infinite_loss_ignored, "a loss that is not finite is ignored",
     "the loss is not finite, and you go on: a step along the gradient of such a loss spoils the "
     "weights. Return before backward."},
    {infinite_norm_ignored, "a norm that is not finite is ignored",
     "the loss is finite, the gradient is not, and you step all the same: the weights become NaN. "
     "Ask for the norm, too."},
    {infinite_gradients_left, "the gradients stay after an infinite norm",
     "you return with the gradients still there, so the next ones are added to infinity, and "
     "nothing moves ever again. Drop them before you return."},
    {throws, "an exception for what is not finite",
     "you throw. Here the number is returned; the caller knows the step and can say more."},
    {loss_halved, "a factor in the loss",
     "all gradients are off by the same factor: what backward starts from is not the loss itself."},
};

}  // namespace mistakes
