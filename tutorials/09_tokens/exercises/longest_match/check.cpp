// Words of small vocabularies, written out; and random ones, against the definition.
#include <map>
#include <string>

#include "core/random.h"
#include "tutorials/09_tokens/exercises/longest_match/longest_match.h"

using cairn::WordPiece;
using cairn::WordPieceOptions;
using Strings = std::vector<std::string>;

namespace {

std::string repeated(const std::string& part, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += part;
  return text;
}

// The pieces that the function adds, as a text, after something that was there before.
std::string pieces_of(LongestMatch* longest_match, const std::string& word, const Strings& tokens,
                      int32_t unk, const WordPieceOptions& options) {
  const WordPiece vocabulary(tokens, unk, options);
  std::vector<int32_t> ids = {7, 77};
  const std::vector<char> exact(word.begin(), word.end());  // nothing may be read behind it
  longest_match({exact.data(), exact.size()}, vocabulary, ids);
  if (ids.size() < 2 || ids[0] != 7 || ids[1] != 77) return "what was in ids before is lost";
  if (ids.size() > 12) return std::to_string(ids.size() - 2) + " pieces";
  std::string text;
  for (size_t i = 2; i < ids.size(); ++i) {
    const bool known = ids[i] >= 0 && ids[i] < static_cast<int32_t>(tokens.size());
    text += (text.empty() ? "" : " ") +
            (known ? tokens[static_cast<size_t>(ids[i])] : std::to_string(ids[i]));
  }
  return text;
}

// The definition, on code points. Beyond the limit, or where nothing fits: [UNK].
Strings definition(const Strings& letters, const Strings& tokens) {
  Strings pieces;
  for (size_t begin = 0; begin < letters.size();) {
    size_t end = letters.size();
    std::string found;
    for (; end > begin && found.empty(); --end) {
      std::string part = begin ? "##" : "";
      for (size_t i = begin; i < end; ++i) part += letters[i];
      for (const std::string& token : tokens)
        if (token == part) found = token;
    }
    if (found.empty()) return {"[UNK]"};
    pieces.push_back(found);
    begin = end + 1;
  }
  return pieces;
}

void random_words(LongestMatch* longest_match, check::Judge& judge) {
  cairn::Random random(3);
  const Strings alphabet = {"a", "b", "é", "中"};
  const auto letter = [&] { return alphabet[static_cast<size_t>(random.below(4))]; };
  for (int round = 0; round < 60; ++round) {
    Strings tokens = {"[PAD]", "[UNK]"};
    for (int i = 0; i < 24; ++i) {
      std::string token = i % 2 ? "##" : "";
      for (int64_t n = 1 + random.below(3); n > 0; --n) token += letter();
      tokens.push_back(token);
    }
    for (int i = 0; i < 12; ++i) {
      Strings letters;
      for (int64_t n = 1 + random.below(7); n > 0; --n) letters.push_back(letter());
      std::string word, expected;
      for (const std::string& c : letters) word += c;
      for (const std::string& piece : definition(letters, tokens))
        expected += (expected.empty() ? "" : " ") + piece;
      const std::string what = "round " + std::to_string(round) + ", \"" + word + "\"";
      judge.input(what);
      judge.equal(what, pieces_of(longest_match, word, tokens, 1, {}), expected);
    }
  }
}

void check_longest_match(LongestMatch* longest_match, check::Judge& judge) {
  const Strings tokens = {"[PAD]",  "[UNK]", "un",    "una",    "cat",      "walk", "walked",
                          "ö",      "über",  "##aff", "##able", "##ffable", "##s",  "##ed",
                          "##walk", "##ö",   "##öl",  "##中",   "##"};
  const auto run = [&](const std::string& what, const std::string& word,
                       const std::string& expected, const WordPieceOptions& options = {}) {
    judge.input(what);
    judge.equal(what, pieces_of(longest_match, word, tokens, 1, options), expected);
  };
  run("a word that is a token", "walked", "walked");
  run("cats", "cats", "cat ##s");
  run("unwalked", "unwalked", "un ##walk ##ed");
  run("the same once more", "unwalked", "un ##walk ##ed");
  run("unaffable, where \"una\" is longer than \"un\"", "unaffable", "una ##ffable");
  run("unable, whose rest after \"una\" is no token", "unable", "[UNK]");
  run("a word whose last letter is unknown", "catsx", "[UNK]");
  run("a word whose first letter is unknown", "xcat", "[UNK]");
  run("a word with an unknown part within", "catxs", "[UNK]");
  run("a word of which nothing is known", "dog", "[UNK]");
  run("catcat, where \"##cat\" is no token", "catcat", "[UNK]");
  run("able, where only \"##able\" is a token", "able", "[UNK]");
  run("one letter", "ö", "ö");
  run("letters of two bytes", "ööl", "ö ##öl");
  run("letters of two and three bytes", "übers中öl", "über ##s ##中 ##öl");
  run("an empty word", "", "");
  // Not the usual prefix, and another [UNK].
  const Strings other = {"cat", "@s", "##s", "@at", "c", "<unk>"};
  const auto with_other = [&](const std::string& what, const std::string& word,
                              const std::string& expected) {
    judge.input(what);
    judge.equal(what, pieces_of(longest_match, word, other, 5, {.prefix = "@"}), expected);
  };
  with_other("the prefix @", "cats", "cat @s");
  with_other("another [UNK]", "dog", "<unk>");
  // The limit, in characters.
  run("a word of 100 letters", "un" + repeated("walked", 16) + "ed", "34 pieces");
  run("a word of 101 letters", "un" + repeated("walked", 16) + "eds", "[UNK]");
  run("100 letters of two bytes", repeated("ö", 100), "100 pieces");
  run("101 letters of two bytes", repeated("ö", 101), "[UNK]");
  run("a limit of 4, and 4 letters", "cats", "cat ##s", {.max_input_chars_per_word = 4});
  run("a limit of 4, and 6 letters that are a token", "walked", "[UNK]",
      {.max_input_chars_per_word = 4});
  run("a limit of 150, and 120 letters", repeated("ö", 120), "120 pieces",
      {.max_input_chars_per_word = 150});
  random_words(longest_match, judge);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<LongestMatch>({.name = "longest_match",
                                   .check = check_longest_match,
                                   .mine = cairn::longest_match,
                                   .mistaken = mistakes::longest_match,
                                   .mistakes = mistakes::list,
                                   .alternatives = alternatives::list},
                                  argc, argv);
}
