// prod: the product over the axes; over nothing it is 1. dx_i = dy times the product of the others.
// A composition: the first half of the factors times the second, until one is left. So no
// derivative divides by x, and zeros are as good as any factor. PyTorch: torch.prod.
#include "core/ops.h"
#include "core/ops/axes.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Tensor prod(const Tensor& x, const Axes& axes, bool keepdim, Where where) {
  const Shape kept = keepdim_shape(x.shape(), axes, "prod", where);
  const Scope scope("prod", where);
  const Shape shape = keepdim ? kept : without(kept, axes);
  const int64_t outputs = numel(kept);
  if (x.numel() == 0) return sum(x, axes, keepdim) + 1;
  Tensor y = reshape(permute(x, reduced_last(x.shape(), kept)), {outputs, x.numel() / outputs});
  while (y.size(1) > 1) {
    const int64_t n = y.size(1), half = n / 2;
    const Tensor pairs = slice(y, 1, 0, half) * slice(y, 1, half, 2 * half);
    y = n % 2 ? cat({pairs, slice(y, 1, n - 1, n)}, 1) : pairs;
  }
  return reshape(y, shape);
}

OpInfo prod_info() {
  return {.name = "prod",
          .formula = "y = the product of x over the axes",
          .derivative = "dx_i = dy times the product of the others",
          .saved = "the products of halves",
          .cases = reduction_cases(
              "prod", [](auto& x, auto& axes, bool keepdim) { return prod(x, axes, keepdim); })};
}

}}  // namespace cairn::CAIRN_PRECISION
