// Shapes with and without some of their axes, and the sums over these.
#include "core/ops/axes.h"

#include <algorithm>

#include "core/kernels/kernels.h"
#include "core/ops/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Shape keepdim_shape(const Shape& x_shape, const Axes& axes, const char* op, Where where) {
  Shape kept = x_shape;
  for (int i = 0; i < x_shape.size() && axes.empty(); ++i) kept[i] = 1;
  bool named[Shape::max_axes] = {};
  for (int axis : axes) {
    const int at = normal_axis(axis, x_shape.size(), op, where);
    if (named[at]) fail(op, "axis " + std::to_string(at) + " is named twice", "", where);
    named[at] = true;
    kept[at] = 1;
  }
  return kept;
}

Shape without(const Shape& kept, const Axes& axes) {
  Shape shape;
  for (int i = 0; i < kept.size(); ++i) {
    const auto is_reduced = [&](int axis) { return (axis < 0 ? axis + kept.size() : axis) == i; };
    if (!axes.empty() && std::none_of(axes.begin(), axes.end(), is_reduced))
      shape.push_back(kept[i]);
  }
  return shape;
}

Axes reduced_last(const Shape& x_shape, const Shape& kept) {
  Axes order;
  for (int i = 0; i < kept.size(); ++i)
    if (kept[i] == x_shape[i]) order.push_back(i);
  for (int i = 0; i < kept.size(); ++i)
    if (kept[i] != x_shape[i]) order.push_back(i);
  return order;
}

Tensor summed(const Tensor& x, const Shape& kept) {
  Tensor y = Tensor::zeros(kept);
  const int64_t outputs = y.numel();
  if (x.numel() == 0) return y;
  const int64_t terms = x.numel() / outputs;
  int first = 0;  // the axes before this one are all summed, those from it on all kept
  while (first < kept.size() && (kept[first] == 1)) ++first;
  bool leading = true;
  for (int i = first; i < kept.size(); ++i) leading &= kept[i] == x.shape()[i];
  if (leading && outputs > 1) {
    kernels().column_sums(y.write(), Contiguous(x), terms, outputs, 0);
    return y;
  }
  const Tensor rows = permute(x.detach(), reduced_last(x.shape(), kept));
  kernels().row_sums(y.write(), Contiguous(rows), outputs, terms);
  return y;
}

Tensor unbroadcast(const Tensor& x, const Shape& shape) {
  Shape kept = shape;
  while (kept.size() < x.axes()) kept.insert(0, 1);
  return alias(summed(x, kept), shape, contiguous_strides(shape), 0);
}

Shape leading(const Shape& shape) {
  return Shape(shape.begin(), static_cast<size_t>(std::max(shape.size() - 2, 0)));
}

int64_t offset_of(int64_t i, const Shape& shape, const Shape& strides) {
  int64_t offset = 0;
  for (int axis = shape.size() - 1; axis >= 0; --axis) {
    offset += i % shape[axis] * strides[axis];
    i /= shape[axis];
  }
  return offset;
}

}}  // namespace cairn::CAIRN_PRECISION
