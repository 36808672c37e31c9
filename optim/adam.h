#pragma once
// Adam (Kingma & Ba 2015), AdamW (Loshchilov & Hutter 2019), as PyTorch computes them. At step t:
//
//   m = beta1 m + (1 - beta1) g           the gradient's running mean
//   v = beta2 v + (1 - beta2) g^2         and that of its square
//   p = p - lr m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps)
//
// The divisions by 1 - beta^t make up for m and v having started at 0. The two differ in the weight
// decay: Adam adds weight_decay p to g, where it is divided by sqrt(v) with the rest, AdamW shrinks
// the weights first, p = p (1 - lr weight_decay), the same for all.
#include "optim/optimizer.h"

namespace cairn::inline CAIRN_PRECISION {

struct AdamOptions {
  double beta1 = 0.9, beta2 = 0.999;
  double eps = 1e-8;
};

class AdamW : public Optimizer {
 public:
  explicit AdamW(std::vector<ParameterGroup> groups, const AdamOptions& options = {});

 private:
  std::vector<std::string> moment_names() const override { return {"exp_avg", "exp_avg_sq"}; }
  void update(Slot& slot, real* p, const real* g, int64_t n, double lr, double grad_scale) override;

  AdamOptions options_;
};

class Adam : public Optimizer {
 public:
  explicit Adam(std::vector<ParameterGroup> groups, const AdamOptions& options = {});

 private:
  std::vector<std::string> moment_names() const override { return {"exp_avg", "exp_avg_sq"}; }
  void update(Slot& slot, real* p, const real* g, int64_t n, double lr, double grad_scale) override;

  AdamOptions options_;
};

}  // namespace cairn::inline CAIRN_PRECISION
