// The four parts of the batch, each against a loop.
#include <algorithm>
#include <string>

#include "tutorials/10_pretraining/exercises/make_batch/make_batch.h"

namespace {

// Five texts, of which one is a pair and one has no token.
std::vector<Encoding> new_texts() {
  return {{{2, 11, 12, 3}, {0, 0, 0, 0}},
          {{2, 13, 3, 14, 15, 3}, {0, 0, 0, 1, 1, 1}},
          {{}, {}},
          {{2, 16, 3}, {0, 0, 0}},
          {{2, 3, 17, 3}, {0, 0, 1, 1}}};
}

std::string text_of(const std::vector<int32_t>& numbers) {
  std::string text;
  for (const int32_t number : numbers) text += (text.empty() ? "" : " ") + std::to_string(number);
  return text;
}

class Checker {
 public:
  Checker(MakeBatch* function, check::Judge& judge) : make_(function), judge_(judge) {}

  void run(const std::string& what, const std::vector<int32_t>& labels,
           const std::vector<int64_t>& indices, const std::vector<Encoding>& texts = new_texts()) {
    std::vector<int32_t> ids, types, chosen, starts{0};
    int64_t longest = 0;
    for (const int64_t index : indices) {
      const Encoding& text = texts[static_cast<size_t>(index)];
      ids.insert(ids.end(), text.ids.begin(), text.ids.end());
      types.insert(types.end(), text.token_types.begin(), text.token_types.end());
      starts.push_back(static_cast<int32_t>(ids.size()));
      longest = std::max(longest, static_cast<int64_t>(text.ids.size()));
      if (!labels.empty()) chosen.push_back(labels[static_cast<size_t>(index)]);
    }
    judge_.input(what);
    const Batch got = make_(texts, labels, indices);
    equal(what + ": ids", got.ids, ids);
    equal(what + ": token_types", got.token_types, types);
    equal(what + ": labels", got.labels, chosen);
    equal(what + ": the starts of rows", got.rows.starts(), starts);
    judge_.equal(what + ": the longest of rows", got.rows.longest(), longest);
  }

  void refused(const std::string& what, const std::vector<int32_t>& labels,
               const std::vector<int64_t>& indices) {
    judge_.throws(what, [&] { make_(new_texts(), labels, indices); });
  }

 private:
  void equal(const std::string& what, const Ids& got, const std::vector<int32_t>& expected) {
    judge_.that(got.axes() == 1, what + ": one axis", "there are " + std::to_string(got.axes()));
    judge_.equal(what, text_of(got.values()), text_of(expected));
  }

  MakeBatch* make_;
  check::Judge& judge_;
};

void check_make_batch(MakeBatch* make_batch, check::Judge& judge) {
  Checker checker(make_batch, judge);
  const std::vector<int32_t> labels{5, 6, 7, 8, 9};
  checker.run("three texts with labels", labels, {0, 1, 3});
  checker.run("the same once more", labels, {0, 1, 3});
  checker.run("in another order", labels, {4, 0, 3});
  checker.run("without labels", {}, {1, 4});
  checker.run("one text", labels, {3});
  checker.run("a text twice", labels, {3, 1, 3});
  checker.run("a text twice in a row", labels, {1, 1, 3});
  checker.run("a text without tokens", labels, {0, 2, 3});
  checker.run("a text without tokens at the end", labels, {0, 2});
  checker.run("all texts", labels, {0, 1, 2, 3, 4});
  checker.run("no indices", labels, {});
  checker.run("no texts", {}, {}, {});
  checker.refused("an index as large as the number of texts", labels, {0, 5});
  checker.refused("a large index", {}, {1000});
  checker.refused("a negative index", labels, {-1, 0});
  checker.refused("a label too few", {5, 6, 7, 8}, {0});
  checker.refused("a label too many", {5, 6, 7, 8, 9, 10}, {0});
  checker.refused("a label for each index", {5, 6}, {0, 1});
}

void work(MakeBatch* make_batch) {
  static const std::vector<Encoding> texts(
      32, Encoding{std::vector<int32_t>(64, 1), std::vector<int32_t>(64, 0)});
  static const std::vector<int64_t> indices = cairn::sequential_order(32);
  make_batch(texts, {}, indices);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<MakeBatch>({.name = "make_batch",
                                .check = check_make_batch,
                                .mine = cairn::make_batch,
                                .mistaken = mistakes::make_batch,
                                .mistakes = mistakes::list,
                                .alternatives = alternatives::list,
                                .work = work},
                               argc, argv);
}
