// Every hint, followed (see test_hints.cpp): those about the folder of a tokenizer.
#include <doctest/doctest.h>

#include "core/io/files.h"
#include "core/io/json.h"
#include "tests/folders.h"
#include "tests/hints.h"
#include "text/bert_tokenizer.h"

using namespace cairn;
using cairn::test::follow;
using cairn::test::TempFolder;

namespace {

const std::string vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n";

// Loads a folder that holds the vocabulary, and one file more, or another in its place.
std::function<void()> with(const std::string& file, const std::string& text,
                           const std::string& tokens = vocabulary) {
  return [file, text, tokens] {
    const TempFolder folder;
    write_file_atomically(folder / "vocab.txt", tokens);
    if (file == "tokenizer.json")  // which counts if the class says so
      write_file_atomically(folder / "tokenizer_config.json",
                            R"({"tokenizer_class": "PreTrainedTokenizerFast"})");
    write_file_atomically(folder / file, text);
    BertTokenizer::from_pretrained(folder.path());
  };
}

std::function<void()> with_settings(const std::string& text) {
  return with("tokenizer_config.json", text);
}

// The same with the tokenizer.json that belongs to the vocabulary, one section of it replaced.
std::function<void()> with_section(const std::string& key, const std::string& text) {
  const TempFolder folder;
  write_file_atomically(folder / "vocab.txt", vocabulary);
  BertTokenizer::from_pretrained(folder.path()).save_pretrained(folder.path());
  Json json = parse_json(read_file(folder / "tokenizer.json"), "tokenizer.json");
  json.set(key, parse_json(text, key));
  return with("tokenizer.json", to_text(json));
}

std::string added(const std::string& text, int id, bool normalized = false) {
  return R"({"id": )" + std::to_string(id) + R"(, "content": ")" + text +
         R"(", "single_word": false, "lstrip": false, "rstrip": false, "special": false,
               "normalized": )" +
         (normalized ? "true}" : "false}");
}

// With these added tokens: their texts and ids.
std::function<void()> with_added(const std::vector<std::pair<std::string, int>>& tokens) {
  std::string list;
  for (const auto& [text, id] : tokens) list += (list.empty() ? "" : ", ") + added(text, id);
  return with_section("added_tokens", "[" + list + "]");
}

std::string template_of(const std::string& pair) {
  return R"({"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}],
             "pair": [)" +
         pair + R"(], "special_tokens": {}})";
}

}  // namespace

TEST_CASE("hints: followed, those of a tokenizer's folder") {
  const std::string a = R"({"Sequence": {"id": "A", "type_id": 0}})";
  const std::string b = R"({"Sequence": {"id": "B", "type_id": 1}})";
  const std::string third = R"({"Sequence": {"id": "B", "type_id": 2}})";
  follow({
      {"save it as UTF-8 without one", with("vocab.txt", "\xEF\xBB\xBF" + vocabulary),
       with("vocab.txt", vocabulary)},
      {"it begins with {", with_settings("[]"), with_settings("{}")},
      {"special tokens in a text are found as such",
       with_settings(R"({"split_special_tokens": true})"),
       with_settings(R"({"split_special_tokens": false})")},
      {"save the tokenizer again with Transformers 5", with_settings(R"({"init_inputs": [1]})"),
       with_settings(R"({"init_inputs": []})")},
      {" are supported", with_added({{std::string(100'000, 'a'), 7}}), with_added({{"aaa", 7}})},
      {"give each its own id", with_added({{"aa", 7}, {"bb", 7}}),
       with_added({{"aa", 7}, {"bb", 8}})},
      {"make the two the same", with_added({{"aa", 7}, {"aa", 8}}),
       with_added({{"aa", 7}, {"aa", 7}})},
      {R"(set its "normalized" to false)",
       with_section("added_tokens", "[" + added("\u0301", 7, true) + "]"),
       with_added({{"\u0301", 7}})},
      {"ids are missing or tokens are repeated in the vocabulary: fill it up",
       with("added_tokens.json", R"({"bb": 8})", vocabulary + "a\n"),
       with("added_tokens.json", R"({"bb": 8})", vocabulary + "c\n")},
      {"name the tokens in between too; else correct the id", with_added({{"bb", 9}}),
       [] {
         with_added({{"x", 7}, {"y", 8}, {"bb", 9}})();
         with_added({{"bb", 7}})();
       }},
      {"supported are BertPreTokenizer", with_section("pre_tokenizer", R"({"type": "Metaspace"})"),
       with_section("pre_tokenizer", R"({"type": "BertPreTokenizer"})")},
      {"only Isolated is",
       with_section("pre_tokenizer", R"({"type": "Punctuation", "behavior": "Removed"})"),
       with_section("pre_tokenizer", R"({"type": "Punctuation", "behavior": "Isolated"})")},
      {"BERT has these two token types",
       with_section("post_processor", template_of(a + "," + third)),
       with_section("post_processor", template_of(a + "," + b))},
      {"it needs A and B", with_section("post_processor", template_of(a)),
       with_section("post_processor", template_of(a + "," + b))},
  });
}
