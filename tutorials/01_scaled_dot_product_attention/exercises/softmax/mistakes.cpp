// What people write instead.
#include <cmath>
#include <limits>

#include "tutorials/01_scaled_dot_product_attention/exercises/softmax/softmax.h"

namespace mistakes {
namespace {

enum {
  no_maximum = 1,
  maximum_of_all_rows,
  maximum_starts_at_zero,
  sum_goes_on,
  sum_before_subtracting,
  hidden_row_is_nan,
  hidden_row_is_uniform,
  over_columns,
  last_column_left_out,
  not_divided,
  base_two,
};

real max_of(const real* x, int64_t n) {
  real max = check::mistake == maximum_starts_at_zero ? 0 : -std::numeric_limits<real>::infinity();
  for (int64_t j = 0; j < n; ++j) max = std::fmax(max, x[j]);
  return check::mistake == no_maximum ? 0 : max;
}

real power(real x) { return check::mistake == base_two ? std::exp2(x) : std::exp(x); }

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
  if (check::mistake == over_columns) return softmax_of_columns(y, x, rows, cols);
  const real minus_infinity = -std::numeric_limits<real>::infinity();
  const real max_of_all = max_of(x, rows * cols);
  const int64_t summed = check::mistake == last_column_left_out ? cols - 1 : cols;
  real sum = 0;
  for (int64_t i = 0; i < rows; ++i, x += cols, y += cols) {
    const real max = check::mistake == maximum_of_all_rows ? max_of_all : max_of(x, cols);
    if (check::mistake != sum_goes_on) sum = 0;
    for (int64_t j = 0; j < summed; ++j)
      sum += power(check::mistake == sum_before_subtracting ? x[j] : x[j] - max);
    if (check::mistake == not_divided) sum = 1;
    for (int64_t j = 0; j < cols; ++j) {
      y[j] = power(x[j] - max) / sum;
      if (max == minus_infinity && check::mistake != hidden_row_is_nan)
        y[j] = check::mistake == hidden_row_is_uniform ? 1 / static_cast<real>(cols) : 0;
    }
  }
}

const std::vector<check::Mistake> list = {
    {no_maximum, "no maximum is subtracted",
     "e^1000 is infinite, and infinity / infinity is not a number. Subtract the row's largest "
     "number from every x first: it cancels in the fraction."},
    {maximum_of_all_rows, "one maximum for all rows",
     "you subtract the largest number of the whole matrix. A row far below it underflows: all its "
     "e^(x - max) are 0, and 0 / 0 is not a number. Each row needs its own maximum."},
    {maximum_starts_at_zero, "the maximum starts at 0",
     "your maximum starts at 0, so in a row of large negative numbers nothing is subtracted, every "
     "e^x is 0, and 0 / 0 is not a number. Start at -infinity, or at the row's first number."},
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
};

}  // namespace mistakes
