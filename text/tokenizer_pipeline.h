#pragma once
// How a text becomes words as a tokenizer.json says: steps that normalise the whole text, then
// steps that each split every piece of the previous one. The steps mean what they mean in
// `tokenizers`; its BertNormalizer and BertPreTokenizer are lists of them, and split_words of
// bert_words.h does those two lists in one pass.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/bert_words.h"

namespace cairn {

enum class NormalizeStep : uint8_t {
  clean,             // drop control characters; all whitespace becomes spaces
  space_chinese,     // a space before and after each ideograph
  decompose,         // canonical decomposition (NFD)
  strip_nonspacing,  // drop the non-spacing marks (Mn), as BertNormalizer strips accents
  strip_marks,       // drop all marks (Mn, Mc, Me), as the normalizer StripAccents does
  lower_case,        // character by character, so no final sigma
};

enum class SplitStep : uint8_t {
  white_space,  // at whitespace, which is dropped
  punctuation,  // each punctuation character is a piece of its own
  word_runs,    // runs of letters, digits and underscores (\w+), and runs of other non-whitespace
};

struct TokenizerPipeline {
  std::vector<NormalizeStep> normalize;
  std::vector<SplitStep> split;

  bool operator==(const TokenizerPipeline&) const = default;

  // BertNormalizer (with clean_text) and BertPreTokenizer.
  static TokenizerPipeline bert(const BertWordOptions& words);

  // The options with which split_words does the same, if any.
  std::optional<BertWordOptions> as_bert_words() const;
};

// The text, valid UTF-8, after these steps.
std::string normalized(std::string_view text, const std::vector<NormalizeStep>& steps);

// Appends the pieces of a normalised text. Without steps the text is one piece.
void split_text(std::string_view text, const std::vector<SplitStep>& steps, Words& words);

}  // namespace cairn
