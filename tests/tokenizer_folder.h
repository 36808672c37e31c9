#pragma once
// A tokenizer's folder for tests: a vocabulary of 15 tokens, and a tokenizer.json over it.
#include <string>

#include "core/io/files.h"
#include "core/io/json.h"

namespace cairn::test {

inline const std::string vocab_text =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nwas\nbad\n.\nz\n##or\n##b\n##e\n##x\nB\n";
inline constexpr int32_t cls = 2, sep = 3, mask = 4, the = 5, was = 6, bad = 7, stop = 8;
inline constexpr int32_t next = 15;  // the first id beyond the vocabulary

// A tokenizer.json over the vocabulary of `vocab_text`; sections as in {"normalizer": ...} take the
// place of BERT's.
inline std::string bert_tokenizer_json(const std::string& sections = "{}") {
  Json vocab = Json::object(), model = Json::object();
  int32_t id = 0;
  for (const std::string& token : split_lines(vocab_text)) vocab.add(token, id++);
  Json json = parse_json(R"({"version": "1.0", "truncation": null, "padding": null,
      "added_tokens": [], "normalizer": {"type": "BertNormalizer", "clean_text": true,
      "handle_chinese_chars": true, "strip_accents": null, "lowercase": true},
      "pre_tokenizer": {"type": "BertPreTokenizer"},
      "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
      "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
      "model": {"type": "WordPiece", "unk_token": "[UNK]"}})",
                         "tokenizer.json");
  const Json given = parse_json(sections, "sections");
  for (const Json& section : given.items()) json.set(section.key(), section);
  model = json.at("model");
  model.set("vocab", std::move(vocab));
  return to_text(json.set("model", std::move(model)), 1);
}

}  // namespace cairn::test
