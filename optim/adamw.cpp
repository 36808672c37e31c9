// AdamW: the bias corrections; the kernel does the rest.
#include "optim/adamw.h"

#include <cmath>

#include "core/kernels/kernels.h"

namespace cairn { inline namespace CAIRN_PRECISION {

AdamW::AdamW(ParameterGroups groups, const AdamWOptions& options)
    : Optimizer(std::move(groups), options.lr, options.weight_decay), options_(options) {
  check_fraction("AdamW", "beta1", options.beta1);
  check_fraction("AdamW", "beta2", options.beta2);
  check_not_negative("AdamW", "eps", options.eps);
}

NamedTensors AdamW::initial_state(const Tensor& p) const {
  return {{"exp_avg", Tensor::zeros(p.shape())}, {"exp_avg_sq", Tensor::zeros(p.shape())}};
}

void AdamW::update(Slot& slot, real* p, const real* g, int64_t n, double lr, double grad_scale) {
  const double t = static_cast<double>(slot.steps);
  const double correction1 = 1 - std::pow(options_.beta1, t);
  const double correction2 = 1 - std::pow(options_.beta2, t);
  kernels().adamw(p, slot.moment(0), slot.moment(1), g,
                  {.grad_scale = grad_scale,
                   .step_size = lr / correction1,
                   .beta1 = options_.beta1,
                   .beta2 = options_.beta2,
                   .eps = options_.eps,
                   .v_scale = 1 / correction2,
                   .decay = 1 - lr * slot.weight_decay},
                  n);
}

}}  // namespace cairn::CAIRN_PRECISION
