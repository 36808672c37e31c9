// Adam and AdamW share the kernel of the decoupled step; Adam's decay goes into the gradient.
#include "optim/adam.h"

#include <cmath>

#include "core/kernels/kernels.h"

namespace cairn::inline CAIRN_PRECISION {
namespace {

void check(const AdamOptions& o) {
  if (!(o.beta1 >= 0 && o.beta1 < 1 && o.beta2 >= 0 && o.beta2 < 1))
    fail("adam", "beta1 and beta2 must be in [0, 1)");
  if (!(o.eps >= 0)) fail("adam", "eps must not be negative");
}

// Step number t, on n numbers.
void run_kernel(real* p, Tensor& m, Tensor& v, const real* g, int64_t n, const AdamOptions& o,
                int64_t t, double lr, double grad_scale, double decay) {
  const double correction1 = 1 - std::pow(o.beta1, static_cast<double>(t));
  const double correction2 = 1 - std::pow(o.beta2, static_cast<double>(t));
  kernels().adamw(p, m.write(), v.write(), g, grad_scale, lr / correction1, o.beta1, o.beta2, o.eps,
                  1 / correction2, decay, n);
}

}  // namespace

AdamW::AdamW(std::vector<ParameterGroup> groups, const AdamOptions& options)
    : Optimizer(std::move(groups)), options_(options) {
  check(options);
}

void AdamW::update(Slot& slot, real* p, const real* g, int64_t n, double lr, double grad_scale) {
  run_kernel(p, slot.moments[0], slot.moments[1], g, n, options_, slot.steps, lr, grad_scale,
             1 - lr * slot.weight_decay);
}

Adam::Adam(std::vector<ParameterGroup> groups, const AdamOptions& options)
    : Optimizer(std::move(groups)), options_(options) {
  check(options);
}

void Adam::update(Slot& slot, real* p, const real* g, int64_t n, double lr, double grad_scale) {
  if (slot.weight_decay == 0) {
    run_kernel(p, slot.moments[0], slot.moments[1], g, n, options_, slot.steps, lr, grad_scale, 1);
    return;
  }
  Tensor decayed = Tensor::empty(slot.parameter.shape());
  real* sum = decayed.write();
  kernels().scale(sum, g, static_cast<real>(grad_scale), 0, n);
  kernels().axpy(sum, p, static_cast<real>(slot.weight_decay), n);
  run_kernel(p, slot.moments[0], slot.moments[1], sum, n, options_, slot.steps, lr, 1, 1);
}

}  // namespace cairn::inline CAIRN_PRECISION
