#pragma once
// Stochastic gradient descent with momentum, as torch.optim.SGD computes it:
//
//   g = gradient + weight_decay p
//   b = g at the first step, then momentum b + (1 - dampening) g
//   p = p - lr b,  or  p - lr (g + momentum b) with Nesterov's momentum
#include "optim/optimizer.h"

namespace cairn::inline CAIRN_PRECISION {

struct SgdOptions {
  double momentum = 0;
  double dampening = 0;
  bool nesterov = false;  // Error unless momentum > 0 and dampening = 0
};

class Sgd : public Optimizer {
 public:
  explicit Sgd(std::vector<ParameterGroup> groups, const SgdOptions& options = {});

 private:
  std::vector<std::string> moment_names() const override;
  void update(Slot& slot, real* p, const real* g, int64_t n, double lr, double grad_scale) override;

  SgdOptions options_;
};

}  // namespace cairn::inline CAIRN_PRECISION
