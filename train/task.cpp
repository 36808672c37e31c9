// The tasks, matching their labels with a model's, and reading their data.
#include "train/task.h"

#include <algorithm>
#include <cctype>

#include "core/error.h"
#include "core/io/crc32.h"
#include "text/tsv.h"

namespace cairn {
namespace {

const std::vector<Task> tasks = {
    // The Stanford Sentiment Treebank's sentences (Socher et al. 2013), as in GLUE.
    {"sst2", "sentence", "label", {"negative", "positive"}},
};

uint32_t crc32_of(const std::vector<int32_t>& values, uint32_t crc) {
  return crc32(values.data(), values.size() * sizeof(int32_t), crc);
}

// The index of `name` among `names`, regardless of case; -1 if it is not there.
int32_t index_of(const std::string& name, const std::vector<std::string>& names) {
  const auto same = [&](const std::string& other) {
    return std::equal(
        name.begin(), name.end(), other.begin(), other.end(),
        [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
  };
  const auto found = std::find_if(names.begin(), names.end(), same);
  return found == names.end() ? -1 : static_cast<int32_t>(found - names.begin());
}

bool all_found(const std::vector<int32_t>& indices) {
  return std::find(indices.begin(), indices.end(), -1) == indices.end();
}

}  // namespace

const Task& find_task(const std::string& name) {
  std::string names;
  for (const Task& task : tasks) {
    if (task.name == name) return task;
    names += (names.empty() ? "" : ", ") + task.name;
  }
  fail("task", "there is no task \"" + name + "\"", "known are: " + names);
}

LabelMatch match_labels(const Task& task, const std::vector<std::string>& model_labels,
                        const std::string& place) {
  const size_t count = task.labels.size();
  if (model_labels.size() != count)
    fail(place,
         "the model has " + std::to_string(model_labels.size()) + " labels, the task " + task.name +
             " has " + std::to_string(count),
         "is it the right model and the right task?");
  std::vector<int32_t> named, numbered, same;
  for (size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    named.push_back(index_of(task.labels[i], model_labels));
    const int32_t plain = index_of(number, model_labels);
    numbered.push_back(plain >= 0 ? plain : index_of("LABEL_" + number, model_labels));
    same.push_back(static_cast<int32_t>(i));
  }
  if (all_found(named)) return {named, true};
  if (all_found(numbered)) return {numbered, false};
  for (size_t i = 0; i < count; ++i)
    if (named[i] >= 0 && named[i] != same[i])
      fail(place,
           "label " + std::to_string(named[i]) + " of the model is " + task.labels[i] +
               ", which is label " + std::to_string(i) + " of the task " + task.name +
               ", but not all labels have the task's names",
           "name them in id2label as the task does");
  return {same, false};
}

Examples read_examples(const Task& task, const std::string& path, const BertTokenizer& tokenizer,
                       int64_t max_length, const std::vector<int32_t>& label_ids) {
  Examples examples;
  const auto classes = static_cast<int32_t>(task.labels.size());
  std::vector<Example> rows = read_tsv(path, classes, task.text_column, task.label_column);
  examples.texts.reserve(rows.size());
  for (Example& e : rows) {
    examples.texts.push_back(tokenizer.encode(e.text, max_length));
    examples.labels.push_back(label_ids.empty() ? e.label
                                                : label_ids[static_cast<size_t>(e.label)]);
    examples.truncated += examples.texts.back().truncated;
    e.text = {};  // frees its memory for the next encodings
  }
  return examples;
}

uint32_t fingerprint(const Examples& examples) {
  uint32_t crc = crc32_of(examples.labels, 0);
  for (const Encoding& text : examples.texts) {
    const auto length = static_cast<int32_t>(text.ids.size());
    crc = crc32(&length, sizeof length, crc);
    crc = crc32_of(text.token_types, crc32_of(text.ids, crc));
  }
  return crc;
}

}  // namespace cairn
