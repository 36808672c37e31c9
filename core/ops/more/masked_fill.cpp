// masked_fill: `value` where the mask is not 0, else x. PyTorch: torch.masked_fill.
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

namespace {

Tensor fill_by_turns(const std::vector<Tensor>& x) {
  return masked_fill(x[0], by_turns(x[0].shape()), real{0.5});
}

}  // namespace

OpInfo masked_fill_info() {
  return {"masked_fill",
          "y = value where the mask is not 0, else x",
          "dx = 0 where the mask is not 0, else dy",
          "mask",
          "torch.masked_fill",
          "core/ops/more/masked_fill.cpp",
          "",
          {CASE(fill_by_turns(x), unary_shapes)}};
}
OpInfo additive_mask_info() {
  return {"additive_mask",
          "y = 0 where the mask is not 0, else -inf",
          "",
          "nothing",
          "a boolean attn_mask",
          "core/ops/more/masked_fill.cpp",
          "",
          {}};
}

}}  // namespace cairn::CAIRN_PRECISION
