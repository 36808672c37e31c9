// Metrics against scikit-learn 1.9's, and what a task and its data say.
#include <doctest/doctest.h>

#include "tests/folders.h"
#include "tests/support.h"
#include "tests/training.h"
#include "train/more/classification_report.h"
#include "train/task.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// Rows are the truth. Nothing is said to be of class 2, and the matrix is not symmetric.
ConfusionMatrix four_classes() {
  const int counts[4][4] = {{7, 2, 0, 1}, {3, 5, 0, 4}, {0, 0, 0, 2}, {1, 6, 0, 20}};
  ConfusionMatrix m(4);
  for (int32_t truth = 0; truth < 4; ++truth)
    for (int32_t said = 0; said < 4; ++said)
      for (int i = 0; i < counts[truth][said]; ++i) m.add(truth, said);
  return m;
}

void check_score(const Score& s, double precision, double recall, double f1, int64_t support) {
  CHECK(s.precision == doctest::Approx(precision).epsilon(1e-12));
  CHECK(s.recall == doctest::Approx(recall).epsilon(1e-12));
  CHECK(s.f1 == doctest::Approx(f1).epsilon(1e-12));
  CHECK(s.support == support);
}

}  // namespace

// classification_report(truth, said, output_dict=True, zero_division=0)
TEST_CASE("metrics: scikit-learn's precision, recall, F1 and support, of classes and averages") {
  const ConfusionMatrix m = four_classes();
  CHECK(m.classes() == 4);
  CHECK(m.total() == 51);
  CHECK(m.count(1, 3) == 4);
  CHECK(m.count(3, 1) == 6);
  CHECK(m.accuracy() == doctest::Approx(0.6274509803921569).epsilon(1e-12));
  check_score(score_of(m, 0), 0.6363636363636364, 0.7, 0.6666666666666666, 10);
  check_score(score_of(m, 1), 0.38461538461538464, 0.4166666666666667, 0.4, 12);
  check_score(score_of(m, 2), 0, 0, 0, 2);
  check_score(score_of(m, 3), 0.7407407407407407, 0.7407407407407407, 0.7407407407407407, 27);
  check_score(macro_average(m), 0.44042994042994044, 0.46435185185185185, 0.45185185185185184, 51);
  check_score(weighted_average(m), 0.6074317839023722, 0.6274509803921569, 0.6169934640522876, 51);
}

TEST_CASE("metrics: scikit-learn's table, with its digits and room for the longest name") {
  CHECK(classification_report(four_classes(), {"a", "bb", "sehr langer Name \u00e9", "d"}, 3) ==
        "                    precision    recall  f1-score   support\n"
        "\n"
        "                 a      0.636     0.700     0.667        10\n"
        "                bb      0.385     0.417     0.400        12\n"
        "sehr langer Name \u00e9      0.000     0.000     0.000         2\n"
        "                 d      0.741     0.741     0.741        27\n"
        "\n"
        "          accuracy                          0.627        51\n"
        "         macro avg      0.440     0.464     0.452        51\n"
        "      weighted avg      0.607     0.627     0.617        51\n");
}

