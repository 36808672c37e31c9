#pragma once
// A model's folder as the subcommands open it, and stdin's texts in batches for it.
#include <functional>
#include <string>
#include <vector>

#include "models/bert/heads.h"
#include "text/batches.h"
#include "text/bert_tokenizer.h"
#include "tools/cairn/options.h"
#include "train/task.h"

namespace cairn {

// A model folder's configuration and tokenizer, checked against each other.
struct ModelFolder {
  BertConfig config;
  BertTokenizer tokenizer;
  int64_t max_length;  // longer texts are cut to this many tokens
};

// Says which fields of config.json were ignored. Error if the tokenizer has ids that the model
// has no embedding for, and as checked_length.
ModelFolder open_model(const std::string& folder, int64_t max_length, int64_t default_value);

// How many tokens a text may have: `max_length`, or if that is 0, `default_value` but no more than
// the model has positions. Error if max_length is more than the model's positions.
int64_t checked_length(const BertConfig& config, int64_t max_length, int64_t default_value);

constexpr int64_t max_tokens = 1'000'000;  // the largest --max-length

// How a command that runs a model cuts its texts, and how many it puts into a batch.
struct Batching {
  int64_t max_length = 0;  // in tokens; 0: the default
  int64_t batch_size = 32;
};

// Declares --max-length, whose help names the default, --batch-size, and --threads.
void declare_batching(Options& options, Batching& batching, const std::string& default_length);

// The classifier in `folder`, in evaluation mode. Error if it has no trained head.
BertForSequenceClassification open_classifier(const std::string& folder, const BertConfig& config);

// Which of the model's labels the task's are: match_labels, with a note unless it was by name.
std::vector<int32_t> matched_labels(const Task& task, const std::vector<std::string>& model_labels,
                                    const std::string& folder);

// Reads stdin to its end, one text per line, and gives the texts to `apply` in batches, in order;
// on a terminal each line at once. An empty line is an empty text. Notes how many texts were cut.
void for_each_batch(const ModelFolder& folder, int64_t batch_size,
                    const std::function<void(const Batch& batch)>& apply);

// Says on stderr that texts were cut, if any were.
void note_truncated(int64_t count, int64_t max_length);

}  // namespace cairn
