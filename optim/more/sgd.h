#pragma once
// Stochastic gradient descent with momentum, as torch.optim.SGD computes it:
//
//   g = gradient + weight_decay p
//   b = g at the first step, then momentum b + (1 - dampening) g
//   p = p - lr b,  or  p - lr (g + momentum b) with Nesterov's momentum
#include "optim/optimizer.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct SGDOptions {
  double lr = 1e-3;
  double momentum = 0;
  double dampening = 0;
  double weight_decay = 0;
  bool nesterov = false;  // Error unless momentum > 0 and dampening = 0
};

class SGD : public Optimizer {
 public:
  // Error if momentum is negative, or an option is NaN.
  explicit SGD(ParameterGroups groups, const SGDOptions& options = {});

 private:
  NamedTensors initial_state(const Tensor& p) const override;  // momentum_buffer
  void update(Slot& slot, real* p, const real* g, int64_t n, double lr, double grad_scale) override;

  SGDOptions options_;
};

}}  // namespace cairn::CAIRN_PRECISION
