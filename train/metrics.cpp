// Counting predictions.
#include "train/metrics.h"

#include <string>

#include "core/check.h"
#include "core/error.h"

namespace cairn {

ConfusionMatrix::ConfusionMatrix(int64_t classes)
    : classes_(check_count("ConfusionMatrix", "classes", classes, 10'000)),
      counts_(static_cast<size_t>(classes * classes)) {}

size_t ConfusionMatrix::index(int64_t truth, int64_t predicted) const {
  for (int64_t label : {truth, predicted})
    if (label < 0 || label >= classes_)
      fail("ConfusionMatrix",
           "class " + std::to_string(label) + " of " + std::to_string(classes_) + " classes",
           "they count from 0");
  return static_cast<size_t>(truth * classes_ + predicted);
}

int64_t ConfusionMatrix::total() const {
  int64_t sum = 0;
  for (const int64_t count : counts_) sum += count;
  return sum;
}

double ConfusionMatrix::accuracy() const {
  int64_t right = 0;
  for (int64_t c = 0; c < classes_; ++c) right += count(c, c);
  return total() > 0 ? static_cast<double>(right) / static_cast<double>(total()) : 0;
}

}  // namespace cairn
