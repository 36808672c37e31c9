// The way back from broadcasting, in the place of the library's; task.md in
// tutorials/06_autograd/exercises/unbroadcast says what is asked.
#include <cstdint>
#include <vector>

#include "core/ops/axes.h"
#include "core/ops/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Sums x over the axes that `shape` lacks at the left and over those where its size is 1. The
// result has this shape.
Tensor unbroadcast(const Tensor& x, const Shape& shape) {
  // TODO
  (void)x;
  return Tensor::zeros(shape);
}

}}  // namespace cairn::CAIRN_PRECISION
