#pragma once
// What the program and its figures share: the demo's texts, a vocabulary made from them, and tokens
// that know where they came from.
#include <string>
#include <string_view>
#include <vector>

#include "text/bert_tokenizer.h"
#include "text/unicode.h"

using cairn::BertTokenizer;
using cairn::BertWordOptions;
using cairn::WordPiece;

inline const std::string corpus = "demo/data/pretrain.txt";
constexpr int64_t vocabulary_size = 400;

// The tokens of a vocabulary of this size, made from the corpus.
std::vector<std::string> vocabulary_of(int64_t size, const BertWordOptions& words = {});

// The tokenizer with a vocabulary of 400 tokens.
const BertTokenizer& the_tokenizer();

// The texts of a .tsv file of the demo, without their labels.
std::vector<std::string> texts_of(const std::string& file);

// The words that the text has after clean-up.
std::vector<std::string> words_of(std::string_view text, const BertWordOptions& options = {});

// The tokens with these ids, with a space between them.
std::string tokens_of(const std::vector<int32_t>& ids);

// [located]
// A token, its word in the text, and the bytes of the text that it came from.
struct Located {
  std::string token;
  size_t word, begin, end;
};
// [/located]

// The pieces of a text, located.
std::vector<Located> located_pieces(std::string_view text);

// Which tokens fit at byte `begin` of a word, from the shortest to the longest.
std::vector<std::string> tokens_that_fit(const std::string& word, size_t begin,
                                         const WordPiece& vocabulary);
