// Batches of stdin's lines, and the numbers that come of them.
#include "tools/cairn/classifier.h"

#include <unistd.h>

#include <charconv>

#include "core/error.h"
#include "models/bert/load.h"

namespace cairn {

BertForSequenceClassification open_classifier(const std::string& folder,
                                              const BertConfig& config) {
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
    text += (i ? ", " : "") + model_labels[static_cast<size_t>(match.ids[i])] + " is " +
            task.labels[i];
  if (!match.by_name)
    note(place + ": the model's labels have other names than the task's, so numbers count: " +
         text);
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

Json json_numbers(const float* values, int64_t count) {
  Json array = Json::array();
  for (int64_t i = 0; i < count; ++i) {
    char text[32];
    const char* end = std::to_chars(text, text + sizeof text, values[i]).ptr;
    double same_digits = 0;
    std::from_chars(text, end, same_digits);
    array.push(same_digits);
  }
  return array;
}

}  // namespace cairn
