#pragma once
// How good a classifier is: the confusion matrix and its accuracy. Precision, recall and F1 are in
// train/more/classification_report.h.
#include <cstddef>
#include <cstdint>
#include <vector>

namespace cairn {

class ConfusionMatrix {
 public:
  explicit ConfusionMatrix(int64_t classes);  // Error unless there are 0 to 10,000

  // Counts an example. Error unless both are in [0, classes).
  void add(int32_t truth, int32_t predicted) { ++counts_[index(truth, predicted)]; }

  int64_t classes() const { return classes_; }
  int64_t total() const;  // of all examples counted
  // How many examples of class `truth` were predicted as class `predicted`.
  int64_t count(int64_t truth, int64_t predicted) const { return counts_[index(truth, predicted)]; }
  double accuracy() const;  // the fraction on the diagonal; 0 of no examples

 private:
  size_t index(int64_t truth, int64_t predicted) const;

  int64_t classes_;
  std::vector<int64_t> counts_;  // (classes, classes): rows are the truth
};

}  // namespace cairn
