#pragma once
// BERT's tokenizer: text becomes token ids, the same as Hugging Face's BertTokenizer gives.
//
//   const auto tokenizer = BertTokenizer::from_pretrained("data/minilm-l6");
//   const Encoding e = tokenizer.encode("A cat sits.", 128);   // [CLS] a cat sits . [SEP]
//
// Added tokens (added_tokens.h), including special ones that a text spells out ("[SEP]", in exactly
// this case), are found first; the text between them is split into words (bert_words.h), and each
// word into pieces (wordpiece.h).
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/added_tokens.h"
#include "text/bert_words.h"
#include "text/tokenizer_json.h"
#include "text/tokenizer_pipeline.h"
#include "text/wordpiece.h"

namespace cairn {

struct TokenizerFiles;  // tokenizer_folder.h
struct TokenizerParts;

struct BertTokenizerOptions {
  static constexpr int64_t no_limit = std::numeric_limits<int64_t>::max();

  bool lower_case = true;
  std::optional<bool> strip_accents = std::nullopt;  // not set: as lower_case
  bool space_chinese = true;
  int64_t max_length = no_limit;  // the model's number of positions; for callers to pass on
  bool truncate_left = false;     // a text that is too long loses its beginning, not its end
  std::string pad = "[PAD]", unk = "[UNK]", cls = "[CLS]", sep = "[SEP]", mask = "[MASK]";

  // Those of them that say how a text is split into words.
  BertWordOptions words() const {
    return {lower_case, strip_accents.value_or(lower_case), space_chinese};
  }
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

  // The id of a token is its index in `tokens`; of equal ones the last counts. Error, naming
  // `place`, if a token is not UTF-8 or one of the five special tokens is missing.
  explicit BertTokenizer(std::vector<std::string> tokens, BertTokenizerOptions options = {},
                         const std::string& place = "vocabulary");

  // Reads a model folder as Hugging Face's AutoTokenizer does: tokenizer_folder.h says how its
  // files go together. A field that would change the tokens in an unsupported way is an Error.
  static BertTokenizer from_pretrained(const std::string& folder);

  // Reads a file of one token per line; the line's number, from 0, is the id.
  static BertTokenizer from_vocab(const std::string& file, BertTokenizerOptions options = {});

  // Writes into an existing folder the files that were read from one, or else vocab.txt,
  // tokenizer.json, tokenizer_config.json and special_tokens_map.json that Hugging Face's
  // AutoTokenizer reads as this tokenizer. Each is written aside, then renamed; other tokenizer
  // files in the folder are removed.
  void save_pretrained(const std::string& folder) const;

  // Encodes a text (UTF-8). Beyond max_length ids, including the special ones, it is cut at the
  // end, or with truncate_left at the beginning; of a pair, the longer text is cut first, and if
  // both are too long they share what is left (the second gets the odd one if it is as long). An
  // empty second text makes a pair. Error if a text is not UTF-8, with the offset of the bad byte,
  // or if max_length has no room for the special tokens.
  Encoding encode(std::string_view text, int64_t max_length = no_limit) const;
  Encoding encode(std::string_view text, std::string_view pair,
                  int64_t max_length = no_limit) const;

  // The ids of a text alone, without the special tokens around it.
  std::vector<int32_t> pieces(std::string_view text) const;

  // The pieces joined to words, without [CLS], [SEP], ... unless asked for. What lower-casing,
  // [UNK] and normalised whitespace lost is not restored.
  std::string decode(const std::vector<int32_t>& ids, bool skip_special = true) const;

  int64_t size() const { return static_cast<int64_t>(tokens_.size()); }
  const std::vector<std::string>& tokens() const { return tokens_; }
  const std::string& token(int32_t id) const;                 // Error if id is not in [0, size())
  std::optional<int32_t> find(std::string_view token) const;  // its id, if there is one
  bool is_special(int32_t id) const;  // [CLS], [SEP], [PAD], ... and added tokens marked special
  const BertTokenizerOptions& options() const { return options_; }
  const std::vector<AddedToken>& added_tokens() const { return added_; }  // the special ones too

  // One sentence for each thing in the folder that from_pretrained found to have no effect.
  const std::vector<std::string>& notes() const { return notes_; }

  int32_t pad() const { return pad_; }
  int32_t unk() const { return unk_; }
  int32_t cls() const { return cls_; }
  int32_t sep() const { return sep_; }
  int32_t mask() const { return mask_; }

 private:
  friend std::string explain_tokens(const BertTokenizer& tokenizer, std::string_view text,
                                    int64_t max_length);  // text/more/explain_tokens.h

  explicit BertTokenizer(TokenizerParts parts);
  void check_specials(const TokenizerParts& parts) const;
  void add_token(AddedToken token, const std::string& place);
  void set_format(const TokenizerParts& parts);
  void prepare_finders();
  size_t room(const std::vector<TemplatePart>& parts, int64_t max_length) const;
  bool cut(std::vector<int32_t>& ids, size_t max_ids) const;
  Encoding fill(const std::vector<TemplatePart>& parts, const std::vector<int32_t>& first,
                const std::vector<int32_t>& second) const;
  void add_pieces(std::string_view text, std::vector<int32_t>& ids) const;

  BertTokenizerOptions options_;
  std::vector<std::string> tokens_;  // by id: the vocabulary, then added tokens that it lacks
  int32_t model_size_ = 0;           // of the vocabulary, by its largest id
  int32_t vocabulary_size_ = 0;      // the same without gaps and repetitions
  std::vector<AddedToken> added_;
  int32_t largest_added_ = -1;  // the largest id among them
  std::vector<bool> special_;   // by id
  int32_t pad_ = 0, unk_ = 0, cls_ = 0, sep_ = 0, mask_ = 0;
  TokenizerPipeline pipeline_;
  std::optional<BertWordOptions> bert_words_;  // set: the pipeline is BERT's own
  EncodingTemplate format_;
  TokenFinder in_text_, in_normalized_;
  std::optional<WordPiece> wordpiece_;
  std::shared_ptr<const TokenizerFiles> files_;  // as read
  std::vector<std::string> notes_;
};

}  // namespace cairn
