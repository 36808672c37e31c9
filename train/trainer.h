#pragma once
// Fine-tuning a BERT to tell classes of texts apart.
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
  RunOptions run;                 // run.steps is computed from what follows
  int64_t epochs = 3;
  int64_t max_steps = 0;          // if not 0: so many steps, however many epochs that is
  int64_t batch_size = 32;
  std::optional<int64_t> eval_every;  // steps; 0: never; not set: at the end of each epoch. Unless
                                      // never, the last step is followed by an evaluation too
  int64_t patience = 0;           // stop after so many evaluations without a better one; 0: never
  uint64_t seed = 0;              // of the order of the texts and of dropout
  bool group_by_length = false;   // batches of texts of similar length
  std::vector<int64_t> order;     // if not empty: the rows of an epoch, instead of a random order
};

// What an evaluation during the training found.
struct Evaluation {
  int64_t step = 0;
  double train_loss = 0;          // mean over the steps since the evaluation before
  double loss = 0, accuracy = 0;  // on the development set
};

struct FinetuneResult {
  std::vector<StepRecord> steps;        // of this part of the run, if it was resumed
  std::vector<Evaluation> evaluations;  // of all parts
  std::optional<Evaluation> best;       // the highest accuracy; of equal ones, the lowest loss
  bool stopped_early = false;
  bool interrupted = false;             // by Ctrl-C: a checkpoint has been saved
};

// Trains `model` on `train` and evaluates it on `dev`, which may be empty. At each best evaluation
// so far the folder options.run.out gets model, configuration and tokenizer in Hugging Face's
// layout; without evaluations, at the end. After it `model` has the weights that were saved last,
// unless the run was interrupted. Seeds default_random(). Progress goes to stderr. Error, apart
// from faults of the files: no training examples, a label that the model has no class for, a
// training that has diverged (a loss, a gradient, or a weight that is not finite), which names the
// step; then what was saved before stays.
FinetuneResult finetune(BertForSequenceClassification& model, const BertTokenizer& tokenizer,
                        const Examples& train, const Examples& dev,
                        const FinetuneOptions& options);

struct Predictions {
  ConfusionMatrix matrix;
  double loss = 0;  // mean cross entropy
};

// The model's classes for all examples, in evaluation mode.
Predictions evaluate(BertForSequenceClassification& model, const Examples& examples,
                     int64_t batch_size = 64);

// The batches of epoch 0, 1, ...: options.order, or random ones as options.seed has it.
BatchIndices batches_of_epoch(const Examples& examples, const FinetuneOptions& options,
                              int64_t epoch);

}}  // namespace cairn::CAIRN_PRECISION
