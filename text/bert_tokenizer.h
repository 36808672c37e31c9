#pragma once
// BERT's tokenizer: text becomes token ids, the same as Hugging Face's BertTokenizer gives.
//
//   const auto tokenizer = BertTokenizer::from_pretrained("data/minilm-l6");
//   const Encoding e = tokenizer.encode("A cat sits.", 128);   // [CLS] a cat sits . [SEP]
//
// Special tokens written out in a text ("[SEP]", in exactly this case) are found first; what lies
// between them is split into words (bert_words.h), each word into pieces (wordpiece.h).
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/bert_words.h"
#include "text/wordpiece.h"

namespace cairn {

struct BertTokenizerOptions {
  static constexpr int64_t no_limit = std::numeric_limits<int64_t>::max();

  bool lower_case = true;
  std::optional<bool> strip_accents = std::nullopt;  // not set: as lower_case
  bool space_chinese = true;
  int64_t max_length = no_limit;  // the model's number of positions; for callers to pass on
  std::string pad = "[PAD]", unk = "[UNK]", cls = "[CLS]", sep = "[SEP]", mask = "[MASK]";
};

// A text or a pair as the model reads it: [CLS] first [SEP], or [CLS] first [SEP] second [SEP].
struct Encoding {
  std::vector<int32_t> ids;
  std::vector<int32_t> token_types;  // 0; 1 for the second text and its [SEP]
  bool truncated = false;
};

class BertTokenizer {
 public:
  static constexpr int64_t no_limit = BertTokenizerOptions::no_limit;

  // The id of a token is its place in `tokens`. Error, naming `place`:LINE, if a token is empty,
  // not UTF-8 or there twice, or one of the five special tokens is missing.
  explicit BertTokenizer(std::vector<std::string> tokens, BertTokenizerOptions options = {},
                         const std::string& place = "vocabulary");

  // Reads a checkpoint folder: vocab.txt (a token a line) or else the vocabulary of tokenizer.json;
  // the options from tokenizer_config.json or else from tokenizer.json or else the defaults above.
  static BertTokenizer from_pretrained(const std::string& folder);

  // Reads one file, a token a line.
  static BertTokenizer from_vocab(const std::string& file, BertTokenizerOptions options = {});

  // Writes vocab.txt, tokenizer_config.json, special_tokens_map.json and tokenizer.json into a
  // folder that exists; Hugging Face's AutoTokenizer reads it. Each is written aside, then renamed.
  void save_pretrained(const std::string& folder) const;

  // Encodes a text (UTF-8). More than max_length ids, the special ones included, are cut off at the
  // end; of a pair, the longer text loses first, and both share what is left if both are too long
  // (the second gets the odd one if it is at least as long). An empty pair is a pair. Error if a
  // text is not UTF-8, with the offset of the bad byte, or if max_length has no place for the
  // special tokens.
  Encoding encode(std::string_view text, int64_t max_length = no_limit) const;
  Encoding encode(std::string_view text, std::string_view pair,
                  int64_t max_length = no_limit) const;

  // The ids of a text alone, without [CLS] and [SEP].
  std::vector<int32_t> pieces(std::string_view text) const;

  // The pieces joined to words; [CLS], [SEP], ... are left out unless asked for. What lower-casing,
  // [UNK] and lost blanks took away is not restored.
  std::string decode(const std::vector<int32_t>& ids, bool skip_special = true) const;

  int64_t size() const { return static_cast<int64_t>(tokens_.size()); }
  const std::vector<std::string>& tokens() const { return tokens_; }
  const std::string& token(int32_t id) const;  // Error if id is not in [0, size())
  std::optional<int32_t> find(std::string_view token) const;  // its id, if there is one
  bool is_special(int32_t id) const;  // [CLS], [SEP], [PAD], ...
  const BertTokenizerOptions& options() const { return options_; }
  BertWordOptions word_options() const;  // how it splits a text into words

  int32_t pad() const { return pad_; }
  int32_t unk() const { return unk_; }
  int32_t cls() const { return cls_; }
  int32_t sep() const { return sep_; }
  int32_t mask() const { return mask_; }

 private:
  struct Special {
    std::string text;
    int32_t id;
  };
  struct Match {
    size_t begin, end;
    int32_t id;
  };

  void add_specials(const std::string& place);
  std::optional<Match> next_special(std::string_view text, size_t from) const;
  void add_pieces(std::string_view text, std::vector<int32_t>& ids) const;

  BertTokenizerOptions options_;
  std::vector<std::string> tokens_;
  std::vector<int32_t> by_text_;  // all ids, sorted by their tokens' text
  int32_t pad_ = 0, unk_ = 0, cls_ = 0, sep_ = 0, mask_ = 0;
  std::vector<Special> specials_;
  std::vector<bool> starts_special_ = std::vector<bool>(256);  // by first byte
  std::optional<WordPiece> wordpiece_;
};

}  // namespace cairn
