#pragma once
// RAdam (Liu et al. 2020), as PyTorch computes it: Adam whose step is held back while v is known
// from too few gradients. At step t, with R = 2 / (1 - beta2) - 1:
//
//   g = gradient + weight_decay p
//   m = beta1 m + (1 - beta1) g
//   v = beta2 v + (1 - beta2) g^2
//   r = R - 2 t beta2^t / (1 - beta2^t)   how many gradients v is worth
//   p = p - lr m / (1 - beta1^t) h        h = 1 while r <= 5, then
//   h = sqrt((r - 4) (r - 2) R / ((R - 4) (R - 2) r)) sqrt(1 - beta2^t) / (sqrt(v) + eps)
#include "optim/optimizer.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct RAdamOptions {
  double lr = 1e-3;
  double beta1 = 0.9, beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0;
};

class RAdam : public Optimizer {
 public:
  // Error unless beta1 and beta2 are in [0, 1) and eps >= 0.
  explicit RAdam(ParameterGroups groups, const RAdamOptions& options = {});

 private:
  NamedTensors initial_state(const Tensor& p) const override;  // exp_avg, exp_avg_sq
  void update(Slot& slot, real* p, const real* g, int64_t n, double lr, double grad_scale) override;

  RAdamOptions options_;
};

}}  // namespace cairn::CAIRN_PRECISION
