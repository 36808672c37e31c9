#include "core/ops/elementwise.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// Kernels read columns that are adjacent or all the same; other layouts are copied first.
Tensor readable(const Tensor& x, const Shape& wider) {
  if (x.axes() == 0 || wider.empty() || x.shape().back() == 1 || x.strides().back() <= 1) return x;
  return copy(x.detach());
}

}  // namespace

Tensor apply_binary(BinaryKernel kernel, const Tensor& a_any, const Tensor& b_any, const char* op,
                    Where where) {
  const Shape shape = broadcast(a_any.shape(), b_any.shape(), op, where);
  const Tensor y = Tensor::empty(shape);
  if (y.numel() == 0) return y;
  real* out = y.impl().storage->data;
  const Tensor a = readable(a_any, shape), b = readable(b_any, shape);
  if (a.is_contiguous() && b.is_contiguous() && a.shape() == b.shape()) {
    kernel(out, {a.strided_data(), 0, 1}, {b.strided_data(), 0, 1}, 1, y.numel());
    return y;
  }

  // One kernel call for the last two axes, an odometer over those before them.
  const Shape as = broadcast_strides(a.shape(), a.strides(), shape);
  const Shape bs = broadcast_strides(b.shape(), b.strides(), shape);
  const int axes = shape.size(), outer = axes > 2 ? axes - 2 : 0;
  const int64_t cols = axes > 0 ? shape[axes - 1] : 1, rows = axes > 1 ? shape[axes - 2] : 1;
  Operand pa{a.strided_data(), axes > 1 ? as[axes - 2] : 0, axes > 0 ? as[axes - 1] : 0};
  Operand pb{b.strided_data(), axes > 1 ? bs[axes - 2] : 0, axes > 0 ? bs[axes - 1] : 0};
  if (cols == 1) pa.col = pb.col = 0;
  int64_t index[Shape::max_axes] = {};
  while (true) {
    kernel(out, pa, pb, rows, cols);
    out += rows * cols;
    int axis = outer - 1;
    for (; axis >= 0; --axis) {
      pa.data += as[axis];
      pb.data += bs[axis];
      if (++index[axis] < shape[axis]) break;
      pa.data -= as[axis] * shape[axis];
      pb.data -= bs[axis] * shape[axis];
      index[axis] = 0;
    }
    if (axis < 0) return y;
  }
}

}}  // namespace cairn::CAIRN_PRECISION
