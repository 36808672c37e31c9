// flip: y_i = x_(n - 1 - i) along the axes. dx = flip(dy). PyTorch: torch.flip.
// roll: y[(i + shift) mod n] = x[i] along an axis. dx = roll(dy, -shift). PyTorch: torch.roll.
// Compositions of index_select, or of cat and slice; they save nothing but an index.
#include "core/ops.h"
#include "core/ops/axes.h"
#include "core/ops/more/lanes.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Tensor flip(const Tensor& x, const Axes& axes, Where where) {
  if (!axes.empty())
    keepdim_shape(x.shape(), axes, "flip", where);  // an Error where these do not fit
  if (x.numel() == 0) return x;
  const Scope scope("flip", where);
  Tensor y = contiguous(x);  // where there is no room for this, there is none for an index
  for (int axis : axes) {
    check_countable(x.size(axis), "flip", where);
    std::vector<int32_t> backwards;
    for (int64_t i = x.size(axis); i > 0; --i) backwards.push_back(static_cast<int32_t>(i - 1));
    y = index_select(y, axis, Ids(std::move(backwards)));
  }
  return y;
}

Tensor roll(const Tensor& x, int64_t shift, int axis, Where where) {
  const int64_t size = x.shape()[normal_axis(axis, x.axes(), "roll", where)];
  if (size == 0) return x;
  const Scope scope("roll", where);
  const int64_t first = size - (shift % size + size) % size;  // which comes to the front
  return cat({slice(x, axis, first, size), slice(x, axis, 0, first)}, axis);
}

OpInfo flip_info() {
  return {.name = "flip",
          .formula = "y_i = x_(n - 1 - i) along the axes",
          .derivative = "dx = flip(dy)",
          .cases = joined(axis_cases("flip", [](auto& x, int axis) { return flip(x, {axis}); }),
                          {CASE(flip(x[0], {0, -1}), {{2, 3, 4}})})};
}
OpInfo roll_info() {
  return {.name = "roll",
          .formula = "y[(i + shift) mod n] = x[i]",
          .derivative = "dx = roll(dy, -shift)",
          .cases =
              joined(axis_cases("roll, by 2: ", [](auto& x, int axis) { return roll(x, 2, axis); }),
                     {CASE(roll(x[0], -7, 1), {{2, 3}})})};
}

}}  // namespace cairn::CAIRN_PRECISION
