// What people write instead.
#include <algorithm>
#include <cmath>

#include "tutorials/07_backward_by_hand/exercises/cross_entropy/cross_entropy.h"

namespace mistakes {
namespace {

enum {
  nothing_written = 1,
  no_maximum,
  maximum_of_all_rows,
  maximum_starts_at_zero,
  maximum_in_log_sum,
  maximum_only_in_log_sum,
  maximum_plus_log_sum,
  maximum_plus_log_sum_of_log_sum,
  logarithm_of_the_weight,
  small_number_added,
  sum_for_its_logarithm,
  sum_goes_on,
  without_the_label,
  sign,
  probability,
  other_classes,
  logarithm_of_two,
  label_in_the_first_row,
  label_of_the_first_row,
  ignored_counts,
  ignored_log_sum_not_written,
  ignored_log_sum_is_zero,
  ignored_loss_not_written,
  returns_at_an_ignored_row,
  minus_one_hundred_only,
  class_zero_ignored,
  divided_by_rows,
  added_to_loss,
  sigmoid,
  float_sum,
};

bool is(int mistake) { return check::mistake == mistake; }

}  // namespace

void cross_entropy(real* loss, real* log_sum, const real* x, const int32_t* label, int64_t rows,
                   int64_t cols) {
  if (is(nothing_written)) return;
  double sum = 0;
  for (int64_t i = 0; i < rows; ++i) {
    const real* row = x + i * cols;
    double max = *std::max_element(row, row + cols);
    if (is(maximum_of_all_rows)) max = *std::max_element(x, x + rows * cols);
    if (is(maximum_starts_at_zero)) max = std::fmax(max, 0);
    if (is(no_maximum)) max = 0;
    if (!is(sum_goes_on)) sum = 0;
    for (int64_t j = 0; j < cols; ++j) {
      sum += std::exp(row[j] - max);
      if (is(float_sum)) sum = static_cast<float>(sum);
    }
    const bool counts = is(minus_one_hundred_only) ? label[i] != -100
                        : is(class_zero_ignored)   ? label[i] > 0
                                                   : label[i] >= 0;
    if (!counts && is(returns_at_an_ignored_row)) return;
    const double log_of_sum = is(logarithm_of_two) ? std::log2(sum) : std::log(sum);
    if (is(maximum_in_log_sum) || is(maximum_only_in_log_sum) ||
        is(maximum_plus_log_sum_of_log_sum))
      log_sum[i] = max + log_of_sum;
    else if (!counts && is(ignored_log_sum_is_zero)) log_sum[i] = 0;
    else if (counts || !is(ignored_log_sum_not_written))
      log_sum[i] = is(sum_for_its_logarithm) ? sum : log_of_sum;
    if (!counts && is(ignored_loss_not_written)) continue;
    const int32_t c = is(label_of_the_first_row) ? std::max(label[0], 0)
                      : is(ignored_counts) || is(minus_one_hundred_only)
                          ? label[i]  // before the row, if it is negative
                          : std::max(label[i], 0);
    const double x_label = is(label_in_the_first_row) ? x[c] : row[c];
    const double weight = std::exp(x_label - max) / sum;
    double result = max - x_label + log_of_sum;
    if (is(maximum_plus_log_sum) || is(maximum_plus_log_sum_of_log_sum))
      result = max + log_of_sum - x_label;
    if (is(maximum_only_in_log_sum)) result = log_of_sum - x_label;
    if (is(logarithm_of_the_weight)) result = -std::log(weight);
    if (is(small_number_added)) result = -std::log(weight + 1e-9);
    if (is(without_the_label)) result = log_of_sum;
    if (is(sign)) result = -result;
    if (is(probability)) result = -weight;
    if (is(other_classes)) {
      for (int64_t j = 0; j < cols; ++j)
        if (j != c) result -= std::log(1 - std::exp(row[j] - max) / sum);
    }
    if (is(divided_by_rows)) result /= static_cast<double>(rows);
    if (is(sigmoid)) result = std::log(1 + std::exp(-x_label));
    if (!counts && !is(ignored_counts)) result = 0;
    loss[i] = is(added_to_loss) ? loss[i] + result : result;
  }
}

const std::vector<check::Mistake> list = {
    {nothing_written, "nothing is written",
     "nothing has been written to loss and log_sum: they hold what they held before the call."},
    {no_maximum, "no maximum is subtracted",
     "your log_sum is that of the logits as they are, and for a logit of 1000 e^x is infinite. "
     "Take the row's largest logit off every logit first; log_sum is asked for in that form."},
    {maximum_of_all_rows, "one maximum for all rows",
     "you subtract the largest logit of the whole matrix. Each row has its own: log_sum is "
     "relative to it, and a row far below would have the sum 0."},
    {maximum_starts_at_zero, "the maximum starts at 0",
     "your maximum starts at 0 (or at min() of a floating type, which is the smallest positive "
     "number), so in a row of negative logits nothing is subtracted. Start at the row's first "
     "logit."},
    {maximum_in_log_sum, "log_sum has the maximum in it",
     "your losses are right, but log_sum is to be kept without the maximum, ln sum e^(x - max): "
     "added to a large maximum it would lose its digits."},
    {maximum_only_in_log_sum, "the maximum is in log_sum and not in the loss",
     "the maximum has to come back where x_label stands, and log_sum is to be kept without it: "
     "loss = log_sum - (x_label - max)."},
    {maximum_plus_log_sum, "max + log_sum comes first",
     "right for logits of size 1, not for a million: in max + log_sum the small number loses its "
     "digits. Which two large numbers should meet first?"},
    {maximum_plus_log_sum_of_log_sum, "max + log_sum, kept too",
     "log_sum is to be kept without the maximum, ln sum e^(x - max); and the loss is not to be "
     "computed from max + log_sum, in which the small number loses its digits."},
    {logarithm_of_the_weight, "a softmax, and its logarithm",
     "the logarithm of the probability is right until the probability is 0 in double: for a logit "
     "800 below the best your loss is infinite, and 800 is right. Take the logarithm on paper."},
    {small_number_added, "1e-9 is added to the probability",
     "a small number under the logarithm hides large losses: for a logit 800 below the best you "
     "get 21. Take the logarithm on paper; then nothing has to be protected."},
    {sum_for_its_logarithm, "log_sum without the logarithm",
     "log_sum has the sum itself. Its logarithm is asked for."},
    {sum_goes_on, "the sum is not reset",
     "the first row is right and the following are too large: the sum still holds the rows before. "
     "Start it at 0 for each row."},
    {without_the_label, "the label's logit is missing",
     "your loss does not depend on which class is right: the logit of the label is missing."},
    {sign, "the sign is turned",
     "your losses are negative: a probability is below 1, its logarithm is negative, and there is "
     "a minus in front. Descending yours would make the model worse."},
    {probability, "no logarithm",
     "your loss is minus the probability of the label. It is minus its logarithm."},
    {other_classes, "the other classes, too",
     "you add -ln(1 - p) of all other classes. That is the loss of independent yes-or-no "
     "questions; here the classes exclude each other, and only the label's ln p counts."},
    {logarithm_of_two, "the logarithm to base 2", "your logarithm is to base 2, not to base e."},
    {label_in_the_first_row, "the label's logit of the first row",
     "you read x[label[i]], which is in the first row. In row i it is x[i * cols + label[i]]."},
    {label_of_the_first_row, "the first label for all rows",
     "every row is judged by the label of the first. Row i has label[i]."},
    {ignored_counts, "an ignored row counts",
     "a row whose label is negative gets a loss. It should be 0: such rows do not count."},
    {ignored_log_sum_not_written, "log_sum of an ignored row",
     "log_sum is written for every row, whether it counts or not. Do you go on with the next row "
     "too early?"},
    {ignored_log_sum_is_zero, "log_sum of an ignored row is 0",
     "only the loss of an ignored row is 0; its log_sum is that of its logits, as in any other "
     "row."},
    {ignored_loss_not_written, "the loss of an ignored row",
     "the loss of a row with a negative label holds what it held before the call. Write the 0."},
    {returns_at_an_ignored_row, "the function ends at an ignored row",
     "at a row with a negative label your function returns, and the rows after it are not written. "
     "Go on with the next row."},
    {minus_one_hundred_only, "-100 alone is ignored",
     "-100 is what PyTorch calls ignored. Here every negative label is."},
    {class_zero_ignored, "class 0 is ignored",
     "rows of class 0 have no loss. 0 is a class like any other; only negative labels are "
     "ignored."},
    {divided_by_rows, "divided by the number of rows",
     "you divide by the number of rows. Each row's own loss is asked for; the mean is taken "
     "later, over the rows that count."},
    {added_to_loss, "added to the loss",
     "you add to what loss holds. This kernel writes: it may hold anything before the call."},
    {sigmoid, "a sigmoid",
     "ln(1 + e^-x) of the label's logit is the loss of one yes-or-no question. With several "
     "classes all logits of the row count."},
    {float_sum, "a float for the sum",
     "right to seven digits: is the sum a float? The check computes in double; write real or "
     "double."},
};

}  // namespace mistakes
