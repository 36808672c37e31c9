#pragma once
// The function of this exercise, in its three places. The reader's is the library's own.
#include <functional>
#include <vector>

#include "train/train_step.h"
#include "tutorials/check/check.h"

using cairn::Optimizer;
using cairn::real;
using cairn::StepNumbers;
using cairn::Tensor;
using TrainingStep = StepNumbers(const std::function<Tensor()>& loss_of, Optimizer& optimizer,
                                 double lr, double max_norm);

namespace mistakes {
TrainingStep training_step;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<TrainingStep>> list;
}
