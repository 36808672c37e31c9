// var: y = sum (x - mean)^2 / (count - correction) over the axes; dx = dy 2 (x - mean) / (count -
// correction). std: y = sqrt(var); dx = dy (x - mean) / ((count - correction) y), 0 where y is 0.
// Compositions. The mean is taken off first: the difference of mean(x^2) and mean(x)^2 would lose
// all digits of a small variance. PyTorch: torch.var, torch.std.
#include <algorithm>

#include "core/op_info.h"
#include "core/ops.h"

namespace cairn::inline CAIRN_PRECISION {

Tensor var(const Tensor& x, const Axes& axes, int64_t correction, bool keepdim, Where where) {
  const Scope scope("var", where);
  const Tensor squares = sum(square(x - mean(x, axes, true)), axes, keepdim);
  const int64_t count = squares.numel() ? x.numel() / squares.numel() : 0;
  const int64_t divisor = std::max<int64_t>(0, count - correction);
  return div(squares, Tensor::scalar(static_cast<real>(divisor)));
}

Tensor std(const Tensor& x, const Axes& axes, int64_t correction, bool keepdim, Where where) {
  const Scope scope("std", where);
  const Tensor y = var(x, axes, correction, keepdim), zero = Tensor::scalar(0);
  const Tensor flat = equal(y, zero);  // the root has no slope there
  return cairn::where(flat, zero, sqrt(cairn::where(flat, Tensor::scalar(1), y)));
}

OpInfo var_info() {
  std::vector<OpCase> cases = reduction_cases(
      "var", [](auto& x, auto& axes, bool keepdim) { return var(x, axes, 0, keepdim); });
  cases.push_back({"var(x), unbiased", {{3, 4}}, [](auto& x) { return var(x[0]); }});
  return {"var",
          "y = sum (x - mean)^2 / (count - correction)",
          "dx = dy 2 (x - mean) / (count - correction)",
          "x, x - mean",
          "torch.var",
          "core/ops/var.cpp",
          "",
          cases};
}
OpInfo std_info() {
  std::vector<OpCase> cases = reduction_cases(
      "std", [](auto& x, auto& axes, bool keepdim) { return std(x, axes, 0, keepdim); });
  cases.push_back({"std(x), unbiased", {{3, 4}}, [](auto& x) { return std(x[0]); }});
  return {"std",
          "y = sqrt(var(x))",
          "dx = dy (x - mean) / ((count - correction) y)",
          "x, x - mean, y",
          "torch.std",
          "core/ops/var.cpp",
          "",
          cases};
}

}  // namespace cairn::inline CAIRN_PRECISION
