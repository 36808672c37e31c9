// The figures of the chapter.
#include "tutorials/09_tokens/figures.h"

#include <cmath>
#include <cstdio>
#include <utility>
#include <vector>

#include "tutorials/09_tokens/parts.h"
#include "tutorials/figure.h"

namespace {

// Each byte in binary: those that begin a character are strong, those that go on with it faint.
void draw_bytes(const std::string& folder) {
  std::vector<double> strength;
  std::vector<std::string> cells, rows;
  for (const std::string c : {"A", "é", "€", "😀"}) {
    rows.push_back(c);
    for (size_t i = 0; i < 4; ++i) {
      std::string bits;
      for (int bit = 7; bit >= 0 && i < c.size(); --bit)
        bits += (static_cast<unsigned char>(c[i]) >> bit & 1) ? '1' : '0';
      cells.push_back(bits);
      strength.push_back(i >= c.size() ? 0 : i == 0 ? 1 : 0.35);
    }
  }
  figure::Figure f(200, "UTF-8: a character is one to four bytes");
  f.matrix(50, 76, {4, 4, strength, cells, rows, {"byte 0", "byte 1", "byte 2", "byte 3"}}, 74, 28);
  f.write(folder, "bytes");
}

void draw_sizes(const std::string& folder) {
  std::vector<std::pair<double, double>> points;
  const std::vector<std::string> texts = texts_of("train.tsv");
  double words = 0;
  for (const std::string& text : texts) words += static_cast<double>(words_of(text).size());
  for (const int64_t size : {60, 80, 100, 150, 200, 300, 400, 600, 890}) {
    const BertTokenizer tokenizer(vocabulary_of(size));
    double tokens = 0;
    for (const std::string& text : texts)
      tokens += static_cast<double>(tokenizer.pieces(text).size());
    points.emplace_back(std::log10(static_cast<double>(size)), tokens / words);
  }
  figure::Figure f(230, "More tokens, shorter texts");
  f.axes({"tokens in the vocabulary",
          1.7,
          3,
          {{std::log10(60), "60"},
           {2, "100"},
           {std::log10(200), "200"},
           {std::log10(400), "400"},
           {std::log10(890), "890"}}},
         {"tokens per word", 0, 4, {{1, "1"}, {2, "2"}, {3, "3"}, {4, "4"}}});
  f.curve(points, figure::blue, "");
  f.write(folder, "sizes");
}

// The walk along a word's letters: strong where a token ends, faint where one goes on, and nothing
// where no token begins like that.
void draw_walk(const std::string& folder) {
  const std::string word = "wonderfully";
  const BertTokenizer& tokenizer = the_tokenizer();
  const WordPiece vocabulary(tokenizer.tokens(), tokenizer.unk());
  std::vector<double> strength;
  std::vector<std::string> cells;
  for (size_t begin = 0; begin < word.size();) {
    int32_t node = begin ? vocabulary.continuation() : WordPiece::root;
    size_t longest = begin;
    for (size_t i = 0; i < word.size(); ++i) {
      cells.push_back(i < begin ? "" : word.substr(i, 1));
      if (i >= begin && node != WordPiece::none) node = vocabulary.child(node, word[i]);
      const bool walked = i >= begin && node != WordPiece::none;
      const bool token = walked && vocabulary.token_at(node) != WordPiece::none;
      if (token) longest = i + 1;
      strength.push_back(token ? 1 : walked ? 0.3 : 0);
    }
    if (longest == begin) break;
    begin = longest;
  }
  const size_t rows = cells.size() / word.size();
  figure::Figure f(120, "Two walks along \"" + word + "\"");
  f.text(10, 40, "strong: a token ends here; faint: one goes on");
  f.matrix(60, 54, {rows, word.size(), strength, cells, {"1st", "##"}, {}}, 26, 26);
  f.write(folder, "walk");
}

}  // namespace

void draw_figures(const std::string& folder) {
  draw_bytes(folder);
  draw_sizes(folder);
  draw_walk(folder);
}
