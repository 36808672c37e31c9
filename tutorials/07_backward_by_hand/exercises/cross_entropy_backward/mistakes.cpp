// What people write instead.
#include <algorithm>
#include <cmath>

#include "tutorials/07_backward_by_hand/exercises/cross_entropy_backward/cross_entropy_backward.h"

namespace mistakes {
namespace {

enum {
  nothing_written = 1,
  without_the_label,
  label_added,
  sign,
  without_dloss,
  first_dloss,
  dloss_of_the_weight_only,
  dloss_of_the_label_only,
  divided_by_rows,
  divided_by_counted,
  no_maximum,
  softmax_of_its_own,
  maximum_of_all_rows,
  maximum_twice,
  maximum_plus_log_sum,
  not_divided,
  log_sum_divides,
  softmax_slope,
  label_column_only,
  through_softmax_again,
  ignored_not_written,
  ignored_has_a_gradient,
  ignored_as_class_zero,
  returns_at_an_ignored_row,
  minus_one_hundred_only,
  class_zero_ignored,
  label_of_the_first_row,
  first_log_sum,
  added_to_dx,
  last_column_left_out,
  float_powers,
};

bool is(int mistake) { return check::mistake == mistake; }

}  // namespace

void cross_entropy_backward(const CrossEntropyBackwardArgs& args) {
  if (is(nothing_written)) return;
  const int64_t cols = args.cols;
  double counted = 0;
  for (int64_t i = 0; i < args.rows; ++i) counted += args.label[i] >= 0;
  for (int64_t i = 0; i < args.rows; ++i) {
    const real* x = args.x + i * cols;
    real* dx = args.dx + i * cols;
    const int32_t label = args.label[is(label_of_the_first_row) ? 0 : i];
    const bool counts = is(minus_one_hundred_only) ? args.label[i] != -100
                        : is(class_zero_ignored)   ? args.label[i] > 0
                                                   : args.label[i] >= 0;
    if (!counts && is(returns_at_an_ignored_row)) return;
    if (!counts && is(ignored_not_written)) continue;
    double max = *std::max_element(x, x + cols);
    if (is(maximum_of_all_rows)) max = *std::max_element(args.x, args.x + args.rows * cols);
    if (is(no_maximum)) max = 0;
    const double log_sum = args.log_sum[is(first_log_sum) ? 0 : i];
    const double dloss = args.dloss[is(first_dloss) ? 0 : i];
    double dot = 0, sum = 0;
    for (int64_t j = 0; j < cols; ++j) sum += std::exp(x[j]);
    const auto weight = [&](int64_t j) {
      if (is(float_powers)) return double(std::exp(static_cast<float>(x[j] - max - log_sum)));
      if (is(softmax_of_its_own)) return std::exp(x[j]) / sum;
      if (is(maximum_plus_log_sum)) return std::exp(x[j] - (max + log_sum));
      if (is(not_divided)) return std::exp(x[j] - max);
      if (is(log_sum_divides)) return std::exp(x[j] - max) / log_sum;
      return std::exp(x[j] - max - log_sum - (is(maximum_twice) ? max : 0));
    };
    for (int64_t j = 0; j < cols; ++j) dot += weight(j) * (weight(j) - (j == label));
    for (int64_t j = 0; j < (is(last_column_left_out) ? cols - 1 : cols); ++j) {
      const double p = weight(j);
      const double target = j == (is(ignored_as_class_zero) ? std::max(label, 0) : label);
      double result = dloss * (p - target);
      if (is(without_the_label)) result = dloss * p;
      if (is(label_added)) result = dloss * (p + target);
      if (is(sign)) result = -result;
      if (is(without_dloss)) result = p - target;
      if (is(dloss_of_the_weight_only)) result = dloss * p - target;
      if (is(dloss_of_the_label_only)) result = p - dloss * target;
      if (is(divided_by_rows)) result /= static_cast<double>(args.rows);
      if (is(divided_by_counted) && counts) result /= counted;
      if (is(softmax_slope)) result *= p * (1 - p);
      if (is(label_column_only)) result *= target;
      if (is(through_softmax_again)) result = dloss * p * (p - target - dot);
      const bool zero = !counts && !is(ignored_has_a_gradient) && !is(ignored_as_class_zero);
      if (zero) result = 0;
      dx[j] = is(added_to_dx) ? dx[j] + result : result;
    }
  }
}

const std::vector<check::Mistake> list = {
    {nothing_written, "nothing is written",
     "nothing has been written to dx: it holds what it held before the call."},
    {without_the_label, "1 is not taken off at the label",
     "your rows do not sum to 0. The loss has a second term, which is the logit of the label: what "
     "is its derivative?"},
    {label_added, "1 is added at the label",
     "the logit of the label has a minus in the loss, so it has one in the gradient."},
    {sign, "the sign is turned",
     "each of your numbers has the opposite sign: a larger logit of a wrong class makes the loss "
     "larger, so its gradient is positive."},
    {without_dloss, "dloss is left out",
     "you have the gradient of each row's own loss. The chain rule multiplies it by dloss of that "
     "row."},
    {first_dloss, "the first dloss for all rows",
     "every row has the dloss of the first. Row i has dloss[i]."},
    {dloss_of_the_weight_only, "dloss times the weight only",
     "dloss multiplies both terms: the 1 at the label as well as the weight."},
    {dloss_of_the_label_only, "dloss times the label only",
     "dloss multiplies both terms: the weight as well as the 1 at the label."},
    {divided_by_rows, "divided by the number of rows",
     "you divide by the number of rows. If the loss is a mean, dloss has that factor already."},
    {divided_by_counted, "divided by the rows that count",
     "you divide by the number of rows that count. If the loss is a mean, dloss has that factor "
     "already."},
    {no_maximum, "no maximum is subtracted",
     "log_sum was taken with the row's largest logit subtracted from each: the power needs it, "
     "too."},
    {softmax_of_its_own, "a softmax that overflows",
     "you take the softmax anew, and e^1000 is infinite. Take the row's largest logit off first; "
     "then log_sum is the logarithm of the sum, and need not be computed again."},
    {maximum_of_all_rows, "one maximum for all rows",
     "log_sum belongs to each row's own largest logit; you subtract that of the whole matrix."},
    {maximum_twice, "the maximum twice",
     "your weights do not sum to 1: the maximum is subtracted twice. log_sum does not contain it."},
    {maximum_plus_log_sum, "max + log_sum comes first",
     "right for logits of size 1, not for a million: in max + log_sum the small number loses its "
     "digits. Take the maximum off first."},
    {not_divided, "not divided by the sum",
     "e^(x - max) is not yet a probability. Its sum is there: log_sum is the sum's logarithm."},
    {log_sum_divides, "divided by log_sum",
     "you divide by log_sum, which is the logarithm of the sum. In the exponent it is "
     "subtracted."},
    {softmax_slope, "a factor p (1 - p)",
     "you have a factor p (1 - p) as well. That is the slope of the softmax, and it is in p - 1 "
     "already: the logarithm's 1 / p cancels it."},
    {label_column_only, "the label's column only",
     "only the label's column has a gradient in your rows. The wrong classes have one, too: their "
     "logits are in the sum."},
    {through_softmax_again, "through the softmax twice",
     "p - onehot is the gradient by the logits already. You took it through the softmax once "
     "more."},
    {ignored_not_written, "an ignored row is left out",
     "a row with a negative label is not written, so dx has what it held before the call. Its "
     "gradient is 0."},
    {ignored_has_a_gradient, "an ignored row has a gradient",
     "a row with a negative label did not count in the loss, so its logits have the gradient 0."},
    {ignored_as_class_zero, "an ignored row counts as class 0",
     "a row with a negative label gets the gradient of class 0. It did not count in the loss, so "
     "all of it is 0."},
    {returns_at_an_ignored_row, "the function ends at an ignored row",
     "at a row with a negative label your function returns: that row and all after it are not "
     "written."},
    {minus_one_hundred_only, "-100 alone is ignored",
     "-100 is what PyTorch calls ignored. Here every negative label is."},
    {class_zero_ignored, "class 0 is ignored",
     "rows of class 0 have no gradient. 0 is a class like any other; only negative labels are "
     "ignored."},
    {label_of_the_first_row, "the first label for all rows",
     "every row has the label of the first. Row i has label[i]."},
    {first_log_sum, "the first log_sum for all rows",
     "every row is divided by the sum of the first. Row i has log_sum[i]."},
    {added_to_dx, "added to dx",
     "you add to what dx holds. This kernel writes: dx may hold anything before the call."},
    {last_column_left_out, "the last column is left out",
     "the last column is not written. Does your loop end at cols - 1?"},
    {float_powers, "a float for the powers",
     "right to seven digits: does a power go through a float? The check computes in double; write "
     "real or double."},
};

}  // namespace mistakes
