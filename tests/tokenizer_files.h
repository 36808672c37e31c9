#pragma once
// Folders with the files of a tokenizer, for tests of what is read from them.
#include <map>
#include <string>

#include "tests/folders.h"
#include "tests/support.h"
#include "text/bert_tokenizer.h"

namespace cairn::test {

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
