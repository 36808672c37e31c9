#pragma once
// Several models from several seeds, and the longer run.
#include <vector>

#include "tutorials/10_pretraining/parts.h"

BertForPreTraining new_bert(uint64_t seed);

// Three models, which differ in their seed alone.
struct Seeds {
  std::vector<BertForPreTraining> models;
  std::vector<Score> scores;
  std::vector<double> says;  // the losses that the trainings end with
};

Seeds three_seeds(const Recipe& recipe);

// The lowest and the highest of each score.
void print_range(const std::vector<Score>& scores);

// What `--full` prints is kept in full.txt.
void full();
