// The labels of the data and those of a model: matched by name, or by number.
#include <doctest/doctest.h>

#include "tests/folders.h"
#include "tests/support.h"
#include "train/task.h"

using namespace cairn;
using namespace cairn::test;

namespace {

LabelMatch match(const std::vector<std::string>& model_labels) {
  return match_labels(find_task("sst2"), model_labels, "config.json");
}

}  // namespace

TEST_CASE("labels: matched by name, whatever their order and capitals") {
  const std::vector<int32_t> straight{0, 1}, swapped{1, 0};
  CHECK(match({"negative", "positive"}).ids == straight);
  CHECK(match({"positive", "negative"}).ids == swapped);
  CHECK(match({"POSITIVE", "Negative"}).ids == swapped);
  CHECK(match({"positive", "negative"}).by_name);
}

TEST_CASE("labels: LABEL_1 and 1 are the label 1 - of other names the numbers count") {
  const std::vector<int32_t> straight{0, 1}, swapped{1, 0};
  CHECK(match({"LABEL_0", "LABEL_1"}).ids == straight);
  CHECK(match({"LABEL_1", "LABEL_0"}).ids == swapped);
  CHECK(match({"1", "0"}).ids == swapped);
  CHECK(match({"bad", "good"}).ids == straight);
  CHECK(match({"negative", "good"}).ids == straight);
  for (const LabelMatch& m : {match({"LABEL_0", "LABEL_1"}), match({"bad", "good"})})
    CHECK_FALSE(m.by_name);
}

TEST_CASE("labels: a name that says the contrary of its number, and other counts, are refused") {
  const auto error = [](const std::vector<std::string>& labels) {
    return error_of([&] { match(labels); });
  };
  CHECK(has(error({"positive", "bad"}), "label 0 of the model is positive, which is label 1"));
  CHECK(has(error({"a", "b", "c"}), "the model has 3 labels, the task sst2 has 2"));
}

TEST_CASE("labels: the examples get the model's numbers") {
  const TempFolder folder;
  write_file_atomically(folder / "d.tsv", "sentence\tlabel\ngood\t1\nbad\t0\n");
  const BertTokenizer tokenizer({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad"});
  const Task& task = find_task("sst2");
  const std::vector<int32_t> ids = match({"positive", "negative"}).ids;
  CHECK(read_examples(task, folder / "d.tsv", tokenizer, 8).labels == std::vector<int32_t>{1, 0});
  CHECK(read_examples(task, folder / "d.tsv", tokenizer, 8, ids).labels ==
        std::vector<int32_t>{0, 1});
}
