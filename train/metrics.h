#pragma once
// How good a classifier is: the confusion matrix and what is computed from it.
#include <cstdint>
#include <string>
#include <vector>

namespace cairn {

// How well one class is recognised, or an average over classes.
struct Score {
  double precision = 0;  // the fraction of examples predicted as this class that are; 0 of none
  double recall = 0;     // the fraction of this class's examples that were found; 0 of none
  double f1 = 0;         // 2 precision recall / (precision + recall); 0 if both are
  int64_t support = 0;   // how many examples are of this class
};

class ConfusionMatrix {
 public:
  explicit ConfusionMatrix(int64_t classes);  // Error unless there are 0 to 10,000

  // Counts an example. Error unless both are in [0, classes).
  void add(int32_t truth, int32_t predicted) { ++counts_[index(truth, predicted)]; }

  int64_t classes() const { return classes_; }
  int64_t total() const;                // of all examples counted
  // How many examples of class `truth` were predicted as class `predicted`.
  int64_t count(int64_t truth, int64_t predicted) const {
    return counts_[index(truth, predicted)];
  }
  double accuracy() const;              // the fraction on the diagonal; 0 of no examples
  Score score(int64_t label) const;     // of one class
  Score macro_average() const;          // every class counts the same
  Score weighted_average() const;       // every example counts the same

 private:
  size_t index(int64_t truth, int64_t predicted) const;

  int64_t classes_;
  std::vector<int64_t> counts_;  // (classes, classes): rows are the truth
};

// The table that scikit-learn's classification_report prints. One name per class.
std::string classification_report(const ConfusionMatrix& matrix,
                                  const std::vector<std::string>& names, int digits = 2);

}  // namespace cairn
