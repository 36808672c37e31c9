// What people write instead.
#include <cmath>
#include <utility>

#include "tutorials/11_fine_tuning/exercises/accuracy_and_f1/accuracy_and_f1.h"

namespace mistakes {
namespace {

enum {
  nothing_of_nothing_is_nan = 1,
  mean_of_recalls,
  whole_number_quotient,
  errors_for_accuracy,
  precision_and_recall_exchanged,
  f1_of_the_means,
  weighted_by_support,
  micro,
  f1_of_the_first_class,
  f1_of_the_last_class,
  arithmetic_mean,
  geometric_mean,
  product,
  absent_classes_left_out,
  sums_for_means,
  no_class_is_nan,
  uncalled_is_nan,
  uncalled_is_one,
  support_is_the_mean,
  divided_by_the_examples,
  nothing_yet,
};

bool is(int mistake) { return check::mistake == mistake; }

double quotient(double part, double whole) {
  if (whole == 0 && is(uncalled_is_nan)) return NAN;
  if (whole == 0 && is(uncalled_is_one)) return 1;
  return whole == 0 ? 0 : part / whole;
}

double f1_of(double p, double r) {
  if (is(arithmetic_mean)) return (p + r) / 2;
  if (is(geometric_mean)) return std::sqrt(p * r);
  if (is(product)) return p * r;
  return p + r == 0 ? 0 : 2 * p * r / (p + r);
}

double accuracy_of(const ConfusionMatrix& matrix, const Score& macro) {
  const int64_t total = matrix.total();
  if (total == 0) return is(nothing_of_nothing_is_nan) ? NAN : 0;
  int64_t right = 0;
  for (int64_t c = 0; c < matrix.classes(); ++c) right += matrix.count(c, c);
  if (is(mean_of_recalls)) return macro.recall;
  if (is(whole_number_quotient)) return static_cast<double>(right / total);
  if (is(errors_for_accuracy)) right = total - right;
  return static_cast<double>(right) / static_cast<double>(total);
}

}  // namespace

AccuracyAndF1 accuracy_and_f1(const ConfusionMatrix& matrix) {
  if (is(nothing_yet)) return {};
  Score sum;
  double counted = 0, all_right = 0;
  const int64_t classes = matrix.classes(), total = matrix.total();
  for (int64_t c = 0; c < classes; ++c) {
    int64_t called = 0, there = 0;
    for (int64_t other = 0; other < classes; ++other)
      called += matrix.count(other, c), there += matrix.count(c, other);
    if (is(precision_and_recall_exchanged)) std::swap(called, there);
    const double right = static_cast<double>(matrix.count(c, c));
    all_right += right;
    if (is(absent_classes_left_out) && there == 0) continue;
    const double p = quotient(right, static_cast<double>(called)),
                 r = quotient(right, static_cast<double>(there));
    const double weight = is(weighted_by_support) ? static_cast<double>(there) : 1;
    if ((is(f1_of_the_first_class) && c != 0) || (is(f1_of_the_last_class) && c != classes - 1))
      sum.f1 += 0;
    else sum.f1 += weight * f1_of(p, r);
    sum.precision += weight * p, sum.recall += weight * r, counted += weight;
    sum.support += is(precision_and_recall_exchanged) ? called : there;
  }
  const bool whole = is(sums_for_means);
  double by = whole || (counted == 0 && !is(no_class_is_nan)) ? 1 : counted;
  if (is(divided_by_the_examples) && total > 0) by = static_cast<double>(total);
  if (is(f1_of_the_first_class) || is(f1_of_the_last_class)) sum.f1 *= by;
  sum.precision /= by, sum.recall /= by, sum.f1 /= by;
  if (is(f1_of_the_means)) sum.f1 = f1_of(sum.precision, sum.recall);
  if (is(micro) && total > 0) {
    const double share = all_right / static_cast<double>(total);
    sum.precision = sum.recall = sum.f1 = share;
  }
  if (is(support_is_the_mean) && classes > 0) sum.support /= classes;
  return {accuracy_of(matrix, sum), sum};
}

const std::vector<check::Mistake> list = {
    {nothing_of_nothing_is_nan, "0 / 0 examples",
     "the accuracy of no examples is 0 / 0, which is not a number. Here it is 0."},
    {mean_of_recalls, "the mean of the recalls",
     "that is the mean of the classes' recalls (\"balanced accuracy\"). Accuracy counts examples: "
     "the right ones by all."},
    {whole_number_quotient, "a quotient of whole numbers",
     "your accuracy is 0 or 1: a whole number by a whole number is a whole number. Convert to "
     "double "
     "before you divide."},
    {errors_for_accuracy, "the share of errors",
     "you count what is off the diagonal. Right are the examples on it, count(c, c)."},
    {precision_and_recall_exchanged, "rows and columns exchanged",
     "your precision is the recall, and the other way round. count(truth, predicted): what was "
     "called c stands in column c, what is of class c in row c."},
    {f1_of_the_means, "F1 of the means",
     "your F1 is computed from the mean precision and the mean recall. Macro F1 is the mean of the "
     "classes' F1."},
    {weighted_by_support, "weighted by the support",
     "you weight each class by its examples. That is the weighted average; in the macro average "
     "every class counts the same, however rare it is."},
    {micro, "counted over all classes",
     "you count over all classes at once. That is the micro average, which is the accuracy."},
    {f1_of_the_first_class, "F1 of the first class",
     "your F1 is that of class 0 alone. The macro average is over all classes."},
    {f1_of_the_last_class, "F1 of the last class",
     "your F1 is that of the last class alone, as for a yes or no. The macro average is over all "
     "classes."},
    {arithmetic_mean, "(P + R) / 2",
     "your F1 is the arithmetic mean of precision and recall. It is the harmonic one, 2 P R / (P + "
     "R), which is small if one of the two is."},
    {geometric_mean, "the root of P R",
     "your F1 is the root of P R. It is the harmonic mean, 2 P R / (P + R)."},
    {product, "P R", "your F1 is P R. It is 2 P R / (P + R)."},
    {absent_classes_left_out, "classes without examples are left out",
     "a class of which there is no example does not count in your means. It counts, with a recall "
     "of "
     "0."},
    {sums_for_means, "sums for means", "you add the classes up; divide by their number."},
    {no_class_is_nan, "divided by no classes",
     "with no class at all you divide by 0. Everything is 0 then."},
    {uncalled_is_nan, "a class that was never predicted gives NaN",
     "a class that was never predicted has the precision 0 / 0, and one without examples such a "
     "recall. Both count as 0."},
    {uncalled_is_one, "a class that was never predicted is perfect",
     "a class that was never predicted has the precision 0 / 0, which counts as 0, not as 1."},
    {support_is_the_mean, "the mean of the supports",
     "support is the sum over the classes, not their mean: all examples."},
    {divided_by_the_examples, "divided by the number of examples",
     "you divide by the number of examples. A mean over classes is divided by the number of "
     "classes."},
    {nothing_yet, "nothing is computed", "both functions give 0, whatever has been counted."},
};

}  // namespace mistakes
