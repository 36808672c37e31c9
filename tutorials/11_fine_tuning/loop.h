#pragma once
// The loop of this chapter, and how a tuned model is tested.
#include <cstdint>
#include <functional>

#include "tutorials/11_fine_tuning/parts.h"

// [setting]
struct Setting {
  double lr = 1e-3;  // the highest learning rate
  int64_t epochs = 3, batch_size = 32;
  uint64_t seed = 0;        // of the order of the sentences, and of dropout
  double decay = 0.01;      // of matrices,
  bool decays_all = false;  // and, if set, of biases and norms as well
  std::function<void(int64_t step, double loss)> after_step = {};
};
// [/setting]

// Fine-tunes the model on `train`, and leaves it in evaluation mode.
void fine_tune(Bert& model, const Examples& train, const Setting& setting);

// The share of the examples that the model gets right.
double score(Bert& model, const Examples& examples);
