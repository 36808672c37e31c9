// RAdam, number by number.
#include "optim/more/radam.h"

#include <cmath>

namespace cairn { inline namespace CAIRN_PRECISION {

RAdam::RAdam(ParameterGroups groups, const RAdamOptions& options)
    : Optimizer(std::move(groups), options.lr, options.weight_decay), options_(options) {
  check_fraction("RAdam", "beta1", options.beta1);
  check_fraction("RAdam", "beta2", options.beta2);
  check_not_negative("RAdam", "eps", options.eps);
}

NamedTensors RAdam::initial_state(const Tensor& p) const {
  return {{"exp_avg", Tensor::zeros(p.shape())}, {"exp_avg_sq", Tensor::zeros(p.shape())}};
}

void RAdam::update(Slot& slot, real* p, const real* gradient, int64_t n, double lr,
                   double grad_scale) {
  const double beta1 = options_.beta1, beta2 = options_.beta2, eps = options_.eps;
  const double t = static_cast<double>(slot.steps), power2 = std::pow(beta2, t);
  const double R = 2 / (1 - beta2) - 1, r = R - 2 * t * power2 / (1 - power2);
  const double rectified =
      r > 5 ? std::sqrt((r - 4) * (r - 2) * R / ((R - 4) * (R - 2) * r)) * std::sqrt(1 - power2)
            : 0;
  const double rate = lr / (1 - std::pow(beta1, t));
  real *m = slot.moment(0), *v = slot.moment(1);
  for (int64_t i = 0; i < n; ++i) {
    const double g = gradient[i] * grad_scale + slot.weight_decay * p[i];
    m[i] = static_cast<real>(beta1 * m[i] + (1 - beta1) * g);
    v[i] = static_cast<real>(beta2 * v[i] + (1 - beta2) * g * g);
    const double h = r > 5 ? rectified / (std::sqrt(double{v[i]}) + eps) : 1;
    p[i] = static_cast<real>(p[i] - rate * m[i] * h);
  }
}

}}  // namespace cairn::CAIRN_PRECISION
