// Adamax, number by number.
#include "optim/more/adamax.h"

#include <algorithm>
#include <cmath>

namespace cairn { inline namespace CAIRN_PRECISION {

Adamax::Adamax(ParameterGroups groups, const AdamaxOptions& options)
    : Optimizer(std::move(groups), options.lr, options.weight_decay), options_(options) {
  check_fraction("Adamax", "beta1", options.beta1);
  check_fraction("Adamax", "beta2", options.beta2);
  check_not_negative("Adamax", "eps", options.eps);
}

NamedTensors Adamax::initial_state(const Tensor& p) const {
  return {{"exp_avg", Tensor::zeros(p.shape())}, {"exp_inf", Tensor::zeros(p.shape())}};
}

void Adamax::update(Slot& slot, real* p, const real* gradient, int64_t n, double lr,
                    double grad_scale) {
  const double beta1 = options_.beta1, beta2 = options_.beta2, eps = options_.eps;
  const double rate = lr / (1 - std::pow(beta1, static_cast<double>(slot.steps)));
  real *m = slot.moment(0), *u = slot.moment(1);
  for (int64_t i = 0; i < n; ++i) {
    const double g = gradient[i] * grad_scale + slot.weight_decay * p[i];
    m[i] = static_cast<real>(beta1 * m[i] + (1 - beta1) * g);
    u[i] = static_cast<real>(std::max(beta2 * u[i], std::abs(g) + eps));
    p[i] = static_cast<real>(p[i] - rate * m[i] / u[i]);
  }
}

}}  // namespace cairn::CAIRN_PRECISION
