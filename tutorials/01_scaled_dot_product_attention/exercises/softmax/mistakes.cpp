// What people write instead.
#include <algorithm>
#include <cmath>
#include <limits>

#include "tutorials/01_scaled_dot_product_attention/exercises/softmax/softmax.h"

namespace mistakes {
namespace {

enum {
  nothing_written = 1,
  no_maximum,
  maximum_of_all_rows,
  maximum_of_all_rows_guarded,
  maximum_starts_at_zero,
  maximum_starts_at_zero_guarded,
  sum_goes_on,
  sum_before_subtracting,
  hidden_row_is_nan,
  hidden_row_is_uniform,
  hidden_row_not_written,
  returns_at_a_hidden_row,
  returns_after_a_hidden_row,
  over_columns,
  last_column_left_out,
  not_divided,
  base_two,
  float_sum,
  float_powers,
  a_millionth_added,
  a_billionth_added,
  y_cleared_first,
  powers_taken_from_y,
};

bool makes(int number) { return check::mistake == number; }

real max_of(const real* x, int64_t n) {
  const bool at_zero = makes(maximum_starts_at_zero) || makes(maximum_starts_at_zero_guarded);
  real max = at_zero ? 0 : -std::numeric_limits<real>::infinity();
  for (int64_t j = 0; j < n; ++j) max = std::fmax(max, x[j]);
  return makes(no_maximum) ? 0 : max;
}

real power(real x) {
  if (makes(float_powers)) return std::exp(static_cast<float>(x));
  return makes(base_two) ? std::exp2(x) : std::exp(x);
}

real added_to_the_sum() {
  if (makes(a_millionth_added)) return static_cast<real>(1e-6);
  return makes(a_billionth_added) ? static_cast<real>(1e-9) : 0;
}

// y_j = e^(x_j) / sum_i e^(x_i) over each column.
void softmax_of_columns(real* y, const real* x, int64_t rows, int64_t cols) {
  for (int64_t j = 0; j < cols; ++j) {
    real max = -std::numeric_limits<real>::infinity(), sum = 0;
    for (int64_t i = 0; i < rows; ++i) max = std::fmax(max, x[i * cols + j]);
    for (int64_t i = 0; i < rows; ++i) sum += std::exp(x[i * cols + j] - max);
    for (int64_t i = 0; i < rows; ++i) y[i * cols + j] = std::exp(x[i * cols + j] - max) / sum;
  }
}

}  // namespace

void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  if (makes(nothing_written)) return;
  if (makes(over_columns)) return softmax_of_columns(y, x, rows, cols);
  if (makes(y_cleared_first)) std::fill(y, y + rows * cols, real{0});
  const real minus_infinity = -std::numeric_limits<real>::infinity();
  const real max_of_all = max_of(x, rows * cols);
  const bool all_rows = makes(maximum_of_all_rows) || makes(maximum_of_all_rows_guarded);
  const bool guarded = makes(maximum_of_all_rows_guarded) || makes(maximum_starts_at_zero_guarded);
  const int64_t summed = makes(last_column_left_out) ? cols - 1 : cols;
  real sum = 0;
  for (int64_t i = 0; i < rows; ++i, x += cols, y += cols) {
    const real max = all_rows ? max_of_all : max_of(x, cols);
    const bool hidden = max == minus_infinity;
    if (hidden && makes(hidden_row_not_written)) continue;
    if (hidden && makes(returns_at_a_hidden_row)) return;
    if (!makes(sum_goes_on)) sum = added_to_the_sum();
    for (int64_t j = 0; j < summed; ++j) {
      const real term = power(makes(sum_before_subtracting) ? x[j] : x[j] - max);
      sum = makes(float_sum) ? static_cast<real>(static_cast<float>(sum + term)) : sum + term;
      if (makes(powers_taken_from_y)) y[j] = term;
    }
    if (makes(not_divided)) sum = 1;
    for (int64_t j = 0; j < cols; ++j) {
      y[j] = guarded && sum == 0 ? 0 : power(x[j] - max) / sum;
      if (hidden && !makes(hidden_row_is_nan))
        y[j] = makes(hidden_row_is_uniform) ? 1 / static_cast<real>(cols) : 0;
    }
    if (hidden && makes(returns_after_a_hidden_row)) return;
  }
}

