#pragma once
// What the files of a tokenizer's folder say together: vocab.txt, tokenizer.json,
// tokenizer_config.json, added_tokens.json and special_tokens_map.json, read as Transformers 5.23's
// AutoTokenizer reads them. `tokenizer_class` decides which of them counts:
//
//   BertTokenizer or similar, or none    the vocabulary is tokenizer.json's, or else vocab.txt's;
//                                        tokenizer_config.json says how a text is split
//   PreTrainedTokenizerFast or similar   tokenizer.json says everything
//
// Every field has its effect, or is refused by name, or is named in a note because it has none;
// docs/model_folder.md has the table.
#include <optional>
#include <string>
#include <vector>

#include "core/io/json.h"
#include "text/added_tokens.h"
#include "text/bert_tokenizer.h"
#include "text/tokenizer_json.h"
#include "text/tokenizer_pipeline.h"
#include "text/wordpiece.h"

namespace cairn {

// The files as they were read, to be written back; null where there was none.
struct TokenizerFiles {
  Json tokenizer;  // without the vocabulary
  Json config, special_tokens_map, added_tokens;
  bool pipeline_counts = false;  // tokenizer.json says everything
};

// An added token and where it was read. Its id is the one given there, or -1.
struct DeclaredToken {
  AddedToken token;
  std::string place;
};

// What a BertTokenizer is made of.
struct TokenizerParts {
  std::string place;  // of the vocabulary
  std::vector<std::string> vocabulary;
  BertTokenizerOptions options;
  TokenizerPipeline pipeline;
  WordPieceOptions wordpiece;
  std::optional<EncodingTemplate> format;  // not set: BERT's
  std::vector<DeclaredToken> added;        // in the order in which they get their ids
  TokenizerFiles files;
  std::vector<std::string> notes;
};

// Error, with file and line, for what is damaged, missing or not supported.
TokenizerParts read_tokenizer_folder(const std::string& folder);

// The tokens of a vocab.txt, one per line without trailing whitespace, as `tokenizers` reads it: a
// blank line is a token too, for the lines' numbers are the ids.
std::vector<std::string> read_vocab_txt(const std::string& file);

}  // namespace cairn
