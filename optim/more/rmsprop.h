#pragma once
// RMSprop (Hinton, lecture 6e of "Neural Networks for Machine Learning", 2012), as PyTorch:
//
//   g = gradient + weight_decay p
//   s = alpha s + (1 - alpha) g^2
//   a = alpha a + (1 - alpha) g           centered: divide by the deviation (Graves 2013)
//   u = g / (sqrt(s) + eps),  or  g / (sqrt(s - a^2) + eps)
//   b = momentum b + u
//   p = p - lr b                          b is u without momentum
#include "optim/optimizer.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct RMSpropOptions {
  double lr = 1e-2;
  double alpha = 0.99;
  double eps = 1e-8;
  double weight_decay = 0;
  double momentum = 0;
  bool centered = false;
};

class RMSprop : public Optimizer {
 public:
  // Error unless alpha is in [0, 1), eps and momentum >= 0.
  explicit RMSprop(ParameterGroups groups, const RMSpropOptions& options = {});

 private:
  // square_avg; momentum_buffer with momentum; grad_avg if centered
  NamedTensors initial_state(const Tensor& p) const override;
  void update(Slot& slot, real* p, const real* g, int64_t n, double lr, double grad_scale) override;

  RMSpropOptions options_;
};

}}  // namespace cairn::CAIRN_PRECISION
