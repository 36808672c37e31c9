// What a tokenizer costs: at most 3 times its file and 64 MiB, in linear time.
#include <doctest/doctest.h>

#include <ctime>

#include "core/io/json.h"
#include "core/random.h"
#include "tests/folders.h"
#include "tests/limits.h"
#include "text/bert_tokenizer.h"

using namespace cairn;
using cairn::test::can_limit_memory;
using cairn::test::cpu_seconds;
using cairn::test::shared_or_skip;
using cairn::test::TempFolder;
using cairn::test::within_memory;

namespace {

// [PAD] ... and random words, half of them continuations, which share few beginnings.
std::vector<std::string> random_tokens(int count) {
  std::vector<std::string> tokens = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};
  Random random(3);
  while (static_cast<int>(tokens.size()) < count) {
    std::string token = tokens.size() % 2 ? "##" : "";
    for (int64_t n = 4 + random.below(5); n > 0; --n)
      token += static_cast<char>('a' + random.below(26));
    tokens.push_back(token + std::to_string(tokens.size() % 10));
  }
  return tokens;
}

std::string vocab_txt(const std::vector<std::string>& tokens) {
  std::string text;
  for (const std::string& token : tokens) text += token + "\n";
  return text;
}

std::string tokenizer_json(const std::vector<std::string>& tokens) {
  std::string text = R"({"model": {"type": "WordPiece", "vocab": {)";
  for (size_t i = 0; i < tokens.size(); ++i)
    text += (i ? ", " : "") + json_string(tokens[i] + (i < 5 ? "" : std::to_string(i))) + ": " +
            std::to_string(i);
  return text + "}}}";
}

// "done", or what kept the folder from being read within the bound.
std::string read_within_bound(const std::string& folder, const std::string& file) {
  const auto size = static_cast<int64_t>(std::filesystem::file_size(folder + "/" + file));
  BertTokenizer({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}).encode("a");  // makes the tables
  return within_memory(3 * size + (64 << 20), [&] { BertTokenizer::from_pretrained(folder); });
}

}  // namespace

TEST_CASE("tokenizer: reading a vocabulary takes at most 3 times the file and 64 MiB") {
  if (!can_limit_memory) return;
  for (const std::string name : {"vocab.txt", "tokenizer.json"}) {
    INFO(name);
    const TempFolder folder;
    const std::vector<std::string> tokens = random_tokens(200000);
    write_file_atomically(folder / name,
                          name == "vocab.txt" ? vocab_txt(tokens) : tokenizer_json(tokens));
    CHECK(read_within_bound(folder.path(), name) == "done");
  }
  const std::string real = shared_or_skip("data/minilm-l6");
  if (!real.empty()) CHECK(read_within_bound(real, "tokenizer.json") == "done");
}

TEST_CASE("tokenizer: a vocabulary of eight times the size takes about eight times as long") {
  const std::vector<std::string> small = random_tokens(25000), large = random_tokens(200000);
  const double once = cpu_seconds([&] { BertTokenizer{small}; });
  CHECK(cpu_seconds([&] { BertTokenizer{large}; }) < 24 * once + 0.05);  // quadratic: 64 times
}

TEST_CASE("tokenizer: many added tokens that overlap take linear time") {
  const TempFolder folder;
  std::string added, vocab = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##a\n";
  for (int i = 0; i < 900; ++i)
    added += (i ? ", \"" : "\"") + std::string(static_cast<size_t>(i), 'a') +
             "b\": " + std::to_string(7 + i);
  write_file_atomically(folder / "vocab.txt", vocab);
  write_file_atomically(folder / "added_tokens.json", "{" + added + "}");
  const BertTokenizer tokenizer = BertTokenizer::from_pretrained(folder.path());
  const std::string text(1 << 13, 'a'), longer(1 << 16, 'a');
  const double once = cpu_seconds([&] { tokenizer.pieces(text); });
  CHECK(cpu_seconds([&] { tokenizer.pieces(longer); }) < 24 * once + 0.05);  // quadratic: 64 times
  const std::string spaces(1 << 20, ' ');
  CHECK(cpu_seconds([&] { tokenizer.pieces(spaces + "b" + spaces); }) < 5);
}
