#pragma once
// The sections of a tokenizer.json, the file format of the library `tokenizers`: each is read as
// that library reads it, or refused with file, line and remedy.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/io/json.h"
#include "text/added_tokens.h"
#include "text/tokenizer_pipeline.h"
#include "text/wordpiece.h"

namespace cairn {

// A part of the model's input: one of the texts, or special tokens.
struct TemplatePart {
  enum class Kind : uint8_t { first, second, special };
  Kind kind;
  std::vector<int32_t> ids;  // of special tokens
  int32_t type = 0;          // the token type of this part
};

// How one text, or a pair, becomes the model's input, e.g. [CLS] first [SEP] second [SEP].
struct EncodingTemplate {
  std::vector<TemplatePart> single, pair;

  // BERT's: [CLS] first [SEP] with token type 0, second [SEP] with 1.
  static EncodingTemplate bert(int32_t cls, int32_t sep);
};

// "normalizer" and "pre_tokenizer".
TokenizerPipeline read_pipeline(const Json& tokenizer);

// "post_processor"; if there is none, just the texts.
EncodingTemplate read_template(const Json& tokenizer);

// "model", which must be a WordPiece: its vocabulary by id (empty where an id has no token), the
// unknown token's text and the other options.
std::vector<std::string> read_vocabulary(const Json& model);
std::string read_unknown_token(const Json& model);
WordPieceOptions read_wordpiece_options(const Json& model);

// A token as "added_tokens" and tokenizer_config.json's "added_tokens_decoder" describe it: the
// text and the flags. The id is left to the caller.
AddedToken read_added_token(const Json& json);

// The same sections as Hugging Face's BertTokenizer writes them.
Json bert_normalizer(bool lower_case, std::optional<bool> strip_accents, bool space_chinese);
Json bert_pre_tokenizer();
Json bert_post_processor(const std::string& cls, int32_t cls_id, const std::string& sep,
                         int32_t sep_id);
Json wordpiece_decoder();
Json to_json(const AddedToken& token);

}  // namespace cairn
