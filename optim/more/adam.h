#pragma once
// Adam (Kingma & Ba 2015), as PyTorch computes it. At step t:
//
//   g = gradient + weight_decay p         so the decay is divided by sqrt(v) with the rest
//   m = beta1 m + (1 - beta1) g
//   v = beta2 v + (1 - beta2) g^2
//   p = p - lr m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps)
//
// AMSGrad (Reddi, Kale & Kumar 2018) divides by the largest v so far.
#include "optim/optimizer.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct AdamOptions {
  double lr = 1e-3;
  double beta1 = 0.9, beta2 = 0.999;
  double eps = 1e-8;
  double weight_decay = 0;
  bool amsgrad = false;
};

class Adam : public Optimizer {
 public:
  // Error unless beta1 and beta2 are in [0, 1) and eps >= 0.
  explicit Adam(ParameterGroups groups, const AdamOptions& options = {});

 private:
  // exp_avg, exp_avg_sq and, of AMSGrad, max_exp_avg_sq
  NamedTensors initial_state(const Tensor& p) const override;
  void update(Slot& slot, real* p, const real* g, int64_t n, double lr, double grad_scale) override;

  AdamOptions options_;
};

}}  // namespace cairn::CAIRN_PRECISION
