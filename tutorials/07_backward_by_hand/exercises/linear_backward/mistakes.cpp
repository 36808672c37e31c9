// What people write instead.
#include <numeric>

#include "tutorials/07_backward_by_hand/exercises/linear_backward/linear_backward.h"

namespace mistakes {
namespace {

enum {
  weight_transposed = 1,
  dw_transposed,
  dw_overwritten,
  db_overwritten,
  both_overwritten,
  always_added,
  zero_times_what_was_there,
  dx_added,
  dx_never_begun,
  db_of_the_last_row,
  db_is_a_mean,
  dw_is_a_mean,
  db_of_rows,
  db_row_sums,
  db_left_out,
  all_or_nothing,
  dw_needs_dx,
  db_needs_dw,
  no_rows_no_gradient,
  dx_is_dw,
  nothing,
  dy_as_columns,
  dy_not_transposed,
  weight_stride,
  x_stride,
  dx_stride,
};

bool is(int mistake) { return check::mistake == mistake; }

// Number `at` of n, or of those that a wrong stride runs into first.
real number(const real* x, int64_t at, int64_t n) { return x[at % n]; }

// What a sum begins with, given what its place holds.
real begin(real held, real beta, bool added) {
  if (is(zero_times_what_was_there)) return beta * held;
  return added || beta != 0 || is(always_added) ? held : 0;
}

void write_dx(const LinearBackwardArgs& a) {
  for (int64_t t = 0; t < a.rows; ++t)
    for (int64_t i = 0; i < a.in; ++i) {
      real& dx = a.dx[is(dx_stride) ? (t * a.out + i) % (a.rows * a.in) : t * a.in + i];
      real sum = is(dx_never_begun) || (is(dx_added) && a.beta != 0) ? dx : 0;
      for (int64_t o = 0; o < a.out; ++o) {
        const int64_t at = is(weight_transposed) ? i * a.out + o
                           : is(weight_stride)   ? o * a.out + i
                                                 : o * a.in + i;
        sum += a.dy[t * a.out + o] *
               (is(dx_is_dw) && a.x ? a.x[t * a.in + i] : number(a.weight, at, a.out * a.in));
      }
      dx = sum;
    }
}

void write_dw(const LinearBackwardArgs& a, real beta) {
  for (int64_t o = 0; o < a.out; ++o)
    for (int64_t i = 0; i < a.in; ++i) {
      real& dw = a.dw[is(dw_transposed) ? i * a.out + o : o * a.in + i];
      real sum = 0;
      for (int64_t t = 0; t < a.rows; ++t) {
        const int64_t at = is(dy_as_columns)       ? o * a.rows + t
                           : is(dy_not_transposed) ? o * a.out + t
                                                   : t * a.out + o;
        sum += number(a.dy, at, a.rows * a.out) *
               number(a.x, t * (is(x_stride) ? a.out : a.in) + i, a.rows * a.in);
      }
      if (is(dw_is_a_mean) && a.rows > 0) sum /= static_cast<real>(a.rows);
      dw = begin(dw, beta, false) + sum;
    }
}

void write_db(const LinearBackwardArgs& a, real beta) {
  if (is(db_row_sums)) {  // a number for each row, whatever stands behind db
    for (int64_t t = 0; t < a.rows; ++t)
      a.db[t] = std::accumulate(a.dy + t * a.out, a.dy + (t + 1) * a.out, real{0});
    return;
  }
  for (int64_t o = 0; o < a.out; ++o) {
    real sum = 0;
    for (int64_t t = 0; t < a.rows; ++t) {
      const real g = a.dy[is(db_of_rows) ? (t + o * a.rows) : t * a.out + o];
      sum = is(db_of_the_last_row) ? g : sum + g;
    }
    if (is(db_is_a_mean) && a.rows > 0) sum /= static_cast<real>(a.rows);
    a.db[o] = begin(a.db[o], beta, false) + sum;
  }
}

}  // namespace

void linear_backward(const LinearBackwardArgs& a) {
  if (is(nothing)) return;
  if (is(all_or_nothing) && !(a.dx && a.dw && a.db)) return;
  if (is(no_rows_no_gradient) && a.rows == 0) return;
  if (a.dx) write_dx(a);
  if (a.dw && !(is(dw_needs_dx) && !a.dx))
    write_dw(a, is(dw_overwritten) || is(both_overwritten) ? 0 : a.beta);
  if (a.db && !is(db_left_out) && !(is(db_needs_dw) && !a.dw))
    write_db(a, is(db_overwritten) || is(both_overwritten) ? 0 : a.beta);
}

const std::vector<check::Mistake> list = {
    {weight_transposed, "the weight transposed",
     "dx reads the weight as (in, out). It is stored (out, in): number (o, i) is at o * in + i."},
    {dw_transposed, "dw transposed",
     "the numbers of dw are right, and stand at their mirrored places. dw has the shape of the "
     "weight, (out, in)."},
    {dw_overwritten, "beta forgotten for dw",
     "with beta = 1 the gradient is added to what dw holds; you overwrite it."},
    {db_overwritten, "beta forgotten for db",
     "with beta = 1 the gradient is added to what db holds; you overwrite it."},
    {both_overwritten, "beta forgotten",
     "with beta = 1 the gradients are added to what dw and db hold; you overwrite both."},
    {always_added, "added although beta is 0",
     "with beta = 0, dw and db may hold anything before the call. You add to it."},
    {zero_times_what_was_there, "0 times what was there",
     "with beta = 0, dw and db may hold NaN before the call, and 0 times NaN is NaN. Do not read "
     "them."},
    {dx_added, "beta for dx", "dx is written, whatever beta is: beta is for dw and db alone."},
    {dx_never_begun, "dx begins with what it held",
     "dx may hold anything before the call. Its sums have to begin with 0."},
    {db_of_the_last_row, "db of the last row",
     "your db is the last row of dy. b was added to every row, so all rows are summed."},
    {db_is_a_mean, "db a mean", "your db is the mean of the rows of dy. It is their sum."},
    {dw_is_a_mean, "dw a mean",
     "your dw is divided by the number of rows. If the loss is a mean, dy is that of a mean "
     "already."},
    {db_of_rows, "db along the wrong axis",
     "your db sums numbers that lie side by side. Column o of dy is dy[t * out + o] for each t."},
    {db_row_sums, "db has the sums of the rows",
     "your db has the sum of each row of dy, a number for each token. b has one for each column: "
     "kernels().column_sums, not row_sums."},
    {db_left_out, "db is left out", "dx and dw are right; db has not been written."},
    {all_or_nothing, "all or nothing",
     "you do nothing if one of the three pointers is null. The library asks for one gradient at a "
     "time."},
    {dw_needs_dx, "dw only together with dx",
     "dw is left out where dx is null. Each of the three may be asked for alone."},
    {db_needs_dw, "db only together with dw",
     "db is left out where dw is null. Each of the three may be asked for alone."},
    {no_rows_no_gradient, "nothing written without rows",
     "without rows, and with beta = 0, dw and db are 0, and have to be written."},
    {dx_is_dw, "x in the place of the weight",
     "your dx multiplies dy by x. y moves with x by the weight."},
    {nothing, "nothing is written", "dx, dw and db still hold what they held before the call."},
    {dy_as_columns, "dy read as (out, rows)",
     "for dw you read dy as if it were stored (out, rows). It is stored (rows, out); gemm can read "
     "it transposed, with stride = out and transposed = true."},
    {dy_not_transposed, "transposed forgotten",
     "the product for dw reads dy as it is stored. Its row o is column o of dy: gemm needs "
     "transposed = true."},
    {weight_stride, "the weight's stride",
     "from one row of the weight to the next it is `in` numbers, not `out`."},
    {x_stride, "x's stride", "from one row of x to the next it is `in` numbers, not `out`."},
    {dx_stride, "dx's stride", "from one row of dx to the next it is `in` numbers, not `out`."},
};

}  // namespace mistakes