const std::vector<check::Mistake> list = {
    {nothing_written, "nothing is written",
     "nothing has been written to y: it holds what it held "
     "before the call."},
    {no_maximum, "no maximum is subtracted",
     "e^1000 is infinite, and infinity / infinity is not a number. Subtract the row's largest "
     "number from every x first: it cancels in the fraction."},
    {maximum_of_all_rows, "one maximum for all rows",
     "you subtract the largest number of the whole matrix. A row far below it underflows: all its "
     "e^(x - max) are 0, and 0 / 0 is not a number. Each row needs its own maximum."},
    {maximum_of_all_rows_guarded, "one maximum for all rows, and a guard",
     "you subtract the largest number of the whole matrix, so in a row far below it all "
     "e^(x - max) are 0, and so is their sum. Each row needs its own maximum; then the sum is at "
     "least 1."},
    {maximum_starts_at_zero, "the maximum starts at 0",
     "your maximum starts at 0 (or at min() of a floating type, which is the smallest positive "
     "number), so in a row of large negative numbers nothing is subtracted, every "
     "e^x is 0, and 0 / 0 is not a number. Start at -infinity, or at the row's first number."},
    {maximum_starts_at_zero_guarded, "the maximum starts at 0, and a guard",
     "a row of large negative numbers has weights like any other, but your maximum starts at 0 (or "
     "at min() of a floating type, which is the smallest positive number), so all its e^(x - max) "
     "are 0. Start at -infinity, or at the row's first number."},
    {sum_goes_on, "the sum is not reset",
     "the first row is right and the following are too small: the sum still holds the rows "
     "before. Start it at 0 for each row."},
    {sum_before_subtracting, "the sum without the maximum",
     "you subtract the maximum in the numerator but not in the sum. It cancels only if both have "
     "it."},
    {hidden_row_is_nan, "a hidden row is NaN",
     "a row of -infinity everywhere gives (-inf) - (-inf), which is not a number. The contract "
     "asks "
     "for zeros there."},
    {hidden_row_is_uniform, "a hidden row is uniform",
     "a row in which every key is hidden gets zeros, not 1 / cols: nothing may be attended to."},
    {hidden_row_not_written, "a hidden row is left out",
     "you go on to the next row without writing this one, so y has what it held before the call. "
     "Write the zeros."},
    {returns_at_a_hidden_row, "the function ends at a hidden row",
     "at a row of -infinity your function returns: that row and all after it are not written. "
     "Write zeros, and go on with the next row."},
    {returns_after_a_hidden_row, "the function ends after a hidden row",
     "after a row of -infinity your function returns, and the rows that follow are not written. "
     "Go on with the next row."},
    {over_columns, "over the columns",
     "your columns sum to one, not your rows. x[i * cols + j] is row i, column j; the softmax is "
     "over j."},
    {last_column_left_out, "the last column is not in the sum",
     "your rows sum to more than one: the last column is missing from the sum. Does your loop end "
     "at cols - 1?"},
    {not_divided, "not divided by the sum",
     "the largest number of each of your rows is exactly 1: you have e^(x - max) and did not "
     "divide "
     "it by the sum."},
    {base_two, "powers of two", "your powers are of 2, not of e."},
    {float_sum, "a float for the sum",
     "right to seven digits: is the sum a float? The check computes in double; write real or "
     "double."},
    {float_powers, "a float for the powers",
     "right to seven digits: does a power go through a float? The check computes in double; write "
     "real or double."},
    {a_millionth_added, "1e-6 is added to the sum",
     "you add a small number to the sum. Nothing has to be protected: with the maximum subtracted, "
     "the sum is at least 1."},
    {a_billionth_added, "1e-9 is added to the sum",
     "all but right. If you add a small number to the sum, leave it out: with the maximum "
     "subtracted, the sum is at least 1. If you do not, look for a float."},
    {y_cleared_first, "y is cleared first",
     "y may be x: what you set to zero there is your input. Read x before you write y."},
    {powers_taken_from_y, "x is read after y was written",
     "y may be x: once you have written y[j], x[j] may be gone. Go on with what you stored, y[j] "
     "divided by the sum."},
};

}  // namespace mistakes
