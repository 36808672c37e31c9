// rms_norm: y = x / sqrt(mean(x^2) + eps) gamma over the last axis (Zhang & Sennrich 2019): a
// layer_norm that neither takes the mean off nor adds beta. With r = 1 / sqrt(mean(x^2) + eps),
// u = x r and du = dy gamma:
//   dx = r (du - u mean(du u))      dgamma = sum of dy u
// A composition. PyTorch: torch.nn.functional.rms_norm.
#include "core/check.h"
#include "core/ops/records/op_info.h"
#include "core/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Tensor rms_norm(const Tensor& x, const Tensor& gamma, real eps, Where where) {
  if (x.axes() == 0 || (gamma.defined() && !(gamma.shape() == Shape{x.size(-1)})))
    fail("rms_norm",
         "x is " + to_string(x.shape()) +
             (gamma.defined() ? ", gamma " + to_string(gamma.shape()) : ""),
         "gamma has the size of x's last axis", where);
  check_not_negative("rms_norm", "eps", eps, where);
  const Scope scope("rms_norm", where);
  const Tensor y = x * rsqrt(mean(square(x), {-1}, true) + eps);
  return gamma.defined() ? y * gamma : y;
}

OpInfo rms_norm_info() {
  const OpFunction call = [](auto& x) { return rms_norm(x[0], x[1], real{1e-5}); };
  const char* text = "rms_norm(x, gamma, 1e-5)";
  return {"rms_norm",
          "y = x / sqrt(mean(x^2) + eps) gamma",
          "dx = r (du - u mean(du u)), dgamma = sum dy u",
          "x, r, u, gamma",
          "torch.nn.functional.rms_norm",
          "core/ops/more/rms_norm.cpp",
          "",
          {{text, {{{3, 8}, {8}}}, call},
           {text, {{{2, 3, 5}, {5}}}, call},
           {text, {{{4}, {4}}}, call},
           {text, {{{0, 4}, {4}}}, call},
           {text, {{{3, 1}, {1}}}, call},
           {text, {{{1, 1}, {1}}}, call},
           {text, {{{2, 1, 3}, {3}}}, call},
           CASE(rms_norm(x[0], Tensor(), real{1e-5}), {{3, 8}})}};
}

}}  // namespace cairn::CAIRN_PRECISION
