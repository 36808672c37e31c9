#pragma once
// A pretraining small enough for tests: four pairs of sentences an epoch, 7 steps, dropout.
#include "models/bert/more/pretraining.h"
#include "tests/training.h"
#include "train/more/pretrain.h"

namespace cairn::test {

inline const Documents documents = {
    {"the film was good .", "this one is fine .", "a very good film ."},
    {"the book was bad .", "this one is poor .", "a very poor book .", "not a good one ."},
    {"a film is a film .", "the book is fine ."}};

inline PretrainOptions pretrain_options(const std::string& out, int64_t steps = 7) {
  PretrainOptions options;
  options.run.out = out;
  options.run.steps = steps;
  options.run.lr = 1e-2;
  options.run.warmup = 0.2;
  options.run.checkpoint_every = 2;
  options.batch_size = 3;
  options.max_length = 16;
  options.seed = 5;
  options.masking.chosen = 0.5;
  return options;
}

inline BertForPreTraining pretraining_model() {
  Random random(1);
  return BertForPreTraining(config(), Init{.std = 0.1, .random = &random});
}

}  // namespace cairn::test
