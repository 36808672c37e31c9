// masked_fill: `value` where the mask is not 0, else x. dx = 0 there, else dy. Saves the mask.
// PyTorch: torch.masked_fill.
// additive_mask: 0 where the mask is not 0, else minus infinity. PyTorch: a boolean attn_mask.
// Both are the op `where`.
#include <cmath>

#include "core/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Tensor masked_fill(const Tensor& x, const Tensor& mask, real value, Where where) {
  if (!(broadcast(x.shape(), mask.shape(), "masked_fill", where) == x.shape()))
    fail(
        "masked_fill",
        "the mask " + to_string(mask.shape()) + " does not broadcast to x, " + to_string(x.shape()),
        "", where);
  return cairn::where(mask, Tensor::scalar(value), x, where);
}

Tensor additive_mask(const Tensor& mask, Where where) {
  return cairn::where(mask, Tensor::scalar(0), Tensor::scalar(-INFINITY), where);
}

OpInfo masked_fill_info() {
  return {.name = "masked_fill",
          .formula = "y = value where the mask is not 0, else x",
          .derivative = "dx = 0 where the mask is not 0, else dy",
          .cases = {CASE(masked_fill(x[0], alternating_mask(x[0].shape()), 0.5), unary_shapes)}};
}
OpInfo additive_mask_info() {
  return {.name = "additive_mask",
          .formula = "y = 0 where the mask is not 0, else -inf",
          .derivative = "",
          .pytorch = "a boolean attn_mask"};
}

}}  // namespace cairn::CAIRN_PRECISION
