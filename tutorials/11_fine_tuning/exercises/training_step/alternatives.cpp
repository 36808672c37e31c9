// Other ways to write it, as good.
#include <algorithm>
#include <cmath>

#include "core/autograd/autograd.h"
#include "optim/clip.h"
#include "tutorials/11_fine_tuning/exercises/training_step/training_step.h"

namespace alternatives {
namespace {

// The gradients are dropped at the beginning, and stay there until the next step.
StepNumbers zero_first(const std::function<Tensor()>& loss_of, Optimizer& optimizer, double lr,
                       double max_norm) {
  const Tensor loss = loss_of();
  optimizer.zero_grad();
  if (!std::isfinite(loss.item())) return {loss.item(), std::nan("")};
  loss.backward();
  const double norm = cairn::gradient_norm(optimizer.parameters());
  const double limit = max_norm > 0 ? max_norm : INFINITY;
  if (std::isfinite(norm)) optimizer.step(lr, std::min(1.0, limit / norm));
  return {loss.item(), norm};
}

// As the library has it.
StepNumbers with_clip_scale(const std::function<Tensor()>& loss_of, Optimizer& optimizer, double lr,
                            double max_norm) {
  const Tensor loss = loss_of();
  StepNumbers numbers{loss.item(), 0};
  if (!std::isfinite(numbers.loss)) return numbers;
  backward(loss);
  numbers.grad_norm = cairn::gradient_norm(optimizer.parameters());
  if (!std::isfinite(numbers.grad_norm)) return optimizer.zero_grad(), numbers;
  optimizer.step(lr, max_norm > 0 ? cairn::clip_scale(numbers.grad_norm, max_norm) : 1);
  optimizer.zero_grad();
  return numbers;
}

// The gradients are rewritten, each number times the factor.
StepNumbers rewritten(const std::function<Tensor()>& loss_of, Optimizer& optimizer, double lr,
                      double max_norm) {
  optimizer.zero_grad();
  const Tensor loss = loss_of();
  if (!std::isfinite(loss.item())) return {loss.item(), 0};
  backward(loss);
  double squares = 0;
  const cairn::NamedTensors parameters = optimizer.parameters();
  for (const cairn::NamedTensor& p : parameters)
    if (p.tensor.grad().defined())
      for (const real g : p.tensor.grad().to_vector()) squares += g * g;
  const double norm = std::sqrt(squares);
  if (!std::isfinite(norm)) return {loss.item(), norm};
  if (max_norm > 0 && norm > max_norm)
    for (const cairn::NamedTensor& p : parameters)
      if (p.tensor.grad().defined()) p.tensor.grad().mul_(max_norm / norm);
  optimizer.step(lr);
  return {loss.item(), norm};
}

}  // namespace

const std::vector<check::Alternative<TrainingStep>> list = {
    {"dropped at the beginning", zero_first},
    {"with clip_scale", with_clip_scale},
    {"gradients rewritten", rewritten},
};

}  // namespace alternatives
