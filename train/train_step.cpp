// One step of training, the whole of it: forward, backward, clip, step.
#include "train/train_step.h"

#include <cmath>

#include "core/autograd/autograd.h"
#include "optim/clip.h"

namespace cairn { inline namespace CAIRN_PRECISION {

StepNumbers training_step(const std::function<Tensor()>& loss_of, Optimizer& optimizer, double lr,
                          double max_norm) {
  StepNumbers numbers;

  // Forward.
  const Tensor loss = loss_of();
  numbers.loss = loss.item();
  if (!std::isfinite(numbers.loss)) return numbers;

  // Backward: adds d(loss)/d(parameter) to each parameter's .grad().
  backward(loss);

  // Clip: the factor that makes the gradient, seen as one vector, no longer than max_norm.
  numbers.grad_norm = gradient_norm(optimizer.parameters());
  if (!std::isfinite(numbers.grad_norm)) {
    optimizer.zero_grad();
    return numbers;
  }
  const double scale = max_norm > 0 ? clip_scale(numbers.grad_norm, max_norm) : 1;

  // Step: moves the parameters against their gradients, and lets these go.
  optimizer.step(lr, scale);
  optimizer.zero_grad();
  return numbers;
}

}}  // namespace cairn::CAIRN_PRECISION
