// What people write instead.
#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.h"
#include "tutorials/05_tensors/exercises/view_strides/view_strides.h"

namespace mistakes {
namespace {

enum {
  only_the_shape = 1,
  only_the_strides,
  contiguous_again,
  always_the_last_two,
  transposed_from_0,
  axis_wraps,
  start_without_stride,
  start_in_new_strides,
  offset_forgotten,
  start_forgotten,
  step_forgotten,
  step_as_stride,
  strides_of_a_copy,
  size_rounded_down,
  size_not_divided,
  last_index_included,
  negative_start_is_0,
  bounds_not_clamped,
  size_negative,
  step_not_checked,
  step_of_0_checked_only,
  axis_from_the_front_only,
  upper_bound_not_clamped,
  negative_start_alone_is_0,
  in_int,
  in_float,
};

bool is(int mistake) { return check::mistake == mistake; }

int normal(int axis, const Layout& x) {
  const int axes = x.shape.size();
  if (is(axis_wraps)) return (axis % axes + axes) % axes;
  if (axis < (is(axis_from_the_front_only) ? 0 : -axes) || axis >= axes)
    cairn::fail("view", "no such axis");
  return axis < 0 ? axis + axes : axis;
}

Layout transposed(const Layout& x, int axis0, int axis1) {
  int a = normal(axis0, x), b = normal(axis1, x);
  if (is(always_the_last_two) && x.shape.size() > 1) a = x.shape.size() - 1, b = a - 1;
  Layout y = x;
  if (!is(only_the_strides)) std::swap(y.shape[a], y.shape[b]);
  if (!is(only_the_shape)) std::swap(y.strides[a], y.strides[b]);
  if (is(contiguous_again)) y.strides = contiguous_strides(y.shape);
  if (is(transposed_from_0)) y.offset = 0;
  return y;
}

int64_t bound(int64_t index, int64_t size) {
  if (is(upper_bound_not_clamped)) return std::max<int64_t>(index < 0 ? index + size : index, 0);
  if (is(negative_start_is_0)) return std::clamp<int64_t>(index, 0, size);
  if (index < 0) index += size;
  return is(bounds_not_clamped) ? index : std::clamp<int64_t>(index, 0, size);
}

Layout sliced(const Layout& x, int axis, int64_t start, int64_t stop, int64_t step) {
  if (step < 1 && !is(step_not_checked) && !(step < 0 && is(step_of_0_checked_only)))
    cairn::fail("slice", "the step is less than 1");
  if (step < 1) step = 1;
  const int a = normal(axis, x);
  if (is(negative_start_alone_is_0)) start = std::max<int64_t>(start, 0);
  const int64_t first = bound(start, x.shape[a]), last = bound(stop, x.shape[a]);
  int64_t length = last - first;
  if (!is(size_negative)) length = std::max<int64_t>(length, 0);
  if (is(last_index_included)) length = length + 1;
  Layout y = x;
  y.shape[a] =
      is(size_rounded_down)  ? length / step
      : is(size_not_divided) ? length
      : length < 0           ? length
      : is(in_float)
          ? static_cast<int64_t>(std::ceil(static_cast<float>(length) / static_cast<float>(step)))
      : is(in_int) ? static_cast<int32_t>(static_cast<uint32_t>(length + step - 1)) / step
                   : (length + step - 1) / step;
  if (!is(step_forgotten)) y.strides[a] = is(step_as_stride) ? step : x.strides[a] * step;
  int64_t from = first * x.strides[a];
  if (is(start_without_stride)) from = first;
  if (is(start_in_new_strides)) from = first * y.strides[a];
  if (is(start_forgotten)) from = 0;
  y.offset = (is(offset_forgotten) ? 0 : x.offset) + from;
  if (is(strides_of_a_copy)) y.strides = contiguous_strides(y.shape);
  return y;
}

}  // namespace

const ViewStrides functions = {transposed, sliced};

const std::vector<check::Mistake> list = {
    {only_the_shape, "the shape is exchanged, the strides are not",
     "you exchange the sizes and leave the strides: that reads the same line in rows of another "
     "length, as a reshape does. Each stride goes with its axis."},
    {only_the_strides, "the strides are exchanged, the shape is not",
     "you exchange the strides, but each axis keeps its size: the view leaves x's numbers, or "
     "misses some. The size goes with its stride."},
    {contiguous_again, "the strides of a copy",
     "your strides are those of a tensor that has its numbers to itself, in the order of the "
     "index. "
     "A transpose moves no number: exchange the strides that x has."},
    {always_the_last_two, "always the last two axes",
     "you exchange the last two axes. Which two is for axis0 and axis1 to say."},
    {transposed_from_0, "the transpose begins at 0",
     "x may be a view that begins somewhere: its transpose begins at the same offset."},
    {axis_wraps, "any axis is made to fit",
     "an axis that x does not have is taken for another one. -axes to axes - 1 are axes, all else "
     "has to be refused."},
    {start_without_stride, "the offset grows by start",
     "start is an index, and one index is strides[axis] places long: the offset grows by start * "
     "strides[axis]."},
    {start_in_new_strides, "the offset grows by start steps",
     "your offset grows by start * step * stride. Start is counted in indices of x, before the "
     "step: multiply it by the old stride."},
    {offset_forgotten, "x's offset is forgotten",
     "x may be a view that begins somewhere: the start comes on top of x's own offset."},
    {start_forgotten, "the slice begins where x does",
     "your offset is that of x. The first number of the slice is at index start of the axis."},
    {step_forgotten, "the stride is not multiplied",
     "from one index of the slice to the next it is step indices of x: multiply the stride by the "
     "step."},
    {step_as_stride, "the step for the stride",
     "your stride is the step. It is step indices of x, each of which is as long as x's stride: "
     "step * strides[axis]."},
    {strides_of_a_copy, "the strides of a sliced copy",
     "your strides are those of a tensor that has its numbers to itself. The slice's numbers lie "
     "where they lay in x: only the stride of the sliced axis changes, and only by the step."},
    {size_rounded_down, "the size is rounded down",
     "the last step may be a short one, and its first index counts: 0, 2, 4 are three indices "
     "before 5. Round the quotient up."},
    {size_not_divided, "the size is not divided by the step",
     "your axis has every index between start and stop, but the step skips some: divide by it, "
     "and round up."},
    {last_index_included, "stop is included",
     "stop itself is not taken: the indices lie before it."},
    {negative_start_is_0, "a negative bound is taken for 0",
     "a negative start or stop counts from the end: -1 is the last index. Add the size first, then "
     "clamp."},
    {bounds_not_clamped, "the bounds are not clamped",
     "a start or a stop outside of the axis takes your view outside of x. After the negative ones "
     "have been counted from the end, clamp both to 0 ... size."},
    {size_negative, "a negative size",
     "where stop lies before start, your size is negative. There is nothing between them: 0."},
    {step_not_checked, "the step is not checked",
     "a step of 0 never gets on, and a negative one runs backwards: refuse what is less than 1 "
     "with an exception."},
    {step_of_0_checked_only, "negative steps are not refused",
     "a step of 0 is refused, a negative one is not. Python has them; the contract does not."},
    {axis_from_the_front_only, "negative axes are refused",
     "a negative axis counts from the end: -1 is the last one. Add the number of axes."},
    {upper_bound_not_clamped, "the bounds are not clamped to the size",
     "a start or a stop behind the end takes your view out of x. Clamp both to 0 ... size, not to "
     "0 "
     "alone."},
    {negative_start_alone_is_0, "a negative start is taken for 0",
     "a negative stop counts from the end, and so does a negative start: add the size to it, too, "
     "and only then clamp."},
    {in_int, "int",
     "the step may be nearly 2^31, and what you add to it then leaves the range of an int. The "
     "arguments are int64_t: compute with that."},
    {in_float, "float",
     "is there a float? Of a large number it keeps 24 bits. Whole numbers need none: (length + "
     "step "
     "- 1) / step is rounded up."},
};

}  // namespace mistakes
