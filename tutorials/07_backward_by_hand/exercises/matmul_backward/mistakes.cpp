// What people write instead.
#include "core/ops.h"
#include "tutorials/07_backward_by_hand/exercises/matmul_backward/matmul_backward.h"

using check::Shape;

namespace mistakes {
namespace {

enum {
  b_not_transposed = 1,
  a_not_transposed,
  nothing_transposed,
  da_other_order,
  db_other_order,
  dy_transposed,
  reshaped,
  first_two_axes,
  all_axes_turned,
  exchanged,
  not_summed,
  a_not_summed,
  b_not_summed,
  axes_in_front_alone,
  sizes_of_one_alone,
  axis_lost,
  means,
  first_matrix_alone,
};

bool is(int mistake) { return check::mistake == mistake; }

Tensor turned(const Tensor& x) {
  const int last = x.axes() - 1;
  if (is(reshaped)) {
    Shape shape = x.shape();
    std::swap(shape[last], shape[last - 1]);
    return reshape(x, shape);
  }
  if (is(first_two_axes)) return transpose(x, 0, 1);
  if (is(all_axes_turned)) return transpose(x, 0, last);
  return transpose(x, last - 1, last);
}

// The product summed to the shape of the input.
Tensor summed(Tensor x, const Shape& shape, bool is_a) {
  if (is(not_summed) || (is(a_not_summed) && is_a) || (is(b_not_summed) && !is_a)) return x;
  while (!is(sizes_of_one_alone) && x.axes() > shape.size())
    x = is(means) && x.size(0) > 0                ? mean(x, {0})
        : is(first_matrix_alone) && x.size(0) > 0 ? x[0]
                                                  : sum(x, {0});
  if (is(axes_in_front_alone)) return x;
  const int in_front = x.axes() - shape.size();
  for (int axis = shape.size() - 1; axis >= 0; --axis) {
    const int at = axis + in_front;
    if (shape[axis] == 1 && x.size(at) != 1)
      x = is(means)                ? mean(x, {at}, true)
          : is(first_matrix_alone) ? slice(x, at, 0, 1)
                                   : sum(x, {at}, !is(axis_lost));
  }
  return x;
}

}  // namespace

std::pair<Tensor, Tensor> matmul_backward(const Tensor& dy, const Tensor& a, const Tensor& b) {
  const bool a_as_it_is = is(a_not_transposed) || is(nothing_transposed);
  const bool b_as_it_is = is(b_not_transposed) || is(nothing_transposed);
  const Tensor at = a_as_it_is ? a : turned(a), bt = b_as_it_is ? b : turned(b);
  const Tensor g = is(dy_transposed) ? turned(dy) : dy;
  const Tensor da = summed(is(da_other_order) ? matmul(bt, g) : matmul(g, bt), a.shape(), true);
  const Tensor db = summed(is(db_other_order) ? matmul(g, at) : matmul(at, g), b.shape(), false);
  return is(exchanged) ? std::pair(db, da) : std::pair(da, db);
}

const std::vector<check::Mistake> list = {
    {b_not_transposed, "dy b",
     "da multiplies by b as it is. Follow one number of a: a(i, k) meets row k of b, so the sum "
     "runs along b's rows, and b has to be transposed."},
    {a_not_transposed, "a dy",
     "db multiplies by a as it is. Follow one number of b: b(k, j) meets column k of a, so a has "
     "to be transposed."},
    {nothing_transposed, "dy b and a dy",
     "both products lack a transpose. With square matrices the shapes allow it, with others they "
     "do not."},
    {da_other_order, "b^T dy",
     "da is a product in the other order: dy stands on the left, as a does in y."},
    {db_other_order, "dy a^T",
     "db is a product in the other order: dy stands on the right, as b does in y."},
    {dy_transposed, "dy transposed",
     "you transpose dy. It has the shape of y, and goes in as it is."},
    {reshaped, "a reshape for the transpose",
     "a reshape to the shape of the transpose leaves the numbers in their old order. transpose() "
     "moves them."},
    {first_two_axes, "the first two axes exchanged",
     "two matrices are right and more are not: you exchange axes 0 and 1. It has to be the last "
     "two, -2 and -1."},
    {all_axes_turned, "the first and the last axis exchanged",
     "two matrices are right and more are not: you exchange the first axis and the last. It has "
     "to be the last two, -2 and -1."},
    {exchanged, "da and db exchanged", "the two gradients come in the wrong order: da first."},
    {not_summed, "not summed",
     "where a matrix served several others, you return a gradient for each. It is one matrix, so "
     "its gradients are added: to the shape of the input."},
    {a_not_summed, "da not summed",
     "db is summed to the shape of b, and da has not been summed to that of a."},
    {b_not_summed, "db not summed",
     "da is summed to the shape of a, and db has not been summed to that of b."},
    {axes_in_front_alone, "axes of size 1 not summed",
     "the axes that an input lacks are summed; those where it has size 1 and y has more are not."},
    {sizes_of_one_alone, "axes in front not summed",
     "the axes where an input has size 1 are summed; those that it lacks, in front, are not."},
    {axis_lost, "the summed axis is lost",
     "where an input has an axis of size 1, your sum takes the axis away. It has to stay, "
     "with size 1: sum(x, {axis}, true)."},
    {means, "means instead of sums",
     "you take the mean over the matrices that shared one. Gradients add up: the sum."},
    {first_matrix_alone, "the first matrix alone",
     "where a matrix served several others, you keep the first one's gradient alone. They add up."},
};

}  // namespace mistakes
