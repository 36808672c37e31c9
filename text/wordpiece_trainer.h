#pragma once
// Makes a WordPiece vocabulary from a text. Every word starts as its characters ("##" before all but
// the first); then, again and again, the pair of neighbours that is most frequent in the whole text
// becomes one token, until the vocabulary is full: byte pair encoding (Sennrich, Haddow & Birch 2016)
// with WordPiece's spelling, which is what `tokenizers`' BertWordPieceTrainer does too. (Google never
// published BERT's own trainer. The often quoted score count(ab) / (count(a) count(b)) is another
// choice of pair.) Of equally frequent pairs the one made of older tokens comes first.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/bert_words.h"

namespace cairn {

struct WordPieceTrainerOptions {
  int64_t size = 30000;         // tokens wanted, the five special ones included
  int64_t least_count = 2;      // a pair must occur so often to become a token
  BertWordOptions words;        // how the text is split into words
};

struct TrainedVocabulary {
  std::vector<std::string> tokens;  // [PAD] [UNK] [CLS] [SEP] [MASK], characters, then pairs by age;
                                    // fewer than asked for if the text has no more pairs
  int64_t left_out = 0;  // rare characters for which there was no place; words with them are [UNK]
};

// Error if the text is not UTF-8 or has no word, or the size has no place for a character. Words of
// more than 100 characters, which are [UNK] in any case, teach nothing.
TrainedVocabulary train_wordpiece(std::string_view text, const WordPieceTrainerOptions& options);

}  // namespace cairn
