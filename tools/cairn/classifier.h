#pragma once
// What the commands that apply a model share.
#include <functional>
#include <string>

#include "core/io/json.h"
#include "models/bert/heads.h"
#include "text/batches.h"
#include "tools/cairn/commands.h"
#include "train/task.h"

namespace cairn {

// The classifier in `folder`, in evaluation mode. Error if it has no trained head.
BertForSequenceClassification open_classifier(const std::string& folder, const BertConfig& config);

// Which of the model's labels the task's are: match_labels, saying so unless it was by name.
std::vector<int32_t> matched_labels(const Task& task, const std::vector<std::string>& model_labels,
                                    const std::string& folder);

// Reads stdin to its end, a text a line, and gives the texts to `apply` in batches, in order; on a
// terminal each line at once. An empty line is an empty text. Says how many texts were cut.
void for_each_batch(const ModelFolder& folder, int64_t batch_size,
                    const std::function<void(const Batch& batch)>& apply);

// Says on stderr that texts were cut, if any were.
void note_truncated(int64_t count, int64_t max_length);

// Numbers as JSON with the fewest digits that read back as the same float.
Json json_numbers(const float* values, int64_t count);

}  // namespace cairn
