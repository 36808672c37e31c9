#pragma once
// Precision, recall and F1 of a classifier, by class and on average, as scikit-learn reports them.
#include <cstdint>
#include <string>
#include <vector>

#include "train/metrics.h"

namespace cairn {

// How well one class is recognised, or an average over classes.
struct Score {
  double precision = 0;  // the fraction of examples predicted as this class that are; 0 of none
  double recall = 0;     // the fraction of this class's examples that were found; 0 of none
  double f1 = 0;         // 2 precision recall / (precision + recall); 0 if both are
  int64_t support = 0;   // how many examples are of this class
};

Score score_of(const ConfusionMatrix& matrix, int64_t label);  // of one class
Score macro_average(const ConfusionMatrix& matrix);            // every class counts the same
Score weighted_average(const ConfusionMatrix& matrix);         // every example counts the same

// The table that scikit-learn's classification_report prints. One name per class.
std::string classification_report(const ConfusionMatrix& matrix,
                                  const std::vector<std::string>& names, int digits = 2);

}  // namespace cairn
