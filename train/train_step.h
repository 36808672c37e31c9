#pragma once
// One step of training.
#include <functional>

#include "optim/optimizer.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct StepNumbers {
  double loss = 0;
  double grad_norm = 0;  // of all gradients as one vector, before clipping
};

// The whole of it: forward, which is loss_of(), backward, clip, and a step of the optimiser at
// learning rate `lr`. If the gradients of its parameters, seen as one vector, are longer than
// max_norm, they are scaled to that length; 0: they never are. Before and after the step no
// parameter has a gradient. If the loss or the norm is not finite, it is returned, and no parameter
// has changed.
StepNumbers training_step(const std::function<Tensor()>& loss_of, Optimizer& optimizer, double lr,
                          double max_norm);

}}  // namespace cairn::CAIRN_PRECISION
