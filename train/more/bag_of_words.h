#pragma once
// The simplest text classifier worth beating: logistic regression on word counts. It knows which
// words a text has, but not their order.
#include <vector>

#include "core/tensor.h"
#include "train/metrics.h"
#include "train/task.h"

namespace cairn { inline namespace CAIRN_PRECISION {

class BagOfWords {
 public:
  // `vocabulary` tokens, `classes` labels; starts at zero weights.
  BagOfWords(int64_t vocabulary, int64_t classes);

  // Minimises the mean cross entropy plus decay / 2 |weight|^2 by `steps` steps of Adam on all
  // examples at once. Deterministic.
  void fit(const Examples& examples, int64_t steps = 300, double lr = 0.05, double decay = 1e-3);

  // Its predictions for these examples, counted.
  ConfusionMatrix evaluate(const Examples& examples) const;
  Tensor logits(const Examples& examples) const;  // (B, classes)

 private:
  Tensor weight_, bias_;  // (classes, vocabulary), (classes)
};

}}  // namespace cairn::CAIRN_PRECISION
