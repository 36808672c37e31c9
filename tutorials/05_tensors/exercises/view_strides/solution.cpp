// The strides of a view.
#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/error.h"
#include "tutorials/05_tensors/exercises/view_strides/layout.h"

namespace mine {
namespace {

int from_the_front(int axis, const Layout& x) {
  const int axes = x.shape.size();
  if (axis < -axes || axis >= axes) cairn::fail("view", "there is no such axis");
  return axis < 0 ? axis + axes : axis;
}

int64_t bound(int64_t index, int64_t size) {
  return std::clamp<int64_t>(index < 0 ? index + size : index, 0, size);
}

}  // namespace

// x with two of its axes exchanged; negative ones count from the end.
Layout transposed(const Layout& x, int axis0, int axis1) {
  const int a = from_the_front(axis0, x), b = from_the_front(axis1, x);
  Layout y = x;
  std::swap(y.shape[a], y.shape[b]);
  std::swap(y.strides[a], y.strides[b]);
  return y;
}

// Of one axis the indices start, start + step, ... before stop, by Python's rules.
Layout sliced(const Layout& x, int axis, int64_t start, int64_t stop, int64_t step) {
  if (step < 1) cairn::fail("sliced", "the step is less than 1");
  const int a = from_the_front(axis, x);
  const int64_t first = bound(start, x.shape[a]), last = bound(stop, x.shape[a]);
  Layout y = x;
  y.shape[a] = std::max<int64_t>(0, (last - first + step - 1) / step);
  y.strides[a] = x.strides[a] * step;
  y.offset = x.offset + first * x.strides[a];
  return y;
}

}  // namespace mine
