// What people write instead. None of them leaves the arrays by more than the guards.
#include <algorithm>
#include <vector>

#include "tutorials/05_tensors/exercises/to_contiguous/to_contiguous.h"

namespace mistakes {
namespace {

using cairn::numel;

enum {
  copied_as_it_lies = 1,
  first_index_fastest,
  scattered,
  last_stride_is_1,
  first_stride_forgotten,
  strides_in_reverse,
  zero_taken_for_one,
  zero_taken_for_dense,
  two_axes_only,
  four_axes_only,
  no_axes_no_number,
  no_size_one_number,
  last_left_out,
  last_row_left_out,
  one_too_many,
  added,
  wheel_stays,
  nothing_written,
  two_loops,
  two_loops_or_nothing,
  rows_as_long_as_columns,
  two_loops_from_two_axes_on,
};

bool is(int mistake) { return check::mistake == mistake; }

int64_t stride_of(const Shape& shape, const Shape& strides, int axis) {
  const int last = shape.size() - 1;
  if (is(last_stride_is_1) && axis == last) return 1;
  if (is(first_stride_forgotten) && axis == 0 && last > 0) return 1;
  if (is(strides_in_reverse)) return strides[last - axis];
  if (is(zero_taken_for_one) && strides[axis] == 0) return 1;
  if (is(zero_taken_for_dense) && strides[axis] == 0) return contiguous_strides(shape)[axis];
  if (is(copied_as_it_lies)) return contiguous_strides(shape)[axis];
  if (is(two_axes_only) && axis < last - 1) return 0;
  if (is(four_axes_only) && axis < last - 3) return 0;
  return strides[axis];
}

// The place of number k; 0 if it would not be in x.
int64_t place_of(int64_t k, const Shape& shape, const Shape& strides) {
  int64_t place = 0, largest = 0;
  for (int i = 0; i < shape.size(); ++i) {
    const int axis = is(first_index_fastest) ? i : shape.size() - 1 - i;
    if (shape[axis] == 1) continue;
    const int64_t index = k % shape[axis];
    const bool kept = is(wheel_stays) && axis == shape.size() - 1;  // of the wheel's last place
    place += (kept ? k : index) * stride_of(shape, strides, axis);
    largest += (shape[axis] - 1) * strides[axis];
    k /= shape[axis];
  }
  return place <= largest ? place : 0;
}

}  // namespace

void to_contiguous(real* y, const real* x, const Shape& shape, const Shape& strides) {
  const bool two = shape.size() == 2;
  if (is(two_loops_or_nothing) && !two) return;
  if (is(two_loops) || (is(two_loops_from_two_axes_on) && shape.size() > 1) ||
      (is(rows_as_long_as_columns) && two)) {
    const int64_t row = is(rows_as_long_as_columns) ? shape[0] : shape[1];
    for (int64_t i = 0; i < shape[0]; ++i)
      for (int64_t j = 0; j < shape[1]; ++j) y[i * row + j] = x[i * strides[0] + j * strides[1]];
    return;
  }
  int64_t count = numel(shape);
  if (is(nothing_written) || (is(no_axes_no_number) && shape.empty())) return;
  if (is(no_size_one_number) && count == 0) y[0] = x[0];
  if (is(last_left_out)) --count;
  if (is(last_row_left_out) && shape.size() > 1 && shape[0] > 0) count -= count / shape[0];
  for (int64_t k = 0; k < count; ++k) {
    const int64_t place = place_of(k, shape, strides);
    if (is(scattered)) {
      if (place < numel(shape)) y[place] = x[k <= place_of(count - 1, shape, strides) ? k : 0];
    } else {
      y[k] = is(added) ? y[k] + x[place] : x[place];
    }
  }
  if (is(one_too_many) && count > 0) y[count] = x[0];
}

const std::vector<check::Mistake> list = {
    {copied_as_it_lies, "copied as it lies",
     "you copy x's numbers one after the other, as they lie in memory. Where number (i, j) lies, "
     "the strides say: i * strides[0] + j * strides[1]."},
    {first_index_fastest, "the first index moves fastest",
     "your first index moves fastest: y is written column by column. The last index moves "
     "fastest."},
    {scattered, "the strides belong to y",
     "you read x one number after the other and write with the strides. It is x that has them: "
     "y[k] = x[place]."},
    {last_stride_is_1, "adjacent in the last axis",
     "you take the numbers of the last axis for adjacent. In a transpose, or a slice with a step, "
     "they are not: multiply its index by its stride, too."},
    {first_stride_forgotten, "the first stride is not used",
     "the index of the first axis is not multiplied by its stride."},
    {strides_in_reverse, "the strides in reverse",
     "your strides are assigned from the wrong end: strides[0] belongs to shape[0]."},
    {zero_taken_for_one, "0 is taken for 1",
     "a stride of 0 is not a missing one: the place stays where it is, and the number is "
     "repeated."},
    {zero_taken_for_dense, "0 is taken for a dense stride",
     "a stride of 0 repeats what is there: the place does not move with that index."},
    {two_axes_only, "two axes only",
     "the axes before the last two do not move the place. There may be up to eight."},
    {four_axes_only, "four axes only",
     "the axes before the last four do not move the place. There may be up to eight."},
    {no_axes_no_number, "no axes, no number",
     "a view without axes has one number, x[0], and you write none."},
    {no_size_one_number, "one number where there is none",
     "where a size is 0 there is no number, and you write one. Ask before the first is copied."},
    {last_left_out, "the last number is left out",
     "the last number is not written: y has numel(shape) of them."},
    {last_row_left_out, "the last row is left out",
     "the last index of the first axis is never reached. Does your loop end at shape[0] - 1?"},
    {one_too_many, "one too many", "you write one number too many, behind the end of y."},
    {added, "y is added to", "you add to what y held before, which may be anything."},
    {wheel_stays, "the last index does not go back",
     "when the last index has gone around, the place has to go back to where it began, before the "
     "index before it moves on. Yours goes on from there."},
    {nothing_written, "nothing is written",
     "y is as it was before the call: write every number of it."},
    {two_loops, "two loops, whatever the axes",
     "your two loops are right for two axes, but the view may have one axis, or eight, or none. Do "
     "you ask for shape[0] and shape[1] whatever shape.size() is?"},
    {two_loops_or_nothing, "two loops, and nothing for other axes",
     "with two axes you are right; with another number of them you write nothing. A view may have "
     "none to eight."},
    {rows_as_long_as_columns, "y[i * shape[0] + j]",
     "a row of y has shape[1] numbers, so row i begins at i * shape[1], not at i * shape[0]."},
    {two_loops_from_two_axes_on, "two loops for two axes and more",
     "with one axis and two you are right; with more of them you go through the first two alone. "
     "There may be up to eight, too many to write a loop for each number of them: see the hints."},
};

}  // namespace mistakes
