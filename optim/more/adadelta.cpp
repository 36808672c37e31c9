// Adadelta, number by number.
#include "optim/more/adadelta.h"

#include <cmath>

namespace cairn { inline namespace CAIRN_PRECISION {

Adadelta::Adadelta(ParameterGroups groups, const AdadeltaOptions& options)
    : Optimizer(std::move(groups), options.lr, options.weight_decay), options_(options) {
  check_fraction("Adadelta", "rho", options.rho);
  check_not_negative("Adadelta", "eps", options.eps);
}

NamedTensors Adadelta::initial_state(const Tensor& p) const {
  return {{"square_avg", Tensor::zeros(p.shape())}, {"acc_delta", Tensor::zeros(p.shape())}};
}

void Adadelta::update(Slot& slot, real* p, const real* gradient, int64_t n, double lr,
                      double grad_scale) {
  const double rho = options_.rho, eps = options_.eps;
  real *s = slot.moment(0), *a = slot.moment(1);
  for (int64_t i = 0; i < n; ++i) {
    const double g = gradient[i] * grad_scale + slot.weight_decay * p[i];
    s[i] = static_cast<real>(rho * s[i] + (1 - rho) * g * g);
    const double d = std::sqrt(a[i] + eps) / std::sqrt(s[i] + eps) * g;
    a[i] = static_cast<real>(rho * a[i] + (1 - rho) * d * d);
    p[i] = static_cast<real>(p[i] - lr * d);
  }
}

}}  // namespace cairn::CAIRN_PRECISION
