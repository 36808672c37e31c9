#pragma once
// The first half of BERT's tokenizer: a text becomes normalised words, which WordPiece then splits.
// In this order, as in Devlin et al.'s tokenization.py and in `tokenizers`' BertNormalizer:
//
//   clean        drop control characters, U+0000 and U+FFFD; all whitespace becomes spaces
//   Chinese      a space before and after each ideograph
//   accents      canonical decomposition (NFD), then drop the non-spacing marks (Mn)
//   lower case   character by character, so no final sigma
//   split        at spaces; each punctuation character is a word of its own
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

struct BertWordOptions {
  bool lower_case = true;
  bool strip_accents = true;
  bool space_chinese = true;
};

// Words one after the other in one buffer, without an allocation for each.
struct Words {
  std::string bytes;
  std::vector<size_t> ends;  // word i is bytes[ends[i - 1] .. ends[i])

  size_t size() const { return ends.size(); }
  std::string_view operator[](size_t i) const {
    const size_t begin = i ? ends[i - 1] : 0;
    return std::string_view(bytes).substr(begin, ends[i] - begin);
  }
};

// Appends the words of `text`, which must be valid UTF-8. Linear in the text's length, except that
// each sequence of combining marks is sorted.
void split_words(std::string_view text, const BertWordOptions& options, Words& words);

}  // namespace cairn
