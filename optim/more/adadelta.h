#pragma once
// Adadelta (Zeiler 2012), as PyTorch computes it: steps in the unit of the parameter.
//
//   g = gradient + weight_decay p
//   s = rho s + (1 - rho) g^2
//   d = sqrt(a + eps) / sqrt(s + eps) g
//   a = rho a + (1 - rho) d^2
//   p = p - lr d                          lr is 1 in the paper
#include "optim/optimizer.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct AdadeltaOptions {
  double lr = 1;
  double rho = 0.9;
  double eps = 1e-6;
  double weight_decay = 0;
};

class Adadelta : public Optimizer {
 public:
  // Error unless rho is in [0, 1) and eps >= 0.
  explicit Adadelta(ParameterGroups groups, const AdadeltaOptions& options = {});

 private:
  NamedTensors initial_state(const Tensor& p) const override;  // square_avg, acc_delta
  void update(Slot& slot, real* p, const real* g, int64_t n, double lr, double grad_scale) override;

  AdadeltaOptions options_;
};

}}  // namespace cairn::CAIRN_PRECISION
