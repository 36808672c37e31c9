// var: y = sum (x - mean)^2 / (count - correction) over the axes; dx = dy 2 (x - mean) / (count -
// correction). std: y = sqrt(var), as the norm of x - mean, which does not overflow where the
// variance would; dx = dy (x - mean) / ((count - correction) y), 0 where y is 0.
// Compositions. The mean is taken off first: the difference of mean(x^2) and mean(x)^2 would lose
// all digits of a small variance. PyTorch: torch.var, torch.std.
#include <cmath>
#include <limits>

#include "core/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// How many numbers of x make one of y, less the correction; NaN if none is left.
real divisor(const Tensor& x, const Tensor& y, int64_t correction) {
  const int64_t count = y.numel() ? x.numel() / y.numel() : 0;
  const double left = static_cast<double>(count) - static_cast<double>(correction);
  return left > 0 ? static_cast<real>(left) : std::numeric_limits<real>::quiet_NaN();
}

}  // namespace

Tensor var(const Tensor& x, const Axes& axes, int64_t correction, bool keepdim, Where where) {
  const Scope scope("var", where);
  const Tensor squares = sum(square(x - mean(x, axes, true)), axes, keepdim);
  return squares / divisor(x, squares, correction);
}

Tensor std(const Tensor& x, const Axes& axes, int64_t correction, bool keepdim, Where where) {
  const Scope scope("std", where);
  const Tensor length = norm(x - mean(x, axes, true), 2, axes, keepdim);
  return length / std::sqrt(divisor(x, length, correction));
}

OpInfo var_info() {
  return {
      .name = "var",
      .formula = "y = sum (x - mean)^2 / (count - correction)",
      .derivative = "dx = dy 2 (x - mean) / (count - correction)",
      .saved = "x, x - mean",
      .cases = joined(reduction_cases("var", [](auto& x, auto& axes,
                                                bool keepdim) { return var(x, axes, 0, keepdim); }),
                      {CASE(var(x[0]), {{3, 4}})})};
}
OpInfo std_info() {
  return {
      .name = "std",
      .formula = "y = sqrt(var(x))",
      .derivative = "dx = dy (x - mean) / ((count - correction) y)",
      .saved = "x, x - mean, y",
      .cases = joined(reduction_cases("std", [](auto& x, auto& axes,
                                                bool keepdim) { return std(x, axes, 0, keepdim); }),
                      {CASE(std(x[0]), {{3, 4}})})};
}

}}  // namespace cairn::CAIRN_PRECISION
