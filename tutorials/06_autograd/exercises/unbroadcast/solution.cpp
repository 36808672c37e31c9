// The way back from broadcasting, in the place of the library's.
#include <cstdint>
#include <vector>

#include "core/ops/axes.h"
#include "core/ops/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Sums x over the axes that `shape` lacks at the left and over those where its size is 1. The
// result has this shape.
Tensor unbroadcast(const Tensor& x, const Shape& shape) {
  const int missing = x.axes() - shape.size();
  Axes repeated;
  for (int axis = 0; axis < x.axes(); ++axis)
    if (axis < missing || (shape[axis - missing] == 1 && x.size(axis) != 1))
      repeated.push_back(axis);
  if (repeated.empty()) return x;  // sum() without axes would be over all
  return reshape(sum(x, repeated), shape);
}

}}  // namespace cairn::CAIRN_PRECISION
