// Adagrad, number by number.
#include "optim/more/adagrad.h"

#include <cmath>

namespace cairn { inline namespace CAIRN_PRECISION {

Adagrad::Adagrad(ParameterGroups groups, const AdagradOptions& options)
    : Optimizer(std::move(groups), options.lr, options.weight_decay), options_(options) {
  check_not_negative("Adagrad", "lr_decay", options.lr_decay);
  check_not_negative("Adagrad", "initial_accumulator_value", options.initial_accumulator_value);
  check_not_negative("Adagrad", "eps", options.eps);
}

NamedTensors Adagrad::initial_state(const Tensor& p) const {
  return {{"sum", Tensor::full(p.shape(), static_cast<real>(options_.initial_accumulator_value))}};
}

void Adagrad::update(Slot& slot, real* p, const real* gradient, int64_t n, double lr,
                     double grad_scale) {
  const double rate = lr / (1 + static_cast<double>(slot.steps - 1) * options_.lr_decay);
  real* s = slot.moment(0);
  for (int64_t i = 0; i < n; ++i) {
    const double g = gradient[i] * grad_scale + slot.weight_decay * p[i];
    s[i] = static_cast<real>(s[i] + g * g);
    p[i] = static_cast<real>(p[i] - rate * g / (std::sqrt(double{s[i]}) + options_.eps));
  }
}

}}  // namespace cairn::CAIRN_PRECISION
