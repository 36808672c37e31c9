#pragma once
// Pretraining a BERT on plain text (Devlin et al. 2018, section 3.1): it predicts masked tokens,
// and whether one sentence follows the other. The loss is the sum of the two cross entropies.
#include <string>
#include <vector>

#include "models/bert/more/pretraining.h"
#include "text/bert_tokenizer.h"
#include "text/more/masked_lm.h"
#include "train/run.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct PretrainOptions {
  RunOptions run;            // run.steps is how long to train
  int64_t batch_size = 32;   // pairs of sentences
  int64_t max_length = 128;  // tokens of a pair
  uint64_t seed = 0;         // of pairs, their order, masks and dropout
  MaskingOptions masking;
};

struct PretrainResult {
  std::vector<StepRecord> steps;                     // of this part of the run, if it was resumed
  std::vector<double> word_losses, sentence_losses;  // the two parts of each step's loss
  bool interrupted = false;                          // by Ctrl-C: a checkpoint has been saved
};

// Trains `model` and writes it, its configuration and the tokenizer into options.run.out in Hugging
// Face's layout. Pairs and masks are drawn again in each epoch. Seeds default_random(). Progress
// goes to stderr. Error as sentence_pairs and Run::train_step.
PretrainResult pretrain(BertForPreTraining& model, const BertTokenizer& tokenizer,
                        const Documents& documents, const PretrainOptions& options);

}}  // namespace cairn::CAIRN_PRECISION
