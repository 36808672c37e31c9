// A step of training, in the place of the library's.
#include <algorithm>
#include <cmath>
#include <functional>

#include "core/autograd/autograd.h"
#include "optim/clip.h"
#include "train/train_step.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Forward, backward, clip, step. The loss and the gradient's norm before clipping are returned; if
// one of them is not finite, no parameter has changed. max_norm 0: no clipping.
StepNumbers training_step(const std::function<Tensor()>& loss_of, Optimizer& optimizer, double lr,
                          double max_norm) {
  const Tensor loss = loss_of();
  StepNumbers numbers{.loss = static_cast<double>(loss.item())};
  if (!std::isfinite(numbers.loss)) return numbers;
  backward(loss);
  numbers.grad_norm = gradient_norm(optimizer.parameters());
  const double factor = max_norm > 0 ? std::min(1.0, max_norm / numbers.grad_norm) : 1;
  if (std::isfinite(numbers.grad_norm)) optimizer.step(lr, factor);
  optimizer.zero_grad();
  return numbers;
}

}}  // namespace cairn::CAIRN_PRECISION
