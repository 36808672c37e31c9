#pragma once
// Tokenizers for tests: of letters, and of folders with files.
#include <map>
#include <string>
#include <vector>

#include "core/io/json.h"
#include "tests/folders.h"
#include "tests/support.h"
#include "text/bert_tokenizer.h"

namespace cairn::test {

constexpr int32_t unk = 1;  // the id of "[UNK]" in the vocabularies of these tests

using Ints = std::vector<int32_t>;

inline Ints ints(const Json& json) {
  Ints values;
  for (const Json& item : json.items()) values.push_back(static_cast<int32_t>(item.as_int()));
  return values;
}

// The special tokens, and a to z.
inline BertTokenizer letters() {
  std::vector<std::string> tokens = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
  for (char c = 'a'; c <= 'z'; ++c) tokens.push_back(std::string(1, c));
  return BertTokenizer(tokens);
}

using Files = std::map<std::string, std::string>;  // name -> text

inline BertTokenizer load(const TempFolder& folder, const Files& files) {
  for (const auto& [name, text] : files) write_file_atomically(folder / name, text);
  return BertTokenizer::from_pretrained(folder.path());
}

inline BertTokenizer load(const Files& files) {
  const TempFolder folder;
  return load(folder, files);
}

// The text of the Error that these files give; empty if they are read.
inline std::string refusal(const Files& files) {
  return error_of([&] { load(files); });
}

}  // namespace cairn::test
