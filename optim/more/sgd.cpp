// SGD, number by number.
#include "optim/more/sgd.h"

namespace cairn { inline namespace CAIRN_PRECISION {

SGD::SGD(ParameterGroups groups, const SGDOptions& options)
    : Optimizer(std::move(groups), options.lr, options.weight_decay), options_(options) {
  check_not_negative("SGD", "momentum", options.momentum);
  check_finite("SGD", "dampening", options.dampening);
  if (options.nesterov && (options.momentum <= 0 || options.dampening != 0))
    fail("SGD", "Nesterov's momentum needs a momentum and no dampening");
}

NamedTensors SGD::initial_state(const Tensor& p) const {
  if (options_.momentum == 0) return {};
  return {{"momentum_buffer", Tensor::zeros(p.shape())}};
}

void SGD::update(Slot& slot, real* p, const real* gradient, int64_t n, double lr,
                 double grad_scale) {
  const real rate = static_cast<real>(lr), scale = static_cast<real>(grad_scale);
  const real decay = static_cast<real>(slot.weight_decay);
  const real momentum = static_cast<real>(options_.momentum);
  const real keep = slot.steps == 1 ? 1 : static_cast<real>(1 - options_.dampening);
  real* b = slot.moments.empty() ? nullptr : slot.moment(0);
  for (int64_t i = 0; i < n; ++i) {
    const real g = gradient[i] * scale + decay * p[i];
    real direction = g;
    if (b) {
      b[i] = momentum * b[i] + keep * g;  // b is 0 at first
      direction = options_.nesterov ? g + momentum * b[i] : b[i];
    }
    p[i] -= rate * direction;
  }
}

}}  // namespace cairn::CAIRN_PRECISION
