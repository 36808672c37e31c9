// Adam, number by number.
#include "optim/more/adam.h"

#include <algorithm>
#include <cmath>

namespace cairn { inline namespace CAIRN_PRECISION {

Adam::Adam(ParameterGroups groups, const AdamOptions& options)
    : Optimizer(std::move(groups), options.lr, options.weight_decay), options_(options) {
  check_fraction("Adam", "beta1", options.beta1);
  check_fraction("Adam", "beta2", options.beta2);
  check_not_negative("Adam", "eps", options.eps);
}

NamedTensors Adam::initial_state(const Tensor& p) const {
  NamedTensors moments{{"exp_avg", Tensor::zeros(p.shape())},
                       {"exp_avg_sq", Tensor::zeros(p.shape())}};
  if (options_.amsgrad) moments.push_back({"max_exp_avg_sq", Tensor::zeros(p.shape())});
  return moments;
}

void Adam::update(Slot& slot, real* p, const real* gradient, int64_t n, double lr,
                  double grad_scale) {
  const double beta1 = options_.beta1, beta2 = options_.beta2, eps = options_.eps;
  const bool amsgrad = options_.amsgrad;
  const double correction1 = 1 - std::pow(beta1, static_cast<double>(slot.steps));
  const double correction2 = 1 - std::pow(beta2, static_cast<double>(slot.steps));
  real *m = slot.moment(0), *v = slot.moment(1);
  real* largest = amsgrad ? slot.moment(2) : nullptr;
  for (int64_t i = 0; i < n; ++i) {
    const double g = gradient[i] * grad_scale + slot.weight_decay * p[i];
    m[i] = static_cast<real>(beta1 * m[i] + (1 - beta1) * g);
    v[i] = static_cast<real>(beta2 * v[i] + (1 - beta2) * g * g);
    if (amsgrad) largest[i] = std::max(largest[i], v[i]);
    const double square = amsgrad ? largest[i] : v[i];
    const double step = m[i] / correction1 / (std::sqrt(square / correction2) + eps);
    p[i] = static_cast<real>(p[i] - lr * step);
  }
}

}}  // namespace cairn::CAIRN_PRECISION
