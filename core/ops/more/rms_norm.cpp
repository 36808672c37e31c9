// rms_norm: y = x / sqrt(mean(x^2) + eps) gamma over the last axis (Zhang & Sennrich 2019): a
// layer_norm that neither subtracts the mean nor adds beta. With rrms = 1 / sqrt(mean(x^2) + eps),
// xhat = x rrms and dxhat = dy gamma:
//   dx = rrms (dxhat - xhat mean(dxhat xhat))      dgamma = sum of dy xhat
// A composition. PyTorch: torch.nn.functional.rms_norm.
#include "core/check.h"
#include "core/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Tensor rms_norm(const Tensor& x, const Tensor& gamma, real eps, Where where) {
  if (x.axes() == 0 || (gamma.defined() && !(gamma.shape() == Shape{x.size(-1)})))
    fail("rms_norm",
         "x is " + to_string(x.shape()) +
             (gamma.defined() ? ", gamma " + to_string(gamma.shape()) : ""),
         "gamma has the size of x's last axis", where);
  check_not_negative("rms_norm", "eps", eps, where);
  const Scope scope("rms_norm", where);
  const Tensor xhat = x * rsqrt(mean(square(x), {-1}, true) + eps);
  return gamma.defined() ? xhat * gamma : xhat;
}

OpInfo rms_norm_info() {
  return {.name = "rms_norm",
          .formula = "y = x / sqrt(mean(x^2) + eps) gamma",
          .derivative = "dx = rrms (dxhat - xhat mean(dxhat xhat)), dgamma = sum dy xhat",
          .saved = "x, rrms, xhat, gamma",
          .cases = {CASE(rms_norm(x[0], x[1], real{1e-5}), {{3, 8}, {8}}, {{2, 3, 5}, {5}},
                         {{4}, {4}}, {{0, 4}, {4}}, {{3, 1}, {1}}, {{1, 1}, {1}}, {{2, 1, 3}, {3}}),
                    CASE(rms_norm(x[0], Tensor(), real{1e-5}), {{3, 8}})}};
}

}}  // namespace cairn::CAIRN_PRECISION
