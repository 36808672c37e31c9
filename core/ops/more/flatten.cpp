// flatten: neighbouring axes as one. dx = reshape(dy, x's shape). A reshape; saves nothing.
// PyTorch: torch.flatten.
#include "core/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Tensor flatten(const Tensor& x, int first, int last, Where where) {
  if (x.axes() == 0) return reshape(x, {1}, where);
  const int from = normal_axis(first, x.axes(), "flatten", where);
  const int to = normal_axis(last, x.axes(), "flatten", where);
  if (from > to)
    fail("flatten",
         "axis " + std::to_string(first) + " comes after axis " + std::to_string(last) + " in " +
             to_string(x.shape()),
         "", where);
  Shape shape = x.shape();
  for (int axis = to; axis > from; --axis) {
    shape[axis - 1] = numel(Shape{shape[axis - 1], shape[axis]});
    shape.erase(axis);
  }
  return reshape(x, shape, where);
}

OpInfo flatten_info() {
  return {.name = "flatten",
          .formula = "the axes `first` to `last` as one",
          .derivative = "dx = reshape(dy, x's shape)",
          .cases = {CASE(flatten(x[0]), unary_shapes), CASE(flatten(x[0], 0, 1), {{2, 3, 4}}),
                    CASE(flatten(x[0], -2), {{2, 3, 4}})}};
}

}}  // namespace cairn::CAIRN_PRECISION
