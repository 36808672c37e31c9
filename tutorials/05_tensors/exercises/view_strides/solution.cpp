// The strides of a view.
#include <algorithm>
#include <cstdint>

#include "core/error.h"
#include "tutorials/05_tensors/exercises/view_strides/layout.h"

namespace mine {
namespace {

// A Shape refuses what is not an axis of it.
int from_the_front(int axis, const Layout& x) { return axis < 0 ? axis + x.shape.size() : axis; }

int64_t bound(int64_t index, int64_t size) {
  return std::clamp<int64_t>(index < 0 ? index + size : index, 0, size);
}

}  // namespace

// x with two of its axes exchanged; negative ones count from the end.
Layout transposed(const Layout& x, int axis0, int axis1) {
  const int a = from_the_front(axis0, x), b = from_the_front(axis1, x);
  Layout y = x;
  y.shape[a] = x.shape[b], y.shape[b] = x.shape[a];
  y.strides[a] = x.strides[b], y.strides[b] = x.strides[a];
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
