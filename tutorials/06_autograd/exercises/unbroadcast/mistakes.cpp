// What people write instead.
#include "core/ops/ops.h"
#include "tutorials/06_autograd/exercises/unbroadcast/unbroadcast.h"

namespace mistakes {
namespace {

enum {
  mean_of_uses = 1,
  missing_axes_alone,
  missing_axes_alone_reshaped,
  size_one_alone,
  no_axes_means_all_reshaped,
  no_axes_means_all,
  axes_stay,
  axes_go,
  first_use,
  last_use,
  aligned_at_the_left,
  aligned_at_the_left_reshaped,
  axis_of_x_in_shape,
  first_axis_alone,
  by_position,
  always_everything,
  times_the_uses,
  largest,
  strides_ignored,
  nothing_summed_of_nothing,
};

bool is(int mistake) { return check::mistake == mistake; }
using cairn::Axes;

// The first of the numbers along each of the axes, or the last.
Tensor one_of(Tensor x, const Axes& axes, bool last) {
  for (const int axis : axes) {
    const int64_t size = x.size(axis);
    if (size == 0) return cairn::sum(x, axes);
    x = slice(x, axis, last ? size - 1 : 0, last ? size : 1);
  }
  return x;
}

}  // namespace

Tensor unbroadcast(const Tensor& from, const Shape& shape) {
  Tensor x = from;
  if (is(strides_ignored) && !x.is_contiguous()) {
    std::vector<real> numbers;
    for (int64_t i = 0; i < x.numel(); ++i)
      numbers.push_back(x.strided_data()[i % x.impl().storage->size]);
    x = Tensor::of(x.shape(), numbers);
  }
  const bool left = is(aligned_at_the_left) || is(aligned_at_the_left_reshaped);
  const bool missing_alone = is(missing_axes_alone) || is(missing_axes_alone_reshaped);
  const bool all_of_none = is(no_axes_means_all) || is(no_axes_means_all_reshaped);
  const int missing = left ? 0 : x.axes() - shape.size();
  Axes axes;
  for (int axis = 0; axis < x.axes(); ++axis) {
    const bool added = axis < missing || (left && axis >= shape.size());
    const bool one = !added && shape[is(axis_of_x_in_shape) ? axis : axis - missing] == 1;
    if ((added && !is(size_one_alone)) || (one && !missing_alone)) axes.push_back(axis);
  }
  if (is(first_axis_alone) && axes.size() > 1) axes = Axes{axes[0]};
  if (is(always_everything)) axes = {};
  if (axes.empty() && !all_of_none && !is(always_everything))
    return is(missing_axes_alone_reshaped) ? reshape(x, shape) : x;
  Tensor y;
  if (is(mean_of_uses)) y = x.numel() == 0 ? sum(x, axes) : mean(x, axes);
  else if (is(first_use) || is(last_use)) y = one_of(x, axes, is(last_use));
  else if (is(axes_stay)) return sum(x, axes, true);
  else if (is(axes_go)) return sum(x, axes);
  else y = sum(x, axes);
  if (is(times_the_uses) && y.numel() > 0)
    y = y * static_cast<real>(x.numel()) / static_cast<real>(y.numel());
  if (is(largest) && x.numel() > 0) {
    y = one_of(x, axes, false);
    const Tensor other = one_of(x, axes, true);
    y = where(cairn::relu(y - other), y, other);
  }
  if (is(by_position) && y.axes() > 1) y = transpose(y, 0, 1);
  if (is(nothing_summed_of_nothing) && x.numel() == 0) return x;
  const bool reshapes = left ? is(aligned_at_the_left_reshaped) : missing_alone || all_of_none;
  return (reshapes && !is(no_axes_means_all)) || y.numel() == cairn::numel(shape)
             ? reshape(y, shape)
             : y;
}

const std::vector<check::Mistake> list = {
    {mean_of_uses, "the mean", "you take the mean over the uses. Paths add: it is the sum."},
    {missing_axes_alone, "axes of size 1 are forgotten",
     "axes that `shape` lacks are summed, but not those where its size is 1. b was repeated along "
     "these, too."},
    {missing_axes_alone_reshaped, "axes of size 1 are forgotten, and reshaped",
     "there are too many numbers for `shape`: axes that it lacks are summed, but not those where "
     "its size is 1. b was repeated along these, too."},
    {size_one_alone, "missing axes are forgotten",
     "axes where `shape` has size 1 are summed, but not those that it lacks at the left."},
    {no_axes_means_all_reshaped, "no axes means all, and reshaped",
     "where nothing is to be summed, everything is, and one number cannot get the shape: sum(x, "
     "{}) is over all axes. Return x then."},
    {no_axes_means_all, "no axes means all",
     "where nothing is to be summed, everything is: sum(x, {}) is over all axes. Return x then."},
    {axes_stay, "axes of size 1 stay",
     "the sums are right and the shape is not: with keepdim the axes that `shape` lacks are still "
     "there. Reshape to `shape`."},
    {axes_go, "axes of size 1 go",
     "the sums are right and the shape is not: sum drops the axes, also those that `shape` has "
     "with size 1. Reshape to `shape`."},
    {first_use, "the first use alone", "you take the first of the copies. All are added."},
    {last_use, "the last use alone", "you take the last of the copies. All are added."},
    {aligned_at_the_left, "aligned at the left",
     "you compare the shapes from the left. Broadcasting aligns them at the last axis: axis a of x "
     "belongs to axis a - missing of `shape`."},
    {aligned_at_the_left_reshaped, "aligned at the left, and reshaped",
     "you compare the shapes from the left, so the wrong axes are summed. Broadcasting aligns them "
     "at the last axis: axis a of x belongs to axis a - missing of `shape`."},
    {axis_of_x_in_shape, "shape[axis] for shape[axis - missing]",
     "you ask `shape` for an axis of x. `shape` may have fewer axes: axis a of x belongs to axis "
     "a - missing of it."},
    {first_axis_alone, "one axis alone",
     "right where b was repeated along one axis; but there may be several."},
    {by_position, "two axes exchanged",
     "the sums are right, but stand in the order of a transpose."},
    {always_everything, "over all axes", "you sum over all axes, always."},
    {times_the_uses, "multiplied by the number of uses",
     "you multiply the sum by the number of uses. It is in the sum already."},
    {largest, "the largest", "that is the larger of two copies. All are added."},
    {strides_ignored, "strides are ignored",
     "right for contiguous tensors. x may be a transpose or expanded: read it through ops, "
     "x.to_vector() or Contiguous."},
    {nothing_summed_of_nothing, "nothing to sum",
     "x has no numbers, and the result has some: sums of nothing, 0."},
};

}  // namespace mistakes
