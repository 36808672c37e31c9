// Accuracy and the macro average, in the place of the library's; task.md in
// tutorials/11_fine_tuning/exercises/accuracy_and_f1 says what is asked.
#include <cstdint>

#include "train/metrics.h"
#include "train/more/classification_report.h"

namespace cairn {

// The fraction of all examples that are right; 0 of no examples.
double ConfusionMatrix::accuracy() const {
  // TODO
  return 0;
}

// Precision, recall and F1: the plain means of those of the classes; support: the sum of theirs.
Score macro_average(const ConfusionMatrix& matrix) {
  // TODO
  (void)matrix;
  return {};
}

}  // namespace cairn
