#include "core/ops/axes.h"

#include <algorithm>

namespace cairn::inline CAIRN_PRECISION {

Shape with_ones(const Shape& x_shape, const Axes& axes, const char* op, Where where) {
  Shape kept = x_shape;
  for (int i = 0; i < x_shape.size() && axes.empty(); ++i) kept[i] = 1;
  for (int axis : axes) kept[normal_axis(axis, x_shape.size(), op, where)] = 1;
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

Lanes::Lanes(const Shape& shape, int axis) : size(shape[axis]) {
  for (int i = 0; i < axis; ++i) outer *= shape[i];
  for (int i = axis + 1; i < shape.size(); ++i) step *= shape[i];
}

}  // namespace cairn::inline CAIRN_PRECISION
