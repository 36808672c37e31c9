#pragma once
// Makes a WordPiece vocabulary from text. Every word starts as its characters ("##" before all but
// the first); then, again and again, the most frequent pair of neighbours in the whole text becomes
// one token, until the vocabulary is full: byte pair encoding (Sennrich, Haddow and Birch 2016) in
// WordPiece's notation, as in `tokenizers`' WordPieceTrainer. (Google has not published BERT's own
// trainer. The often quoted score count(ab) / (count(a) count(b)) is another way to choose the
// pair.) Of equally frequent pairs the one made of older tokens comes first.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/bert_words.h"

namespace cairn {

struct WordPieceTrainerOptions {
  int64_t size = 30000;        // tokens wanted, including the five special ones
  int64_t min_frequency = 2;   // how often a pair must occur to become a token
  BertWordOptions words = {};  // how the text is split into words
};

struct TrainedVocabulary {
  // [PAD] [UNK] [CLS] [SEP] [MASK], the characters, then the pairs as they were found; fewer than
  // asked for if the text has no more pairs.
  std::vector<std::string> tokens;
  int64_t left_out = 0;  // rare characters for which there was no room; words with them are [UNK]
};

// Error if the text is not UTF-8 or has no word, or the size leaves no room for a character. Words
// of more than 100 characters, which are [UNK] in any case, are ignored.
TrainedVocabulary train_wordpiece(std::string_view text, const WordPieceTrainerOptions& options);

}  // namespace cairn
