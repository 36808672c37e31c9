// The two gradients of a product.
#include <utility>

#include "core/ops.h"

namespace mine {

using cairn::Shape;
using cairn::Tensor;

namespace {

// x summed over what was broadcast from `shape`: axes in front that it lacks, and axes of size 1.
Tensor summed(Tensor x, const Shape& shape) {
  while (x.axes() > shape.size()) x = sum(x, {0});
  for (int axis = 0; axis < shape.size(); ++axis)
    if (shape[axis] == 1) x = sum(x, {axis}, true);
  return x;
}

}  // namespace

// da and db of y = a b, with a (..., m, k) and b (..., k, n), whose leading axes broadcast; they
// have the shapes of a and b.
std::pair<Tensor, Tensor> matmul_backward(const Tensor& dy, const Tensor& a, const Tensor& b) {
  const Tensor da = matmul(dy, transpose(b, -2, -1)), db = matmul(transpose(a, -2, -1), dy);
  return {summed(da, a.shape()), summed(db, b.shape())};
}

}  // namespace mine
