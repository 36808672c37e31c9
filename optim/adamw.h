#pragma once
// AdamW (Loshchilov & Hutter 2019), as PyTorch computes it. At step t:
//
//   p = p (1 - lr weight_decay)           the decay, decoupled from the gradient
//   m = beta1 m + (1 - beta1) g           running mean of the gradient
//   v = beta2 v + (1 - beta2) g^2         running mean of its square
//   p = p - lr m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps)
//
// The divisions by 1 - beta^t make up for m and v having started at 0.
#include "optim/optimizer.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct AdamWOptions {
  double lr = 1e-3;  // of step(); step(lr) takes another
  double beta1 = 0.9, beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0;  // PyTorch's default is 0.01
};

class AdamW : public Optimizer {
 public:
  // Error unless beta1 and beta2 are in [0, 1) and eps >= 0.
  explicit AdamW(ParameterGroups groups, const AdamWOptions& options = {});

 private:
  NamedTensors initial_state(const Tensor& p) const override;  // exp_avg, exp_avg_sq
  void update(Slot& slot, real* p, const real* g, int64_t n, double lr, double grad_scale) override;

  AdamWOptions options_;
};

}}  // namespace cairn::CAIRN_PRECISION
