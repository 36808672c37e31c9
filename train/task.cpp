#include "train/task.h"

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

}  // namespace

const Task& find_task(const std::string& name) {
  std::string names;
  for (const Task& task : tasks) {
    if (task.name == name) return task;
    names += (names.empty() ? "" : ", ") + task.name;
  }
  fail("task", "there is no task \"" + name + "\"", "known are: " + names);
}

Examples read_examples(const Task& task, const std::string& path, const BertTokenizer& tokenizer,
                       int64_t max_length) {
  Examples examples;
  const auto classes = static_cast<int32_t>(task.labels.size());
  for (const Example& e : read_tsv(path, classes, task.text_column, task.label_column)) {
    examples.texts.push_back(tokenizer.encode(e.text, max_length));
    examples.labels.push_back(e.label);
    examples.truncated += examples.texts.back().truncated;
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
