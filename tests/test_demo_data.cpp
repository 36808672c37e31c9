// The demo's corpus keeps what demo/README.md promises about sizes, balance and disjointness.
#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

#include "core/io/files.h"
#include "text/tsv.h"

using namespace cairn;

namespace {

const std::string folder = std::string(CAIRN_SOURCE_DIR) + "/demo/data/";

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::set<std::string> texts_of(const std::string& file, size_t& count, int& positive) {
  std::set<std::string> texts;
  const std::vector<Example> examples = read_tsv(folder + file, 2);
  count = examples.size(), positive = 0;
  for (const Example& example : examples) {
    texts.insert(lower(example.text));
    positive += example.label;
  }
  return texts;
}

}  // namespace

TEST_CASE("demo corpus: sizes, balance, and no test sentence elsewhere") {
  size_t count = 0, tests = 0;
  int positive = 0;
  std::set<std::string> elsewhere = texts_of("train.tsv", count, positive);
  CHECK(count >= 2000);
  CHECK(positive == static_cast<int>(count / 2));
  const std::set<std::string> dev = texts_of("dev.tsv", count, positive);
  elsewhere.insert(dev.begin(), dev.end());
  for (const std::string& line : split_lines(read_file(folder + "pretrain.txt")))
    elsewhere.insert(lower(line));
  for (const char* file : {"test_seen.tsv", "test_unseen.tsv"}) {
    const std::set<std::string> texts = texts_of(file, count, positive);
    CHECK(texts.size() == count);  // none twice
    CHECK(positive == static_cast<int>(count / 2));
    for (const std::string& text : texts) CHECK_MESSAGE(elsewhere.count(text) == 0, text);
    tests += count;
  }
  CHECK(tests >= 400);
}
