// The three rectangles, cell by cell.
#include <algorithm>
#include <string>

#include "tutorials/10_pretraining/exercises/collate/collate.h"

namespace {

std::string text_of(const cairn::Shape& shape) {
  std::string text;
  for (const int64_t size : shape) text += (text.empty() ? "" : ", ") + std::to_string(size);
  return "(" + text + ")";
}

// `cell` says what stands at token t of text b, and behind its last.
template <class Cell>
void equal(check::Judge& judge, const std::string& what, const Ids& got,
           const std::vector<Encoding>& texts, const Cell& cell) {
  size_t T = 0;
  for (const Encoding& text : texts) T = std::max(T, text.ids.size());
  const cairn::Shape shape{static_cast<int64_t>(texts.size()), static_cast<int64_t>(T)};
  if (!(got.shape() == shape)) {
    judge.that(false, what,
               "expected the shape " + text_of(shape) + ", got " + text_of(got.shape()));
    return;
  }
  std::vector<check::real> expected;
  for (const Encoding& text : texts)
    for (size_t t = 0; t < T; ++t) expected.push_back(cell(text, t));
  const std::vector<int32_t> cells = got.values();
  judge.equal(what, {cells.begin(), cells.end()}, expected, shape);
}

void check_collate(Collate* collate, check::Judge& judge) {
  const auto run = [&](const std::string& what, const std::vector<Encoding>& texts, int32_t pad) {
    judge.input(what);
    const PaddedBatch got = collate(texts, pad);
    equal(judge, what + ": ids", got.ids, texts,
          [&](const Encoding& e, size_t t) { return t < e.ids.size() ? e.ids[t] : pad; });
    equal(judge, what + ": token_types", got.token_types, texts,
          [](const Encoding& e, size_t t) { return t < e.ids.size() ? e.token_types[t] : 0; });
    equal(judge, what + ": mask", got.mask, texts,
          [](const Encoding& e, size_t t) { return t < e.ids.size() ? 1 : 0; });
  };
  const Encoding four{{2, 11, 12, 3}, {0, 0, 0, 0}}, two{{2, 3}, {0, 0}}, none{{}, {}},
      pair{{2, 13, 3, 14, 15, 3}, {0, 0, 0, 1, 1, 1}}, one{{2}, {0}},
      zeros{{2, 0, 7, 0}, {0, 0, 1, 1}};
  run("three texts", {four, two, pair}, 0);
  run("the same once more", {four, two, pair}, 0);
  run("the longest first", {pair, four, two}, 0);
  run("[PAD] is 9", {four, two, pair}, 9);
  run("[PAD] is 3, as [SEP] is", {two, four}, 3);
  run("tokens that look like padding", {zeros, pair}, 0);
  run("a token that looks like padding at the end", {zeros, four, two}, 0);
  run("texts of the same length", {four, four}, 0);
  run("one text", {pair}, 0);
  run("one token", {one}, 0);
  run("many short texts", {one, two, one, one, two}, 0);
  run("a text without tokens", {two, none, four}, 0);
  run("no text has tokens", {none, none}, 0);
  run("no texts", {}, 0);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Collate>({.name = "collate",
                              .check = check_collate,
                              .mine = mine::collate,
                              .mistaken = mistakes::collate,
                              .mistakes = mistakes::list,
                              .alternatives = alternatives::list},
                             argc, argv);
}
