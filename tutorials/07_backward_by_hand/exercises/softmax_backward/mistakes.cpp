// What people write instead.
#include <cmath>

#include "tutorials/07_backward_by_hand/exercises/softmax_backward/softmax_backward.h"

namespace mistakes {
namespace {

enum {
  nothing_written = 1,
  own_share_only,
  without_y,
  y_on_the_first_term_only,
  sum_of_dy,
  mean_of_dy,
  of_the_logarithm,
  plus,
  sign,
  dot_goes_on,
  dot_of_everything,
  dot_of_y,
  dot_before_complete,
  over_columns,
  softmax_again,
  added_to_dx,
  zero_row_left_out,
  zeros_left_out,
  returns_at_a_zero_row,
  last_column_left_out,
  divided_by_cols,
  y_squared,
  minus_own_weight,
  y_j_in_front,
  others_only,
  float_dot,
};

bool is(int mistake) { return check::mistake == mistake; }

// One row, or one column, whose numbers are `step` apart; `dot` is what the rows before left.
void one(real* dx, const real* dy, const real* y, int64_t n, int64_t step, double& dot) {
  const int64_t summed = is(last_column_left_out) ? n - 1 : n;
  double weight = 1, power_sum = 0;
  for (int64_t j = 0; j < n; ++j) power_sum += std::exp(y[j * step]);
  if (is(mean_of_dy) || is(divided_by_cols)) weight = 1 / static_cast<double>(n);
  for (int64_t j = 0; j < n; ++j) {
    const int64_t at = j * step;
    const double p = is(softmax_again) ? std::exp(y[at]) / power_sum : y[at];
    if (j < summed) {
      const double factor = is(sum_of_dy) || is(mean_of_dy) || is(of_the_logarithm) ? 1 : p;
      dot += weight * (is(dot_of_y) ? p : dy[at]) * factor;
    }
    if (is(float_dot)) dot = static_cast<float>(dot);
    if (is(dot_before_complete)) dx[at] = p * (dy[at] - dot);
  }
  for (int64_t j = 0; j < n && !is(dot_before_complete); ++j) {
    const int64_t at = j * step;
    const double p = is(softmax_again) ? std::exp(y[at]) / power_sum : y[at];
    const double slope = dy[at] - dot;
    double result = p * slope;
    if (is(own_share_only)) result = dy[at] * p * (1 - p);
    if (is(without_y)) result = slope;
    if (is(y_on_the_first_term_only)) result = p * dy[at] - dot;
    if (is(of_the_logarithm)) result = dy[at] - p * dot;
    if (is(plus)) result = p * (dy[at] + dot);
    if (is(sign)) result = -result;
    if (is(minus_own_weight) || is(y_j_in_front) || is(others_only)) {
      result = 0;
      for (int64_t k = 0; k < n; ++k) {
        const double y_k = y[k * step], taken = is(minus_own_weight) ? y_k : p;
        const double in_front = is(y_j_in_front) ? p : y_k;
        result += dy[k * step] * in_front * ((k == j && !is(others_only) ? 1 : 0) - taken);
      }
    }
    if (is(y_squared)) result *= p;
    if (is(zeros_left_out) && p == 0) continue;
    dx[at] = is(added_to_dx) ? dx[at] + result : result;
  }
}

}  // namespace

void softmax_backward(real* dx, const real* dy, const real* y, int64_t rows, int64_t cols) {
  if (is(nothing_written)) return;
  double dot = 0;
  if (is(over_columns)) {
    for (int64_t j = 0; j < cols; ++j, dot = 0) one(dx + j, dy + j, y + j, rows, cols, dot);
    return;
  }
  double all = 0;
  for (int64_t at = 0; at < rows * cols; ++at) all += dy[at] * y[at];
  for (int64_t i = 0; i < rows; ++i) {
    const real* row = y + i * cols;
    bool zeros = true;
    for (int64_t j = 0; j < cols; ++j) zeros &= row[j] == 0;
    if (zeros && is(returns_at_a_zero_row)) return;
    if (zeros && is(zero_row_left_out)) continue;
    if (!is(dot_goes_on)) dot = 0;
    if (is(dot_of_everything)) {
      for (int64_t j = 0; j < cols; ++j) dx[i * cols + j] = row[j] * (dy[i * cols + j] - all);
      continue;
    }
    one(dx + i * cols, dy + i * cols, row, cols, 1, dot);
  }
}

const std::vector<check::Mistake> list = {
    {nothing_written, "nothing is written",
     "nothing has been written to dx: it holds what it held before the call."},
    {own_share_only, "y (1 - y) alone",
     "dy y (1 - y) is what x_j does to its own y_j. It moves all other y of the row, too: the sum "
     "goes over k."},
    {without_y, "the factor y is missing",
     "your bracket is right, but a number with a weight of 0 cannot matter: there is a factor y_j "
     "in front."},
    {y_on_the_first_term_only, "y on the first term only",
     "the sum of dy y is multiplied by y_j as well: y_j stands in front of the whole bracket."},
    {sum_of_dy, "the sum of dy",
     "you take off the plain sum of dy. Each dy_k counts as much as its y_k."},
    {mean_of_dy, "the mean of dy",
     "you take off the plain mean of dy. It is the mean weighted with y: likely keys count more."},
    {of_the_logarithm, "that of log_softmax",
     "dy - y sum(dy) is the way back through the logarithm of a softmax; y itself has another "
     "derivative. (For log_softmax y would hold logarithms, besides.)"},
    {plus, "a plus in the bracket",
     "your rows do not sum to 0. Adding the same number to all x changes no y, so they must: look "
     "at the sign in the bracket."},
    {sign, "the sign is turned", "each of your numbers has the opposite sign."},
    {dot_goes_on, "the sum is not reset",
     "the first row is right and the following are not: the sum of dy y still holds the rows "
     "before. Start it at 0 for each row."},
    {dot_of_everything, "one sum for all rows",
     "you sum dy y over the whole matrix. A row's x move only the y of that row: each row has its "
     "own sum."},
    {dot_of_y, "the sum of y y", "the sum has y twice. It is the sum of dy_k y_k."},
    {dot_before_complete, "the sum is used before it is complete",
     "the last number of each row is right and those before it are not: you use the sum while it "
     "still grows. It needs a loop of its own."},
    {over_columns, "over the columns",
     "you sum over the columns. The softmax was over each row: y[i * cols + j] is row i, column j, "
     "and the sum is over j."},
    {softmax_again, "a softmax of y",
     "you take a softmax of y, but y has been through it: it is what softmax wrote."},
    {added_to_dx, "added to dx",
     "you add to what dx holds. This kernel writes: dx may hold anything before the call."},
    {zero_row_left_out, "a hidden row is left out",
     "a row of y that is 0 everywhere is not written, so dx has what it held before the call. Its "
     "gradient is 0."},
    {zeros_left_out, "a weight of 0 is left out",
     "where y is 0 you write nothing, so dx has what it held before the call. The gradient is 0 "
     "there."},
    {returns_at_a_zero_row, "the function ends at a hidden row",
     "at a row of y that is 0 everywhere your function returns: that row and all after it are not "
     "written."},
    {last_column_left_out, "the last column is not in the sum",
     "the last column is missing from the sum. Does your loop end at cols - 1?"},
    {divided_by_cols, "the sum is divided by cols",
     "you divide the sum of dy y by cols. The weights y sum to 1 already, so it is a mean as it "
     "stands."},
    {y_squared, "the factor y twice", "each number has a factor y_j too many."},
    {minus_own_weight, "y_k for y_j in the derivative",
     "in the derivative of y_k by x_j the bracket has y_j taken off; you take off y_k."},
    {y_j_in_front, "y_j for y_k in front of the bracket",
     "you have y_j in front of the bracket and y_j in it. It is y_k ([k = j] - y_j): one "
     "of the two is the weight of the y that moves, y_k."},
    {others_only, "the term with k = j is missing",
     "the bracket [k = j] - y_j has a 1 where k is j: x_j raises its own y_j."},
    {float_dot, "a float for the sum",
     "right to seven digits: is the sum a float? The check computes in double; write real or "
     "double."},
};

}  // namespace mistakes
