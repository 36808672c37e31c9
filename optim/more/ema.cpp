// The averages, and exchanging them with the weights.
#include "optim/more/ema.h"

#include <utility>

#include "core/autograd/autograd.h"
#include "core/check.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Ema::Ema(NamedTensors parameters, double decay)
    : parameters_(each_once(std::move(parameters))), decay_(decay) {
  check_fraction("Ema", "decay", decay);
  NoGrad no_grad;
  for (const NamedTensor& p : parameters_)
    averages_.push_back({p.name, Tensor::empty(p.tensor.shape()).copy_(p.tensor)});
}

void Ema::update() {
  NoGrad no_grad;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    averages_[i].tensor.mul_(static_cast<real>(decay_));
    averages_[i].tensor.add_(parameters_[i].tensor, static_cast<real>(1 - decay_));
  }
}

void Ema::swap() {
  NoGrad no_grad;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    Tensor& average = averages_[i].tensor;
    const Tensor before = Tensor::empty(average.shape()).copy_(average);
    average.copy_(parameters_[i].tensor);
    parameters_[i].tensor.copy_(before);
  }
}

void Ema::load_state(const NamedTensors& state) {
  copy_by_name(averages_, state, true, "Ema", "was it saved for the same model?");
}

}}  // namespace cairn::CAIRN_PRECISION
