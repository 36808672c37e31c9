#pragma once
// Adafactor (Shazeer & Stern 2018), as Hugging Face Transformers computes it: Adam's second moment
// of a matrix (R, C) is kept as the means of its rows and of its columns, R + C numbers in place of
// R C, and the method can choose its own learning rate. At step t, with g^2 + eps1 as the square:
//
//   b = 1 - t^decay_rate                   so early gradients are soon forgotten
//   r = b r + (1 - b) mean of each row     c = b c + (1 - b) mean of each column
//   u = g / sqrt(r c / mean(r))
//   u = u / max(1, rms(u) / clip_threshold)
//   m = beta1 m + (1 - beta1) a u          m = a u if beta1 is 0
//   p = p - weight_decay a p - m
//
// a is the rate that step() got; with relative_step times min(1e-2, 1 / sqrt(t)), 1e-6 t in place
// of 1e-2 with warmup_init; with scale_parameter times max(eps2, rms(p)). A vector keeps its square
// whole, v = b v + (1 - b) (g^2 + eps1), u = g / sqrt(v). Of a tensor with more than two axes each
// matrix of the last two is factored.
#include "optim/optimizer.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct AdafactorOptions {
  double lr = 1;  // with relative_step, a factor of the method's own rate
  double eps1 = 1e-30, eps2 = 1e-3;
  double clip_threshold = 1;
  double decay_rate = -0.8;
  double beta1 = 0;  // no first moment
  double weight_decay = 0;
  bool scale_parameter = true;  // the rate is relative to the parameter's size
  bool relative_step = true;    // the method's own rate, times lr
  bool warmup_init = false;     // needs relative_step
};

class Adafactor : public Optimizer {
 public:
  // Error unless beta1 is in [0, 1), clip_threshold > 0, decay_rate < 0, the others fit.
  explicit Adafactor(ParameterGroups groups, const AdafactorOptions& options = {});

 private:
  // exp_avg_sq_row and exp_avg_sq_col, or exp_avg_sq of a vector; exp_avg if beta1 > 0
  NamedTensors initial_state(const Tensor& p) const override;
  void update(Slot& slot, real* p, const real* g, int64_t n, double lr, double grad_scale) override;
  double rate(const Slot& slot, const real* p, int64_t n, double lr) const;

  AdafactorOptions options_;
};

}}  // namespace cairn::CAIRN_PRECISION
