#pragma once
// Fine-tuning a BERT to classify texts.
//
//   Examples train = read_examples(task, "train.tsv", tokenizer, 128);
//   FinetuneResult result = finetune(model, tokenizer, train, dev, {.run = {.out = "runs/sst2"}});
//
// The result is the same, bit for bit, for any number of threads, and for a run that was
// interrupted and resumed.
#include <optional>
#include <string>
#include <vector>

#include "models/bert/heads.h"
#include "text/batches.h"
#include "text/bert_tokenizer.h"
#include "train/metrics.h"
#include "train/run.h"
#include "train/task.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct FinetuneOptions {
  RunOptions run;  // run.steps is computed from the options below
  int64_t epochs = 3;
  int64_t max_steps = 0;  // if not 0: this many steps, whatever `epochs` is
  int64_t batch_size = 32;
  std::optional<int64_t> eval_every;  // steps; 0: never; not set: at the end of each epoch. Unless
                                      // 0, the last step is followed by an evaluation too
  int64_t patience = 0;          // stop after this many evaluations without improvement; 0: never
  uint64_t seed = 0;             // of the order of the texts and of dropout
  bool group_by_length = false;  // batches of texts of similar length
  std::vector<int64_t> order;    // if not empty: the indices of an epoch, instead of random ones
};

// What an evaluation during the training found.
struct Evaluation {
  int64_t step = 0;
  double train_loss = 0;          // mean over the steps since the previous evaluation
  double loss = 0, accuracy = 0;  // on the development set
};

struct FinetuneResult {
  std::vector<StepRecord> steps;        // of this part of the run, if it was resumed
  std::vector<Evaluation> evaluations;  // of all parts
  std::optional<Evaluation> best;       // the highest accuracy; of equal ones, the lowest loss
  bool stopped_early = false;
  bool interrupted = false;  // by Ctrl-C: a checkpoint has been saved
};

// Trains `model` on `train` and evaluates it on `dev`, which may be empty. After each evaluation
// that is the best so far, the folder options.run.out gets model, configuration and tokenizer in
// Hugging Face's layout; without evaluations, it does at the end. Afterwards `model` has the
// weights that were saved last, unless the run was interrupted. Seeds default_random(). Progress
// goes to stderr. Error, apart from bad files: no training examples, a label that the model has no
// class for, or a training that has diverged (a loss, a gradient or a weight that is not finite),
// naming the step; then what was saved before stays.
FinetuneResult finetune(BertForSequenceClassification& model, const BertTokenizer& tokenizer,
                        const Examples& train, const Examples& dev, const FinetuneOptions& options);

struct Predictions {
  ConfusionMatrix matrix;
  double loss = 0;  // mean cross entropy
};

// The model's predictions for all examples, in evaluation mode.
Predictions evaluate(BertForSequenceClassification& model, const Examples& examples,
                     int64_t batch_size = 64);

// The batches of epoch 0, 1, ...: options.order, or random ones as options.seed has it.
BatchIndices batches_of_epoch(const Examples& examples, const FinetuneOptions& options,
                              int64_t epoch);

}}  // namespace cairn::CAIRN_PRECISION
