// One step of training, the whole of it: forward, backward, clip, step; and a run's record of it.
#include "train/train_step.h"

#include <cmath>

#include "core/autograd/autograd.h"
#include "core/autograd/unnamed_leaves.h"
#include "core/error.h"
#include "optim/clip.h"
#include "optim/linear_schedule.h"
#include "train/run.h"

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
  if (!std::isfinite(numbers.grad_norm)) return numbers;
  const double scale = max_norm > 0 ? clip_scale(numbers.grad_norm, max_norm) : 1;

  // Step: moves the parameters against their gradients, and lets these go.
  optimizer.step(lr, scale);
  optimizer.zero_grad();
  return numbers;
}

StepRecord Run::train_step(const Batch& batch, const LossFunction& loss_of) {
  StepRecord record{.step = step_ + 1,
                    .lr = learning_rate(),
                    .sentences = batch.rows.sequences(),
                    .tokens = batch.tokens()};
  const auto loss_of_batch = [&] {
    const Tensor loss = loss_of(batch);
    if (!names_checked_ && std::isfinite(loss.item())) check_names(loss);
    return loss;
  };
  const StepNumbers numbers = training_step(loss_of_batch, optimizer_, record.lr, options_.clip);
  record.loss = numbers.loss;
  record.grad_norm = numbers.grad_norm;
  if (!std::isfinite(record.loss))
    fail_diverged(record.step, "the loss is " + std::to_string(record.loss));
  if (!std::isfinite(record.grad_norm))
    fail_diverged(record.step, "the gradient's norm is " + std::to_string(record.grad_norm));
  ++step_;

  record.seconds = steady_seconds() - since_;
  log(record);
  if (options_.on_step) options_.on_step(record);
  skip_time();
  return record;
}

double Run::learning_rate() const {
  const auto warmup =
      static_cast<int64_t>(std::ceil(options_.warmup * static_cast<double>(options_.steps)));
  return options_.lr * (options_.schedule ? options_.schedule(step_)
                                          : linear_with_warmup(step_, warmup, options_.steps));
}

void Run::check_names(const Tensor& loss) {
  std::string list;
  for (const UnnamedLeaf& leaf : unnamed_leaves(loss, parameters_))
    list += "\n  " + to_string(leaf);
  if (!list.empty())
    fail("train",
         "the loss depends on what no visit() of the model names, so that it would not be "
         "trained:" +
             list,
         "name the child or the parameter in its module's visit()");
  names_checked_ = true;
}

}}  // namespace cairn::CAIRN_PRECISION
