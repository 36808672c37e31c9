// RMSprop, number by number.
#include "optim/more/rmsprop.h"

#include <algorithm>
#include <cmath>

namespace cairn { inline namespace CAIRN_PRECISION {

RMSprop::RMSprop(ParameterGroups groups, const RMSpropOptions& options)
    : Optimizer(std::move(groups), options.lr, options.weight_decay), options_(options) {
  check_fraction("RMSprop", "alpha", options.alpha);
  check_not_negative("RMSprop", "eps", options.eps);
  check_not_negative("RMSprop", "momentum", options.momentum);
}

NamedTensors RMSprop::initial_state(const Tensor& p) const {
  NamedTensors moments{{"square_avg", Tensor::zeros(p.shape())}};
  if (options_.momentum > 0) moments.push_back({"momentum_buffer", Tensor::zeros(p.shape())});
  if (options_.centered) moments.push_back({"grad_avg", Tensor::zeros(p.shape())});
  return moments;
}

void RMSprop::update(Slot& slot, real* p, const real* gradient, int64_t n, double lr,
                     double grad_scale) {
  const double alpha = options_.alpha, eps = options_.eps, momentum = options_.momentum;
  const bool centered = options_.centered;
  real* s = slot.moment(0);
  real* b = momentum > 0 ? slot.moment(1) : nullptr;
  real* a = centered ? slot.moment(slot.moments.size() - 1) : nullptr;
  for (int64_t i = 0; i < n; ++i) {
    const double g = gradient[i] * grad_scale + slot.weight_decay * p[i];
    s[i] = static_cast<real>(alpha * s[i] + (1 - alpha) * g * g);
    double variance = s[i];
    if (a) {
      a[i] = static_cast<real>(alpha * a[i] + (1 - alpha) * g);
      variance = std::max(0.0, variance - double{a[i]} * double{a[i]});
    }
    double step = g / (std::sqrt(variance) + eps);
    if (b) step = b[i] = static_cast<real>(momentum * b[i] + step);
    p[i] = static_cast<real>(p[i] - lr * step);
  }
}

}}  // namespace cairn::CAIRN_PRECISION
