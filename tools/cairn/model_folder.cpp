// Opening a model's folder, and giving it stdin's texts in batches.
#include "tools/cairn/model_folder.h"

#include <unistd.h>

#include <algorithm>

#include "core/error.h"
#include "models/bert/load.h"
#include "tools/cairn/standard_streams.h"

namespace cairn {

ModelFolder open_model(const std::string& folder, int64_t max_length, int64_t default_value) {
  BertConfig config = BertConfig::load(folder);
  for (const std::string& text : config.notes) note(text);
  BertTokenizer tokenizer = BertTokenizer::from_pretrained(folder);
  for (const std::string& text : tokenizer.notes()) note(text);
  if (tokenizer.size() > config.vocab_size)
    fail(folder,
         "the vocabulary has " + std::to_string(tokenizer.size()) +
             " tokens, but config.json's vocab_size is " + std::to_string(config.vocab_size),
         "the vocabulary belongs to another model");
  max_length = checked_length(config, max_length, default_value);
  return {std::move(config), std::move(tokenizer), max_length};
}

int64_t checked_length(const BertConfig& config, int64_t max_length, int64_t default_value) {
  const int64_t positions = config.max_position_embeddings;
  if (max_length > positions)
    fail("--max-length",
         std::to_string(max_length) + " is more than the model's " + std::to_string(positions) +
             " positions",
         "give at most " + std::to_string(positions));
  return max_length > 0 ? max_length : std::min(positions, default_value);
}

void declare_batching(Options& options, Batching& batching, const std::string& default_length) {
  const std::string length_help = "cut texts to N tokens (default: " + default_length + ")";
  options.integer("max-length", batching.max_length, 0, max_tokens, length_help.c_str());
  options.integer("batch-size", batching.batch_size, 1, 65536, "texts in a batch");
  options.threads();
}

BertForSequenceClassification open_classifier(const std::string& folder, const BertConfig& config) {
  LoadReport report;
  auto model = from_pretrained<BertForSequenceClassification>(folder, config,
                                                              LoadOptions{.report = &report});
  if (!report.created.empty())
    fail(folder, "the model has no trained " + report.created[0],
         "it is not a classifier yet: train it with cairn finetune");
  return model;
}

std::vector<int32_t> matched_labels(const Task& task, const std::vector<std::string>& model_labels,
                                    const std::string& folder) {
  const std::string place = folder + "/config.json";
  const LabelMatch match = match_labels(task, model_labels, place);
  std::string text;
  for (size_t i = 0; i < match.ids.size(); ++i)
    text +=
        (i ? ", " : "") + model_labels[static_cast<size_t>(match.ids[i])] + " is " + task.labels[i];
  if (!match.by_name)
    note(place +
         ": the model's labels have other names than the task's, so numbers count: " + text);
  return match.ids;
}

void for_each_batch(const ModelFolder& folder, int64_t batch_size,
                    const std::function<void(const Batch& batch)>& apply) {
  if (isatty(STDIN_FILENO)) batch_size = 1;
  InputLines lines;
  std::vector<Encoding> texts;
  int64_t truncated = 0;
  const auto finish_batch = [&] {
    if (texts.empty()) return;
    apply(make_batch(texts, {}, sequential_order(static_cast<int64_t>(texts.size()))));
    flush_output();
    texts.clear();
  };
  for (std::string line; lines.next(line);) {
    texts.push_back(folder.tokenizer.encode(line, folder.max_length));
    truncated += texts.back().truncated;
    if (static_cast<int64_t>(texts.size()) == batch_size) finish_batch();
  }
  finish_batch();
  note_truncated(truncated, folder.max_length);
}

void note_truncated(int64_t count, int64_t max_length) {
  if (count > 0)
    note(std::to_string(count) + (count == 1 ? " text was" : " texts were") + " cut to " +
         std::to_string(max_length) + " tokens");
}

}  // namespace cairn
