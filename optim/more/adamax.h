#pragma once
// Adamax (Kingma & Ba 2015, section 7.1), as PyTorch computes it. At step t:
//
//   g = gradient + weight_decay p
//   m = beta1 m + (1 - beta1) g
//   u = max(beta2 u, |g| + eps)           Adam with the largest norm in place of the Euclidean one
//   p = p - lr m / (1 - beta1^t) / u
#include "optim/optimizer.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct AdamaxOptions {
  double lr = 2e-3;
  double beta1 = 0.9, beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0;
};

class Adamax : public Optimizer {
 public:
  // Error unless beta1 and beta2 are in [0, 1) and eps >= 0.
  explicit Adamax(ParameterGroups groups, const AdamaxOptions& options = {});

 private:
  NamedTensors initial_state(const Tensor& p) const override;  // exp_avg, exp_inf
  void update(Slot& slot, real* p, const real* g, int64_t n, double lr, double grad_scale) override;

  AdamaxOptions options_;
};

}}  // namespace cairn::CAIRN_PRECISION
