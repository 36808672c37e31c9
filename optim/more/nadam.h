#pragma once
// NAdam (Dozat 2016): Adam with Nesterov's momentum, as PyTorch computes it. At step t:
//
//   g = gradient + weight_decay p
//   m = beta1 m + (1 - beta1) g
//   v = beta2 v + (1 - beta2) g^2
//   mu_t = beta1 (1 - 0.96^(t momentum_decay) / 2),  M = mu_1 ... mu_t
//   p = p - lr ((1 - mu_t) g / (1 - M) + mu_(t+1) m / (1 - M mu_(t+1)))
//           / (sqrt(v / (1 - beta2^t)) + eps)
#include "optim/optimizer.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct NAdamOptions {
  double lr = 2e-3;
  double beta1 = 0.9, beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0;
  double momentum_decay = 0.004;
};

class NAdam : public Optimizer {
 public:
  // Error unless beta1 and beta2 are in [0, 1), eps and momentum_decay >= 0.
  explicit NAdam(ParameterGroups groups, const NAdamOptions& options = {});

 private:
  NamedTensors initial_state(const Tensor& p) const override;  // exp_avg, exp_avg_sq, mu_product
  void update(Slot& slot, real* p, const real* g, int64_t n, double lr, double grad_scale) override;

  NAdamOptions options_;
};

}}  // namespace cairn::CAIRN_PRECISION
