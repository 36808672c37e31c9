// NAdam, number by number.
#include "optim/more/nadam.h"

#include <cmath>

namespace cairn { inline namespace CAIRN_PRECISION {

NAdam::NAdam(ParameterGroups groups, const NAdamOptions& options)
    : Optimizer(std::move(groups), options.lr, options.weight_decay), options_(options) {
  check_fraction("NAdam", "beta1", options.beta1);
  check_fraction("NAdam", "beta2", options.beta2);
  check_not_negative("NAdam", "eps", options.eps);
  check_not_negative("NAdam", "momentum_decay", options.momentum_decay);
}

NamedTensors NAdam::initial_state(const Tensor& p) const {
  return {{"exp_avg", Tensor::zeros(p.shape())},
          {"exp_avg_sq", Tensor::zeros(p.shape())},
          {"mu_product", Tensor::scalar(1)}};
}

void NAdam::update(Slot& slot, real* p, const real* gradient, int64_t n, double lr,
                   double grad_scale) {
  const double beta1 = options_.beta1, beta2 = options_.beta2;
  const double eps = options_.eps, momentum_decay = options_.momentum_decay;
  const double t = static_cast<double>(slot.steps);
  const auto mu_at = [&](double step) {
    return beta1 * (1 - 0.5 * std::pow(0.96, step * momentum_decay));
  };
  const double mu = mu_at(t), next_mu = mu_at(t + 1), correction2 = 1 - std::pow(beta2, t);
  real *m = slot.moment(0), *v = slot.moment(1), *product = slot.moment(2);
  *product = static_cast<real>(*product * mu);
  const double of_g = (1 - mu) / (1 - *product), of_m = next_mu / (1 - *product * next_mu);
  for (int64_t i = 0; i < n; ++i) {
    const double g = gradient[i] * grad_scale + slot.weight_decay * p[i];
    m[i] = static_cast<real>(beta1 * m[i] + (1 - beta1) * g);
    v[i] = static_cast<real>(beta2 * v[i] + (1 - beta2) * g * g);
    const double denominator = std::sqrt(v[i] / correction2) + eps;
    p[i] = static_cast<real>(p[i] - lr * (of_g * g + of_m * m[i]) / denominator);
  }
}

}}  // namespace cairn::CAIRN_PRECISION