TEST_CASE("metrics: a class that is not there is refused, at either end, for either of the two") {
  ConfusionMatrix m(2);
  for (const int32_t bad : {-1, 2, 100}) {
    const std::string message = "[ConfusionMatrix] class " + std::to_string(bad) + " of 2 classes";
    CHECK(has(error_of([&] { m.add(bad, 0); }), message));
    CHECK(has(error_of([&] { m.add(1, bad); }), message));
    CHECK(has(error_of([&] { m.count(bad, 1); }), message));
    CHECK(has(error_of([&] { score_of(m, bad); }), message));
  }
  CHECK(m.total() == 0);
  CHECK(ConfusionMatrix(0).total() == 0);
  CHECK(macro_average(ConfusionMatrix(0)).f1 == 0);
  CHECK(ConfusionMatrix(10'000).classes() == 10'000);
  CHECK(has(error_of([] { ConfusionMatrix(10'001); }), "classes is 10001"));
  CHECK(has(error_of([] { ConfusionMatrix(-1); }), "classes is -1"));
}

TEST_CASE("labels: the ids are the model's, for each of the task's, whatever the permutation") {
  const Task task{"t", "text", "label", {"no", "maybe", "yes"}};
  const auto ids = [&](const std::vector<std::string>& names) {
    return match_labels(task, names, "config.json").ids;
  };
  const std::vector<int32_t> turned{1, 2, 0};  // not its own inverse
  CHECK(ids({"yes", "no", "maybe"}) == turned);
  CHECK(ids({"LABEL_2", "LABEL_0", "label_1"}) == turned);
  CHECK(ids({"2", "0", "1"}) == turned);
  CHECK(ids({"2", "LABEL_0", "1"}) == turned);
  CHECK(ids({"LABEL_1", "0", "2"}) == std::vector<int32_t>{1, 0, 2});
  CHECK(ids({"a", "b", "c"}) == std::vector<int32_t>{0, 1, 2});
  CHECK(ids({"a", "maybe", "c"}) == std::vector<int32_t>{0, 1, 2});  // a name at its own number
  const std::string error = error_of([&] { ids({"a", "b", "maybe"}); });
  CHECK(error ==
        "[config.json] label 2 of the model is maybe, which is label 1 of the task t, but not all "
        "labels have the task's names\n  hint: name them in id2label as the task does");
}

TEST_CASE("task: texts that are cut are counted - the error of a bad file names the line") {
  const TempFolder folder;
  const Task task{"t", "text", "class", {"no", "maybe", "yes"}};
  const std::string path = folder / "d.tsv";
  write_file_atomically(path,
                        "class\ttext\n2\tgood film\n0\tthe film was bad\n1\tvery very good\n");
  const Examples e = read_examples(task, path, tokenizer(), 5);
  CHECK(e.truncated == 1);
  CHECK(e.labels == std::vector<int32_t>{2, 0, 1});
  CHECK(e.texts[1].ids == std::vector<int32_t>{2, 13, 11, 15, 3});
  CHECK(e.texts[2].ids == std::vector<int32_t>{2, 10, 10, 5, 3});
  CHECK(read_examples(task, path, tokenizer(), 4).truncated == 2);
  CHECK(read_examples(task, path, tokenizer(), 9).truncated == 0);
  CHECK(read_examples(task, path, tokenizer(), 5, {1, 2, 0}).labels ==
        std::vector<int32_t>{0, 1, 2});
  write_file_atomically(path, "class\ttext\n3\tgood film\n");
  CHECK(has(error_of([&] { read_examples(task, path, tokenizer(), 5); }), path + ":2"));
  write_file_atomically(path, "class\tsentence\n1\tgood film\n");
  CHECK(has(error_of([&] { read_examples(task, path, tokenizer(), 5); }), path + ":1"));
}

TEST_CASE("task: a fingerprint tells apart labels, ids, token types, order and where texts end") {
  const auto print = [](const std::function<void(Examples&)>& change) {
    Examples e;
    for (const std::vector<int32_t>& ids :
         {std::vector<int32_t>{2, 5, 3}, std::vector<int32_t>{2, 6, 7, 3}}) {
      Encoding text;
      text.ids = ids;
      text.token_types.assign(ids.size(), 0);
      e.texts.push_back(text);
    }
    e.labels = {0, 1};
    change(e);
    return fingerprint(e);
  };
  const std::vector<uint32_t> prints{
      print([](auto&) {}),
      print([](auto& e) {
        e.labels = {1, 0};
      }),
      print([](auto& e) {
        e.labels = {0, 0};
      }),
      print([](auto& e) { e.texts[1].ids[2] = 8; }),
      print([](auto& e) { e.texts[0].ids[1] = 8; }),
      print([](auto& e) { e.texts[1].token_types[3] = 1; }),
      print([](auto& e) { std::swap(e.texts[0], e.texts[1]); }),
      print([](auto& e) {  // the last of the first text is the first of the second
        e.texts[0].ids.pop_back(), e.texts[0].token_types.pop_back();
        e.texts[1].ids.insert(e.texts[1].ids.begin(), 3), e.texts[1].token_types.push_back(0);
      }),
      print([](auto& e) { e.texts.pop_back(); })};
  for (size_t i = 0; i < prints.size(); ++i)
    for (size_t j = 0; j < i; ++j) CHECK(prints[i] != prints[j]);
  CHECK(print([](auto& e) { e.truncated = 1; }) == prints[0]);
  // The same numbers one after the other, but for where the first text ends.
  const auto two = [](const std::vector<int32_t>& a, const std::vector<int32_t>& b) {
    Examples e;
    e.labels = {0, 1};
    for (const auto& ids : {a, b}) {
      e.texts.emplace_back();
      e.texts.back().ids = ids;
      e.texts.back().token_types.assign(ids.size(), 0);
    }
    return fingerprint(e);
  };
  CHECK(two({2, 0}, {}) != two({2}, {0}));
}
