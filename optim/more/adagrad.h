#pragma once
// Adagrad (Duchi, Hazan & Singer 2011), as PyTorch computes it. At step t = 1, 2, ...:
//
//   g = gradient + weight_decay p
//   s = s + g^2                           s starts at initial_accumulator_value
//   p = p - lr / (1 + (t - 1) lr_decay) g / (sqrt(s) + eps)
//
// Numbers that rarely have a gradient thus keep a large rate, which suits embeddings.
#include "optim/optimizer.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct AdagradOptions {
  double lr = 1e-2;
  double lr_decay = 0;
  double weight_decay = 0;
  double initial_accumulator_value = 0;
  double eps = 1e-10;
};

class Adagrad : public Optimizer {
 public:
  // Error if an option is negative.
  explicit Adagrad(ParameterGroups groups, const AdagradOptions& options = {});

 private:
  NamedTensors initial_state(const Tensor& p) const override;  // sum
  void update(Slot& slot, real* p, const real* g, int64_t n, double lr, double grad_scale) override;

  AdagradOptions options_;
};

}}  // namespace cairn::CAIRN_PRECISION
