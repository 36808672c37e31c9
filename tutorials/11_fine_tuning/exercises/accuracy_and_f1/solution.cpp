// Accuracy and the macro average, in the place of the library's.
#include <cstdint>

#include "train/metrics.h"
#include "train/more/classification_report.h"

namespace cairn {

namespace {

double quotient(int64_t part, int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

// The fraction of all examples that are right; 0 of no examples.
double ConfusionMatrix::accuracy() const {
  int64_t right = 0;
  for (int64_t c = 0; c < classes(); ++c) right += count(c, c);
  return quotient(right, total());
}

// Precision, recall and F1: the plain means of those of the classes; support: the sum of theirs.
Score macro_average(const ConfusionMatrix& matrix) {
  Score average;
  const int64_t classes = matrix.classes();
  for (int64_t c = 0; c < classes; ++c) {
    int64_t called = 0, there = 0;  // how many were called c, and how many are of c
    for (int64_t other = 0; other < classes; ++other)
      called += matrix.count(other, c), there += matrix.count(c, other);
    const int64_t right = matrix.count(c, c);
    average.precision += quotient(right, called);
    average.recall += quotient(right, there);
    average.f1 += quotient(2 * right, called + there);  // which is 2 P R / (P + R)
    average.support += there;
  }
  if (classes == 0) return average;
  for (double* mean : {&average.precision, &average.recall, &average.f1})
    *mean /= static_cast<double>(classes);
  return average;
}

}  // namespace cairn
