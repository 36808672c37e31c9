// BERT's tokenizer: ids equal the oracle's, WordPiece through a trie equals its definition, and bad
// vocabularies and texts are refused by name.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>

#include "core/error.h"
#include "core/io/crc32.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "core/random.h"
#include "tests/tokenizer_files.h"
#include "text/bert_tokenizer.h"

using namespace cairn;
using cairn::test::error_of;
using cairn::test::has;
using cairn::test::ints;
using cairn::test::shared_or_skip;
using cairn::test::TempFolder;
using cairn::test::unk;

namespace {

const std::string data = std::string(CAIRN_SOURCE_DIR) + "/tests/data/";
const std::vector<std::string> specials = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};

std::vector<std::string> with_specials(std::vector<std::string> tokens) {
  tokens.insert(tokens.begin(), specials.begin(), specials.end());
  return tokens;
}

// WordPiece by its definition, on code points and with a map: the oracle of the trie.
std::vector<int32_t> naive_pieces(const std::map<std::string, int32_t>& vocab,
                                  const std::string& word) {
  std::vector<size_t> starts;  // of the code points, and the end
  for (size_t i = 0; i < word.size(); ++i)
    if ((word[i] & 0xC0) != 0x80) starts.push_back(i);
  starts.push_back(word.size());
  std::vector<int32_t> ids;
  if (starts.size() - 1 > 100) return {unk};
  for (size_t begin = 0; begin + 1 < starts.size();) {
    size_t end = starts.size() - 1;
    auto found = vocab.end();
    for (; end > begin; --end) {
      const std::string part = word.substr(starts[begin], starts[end] - starts[begin]);
      found = vocab.find((begin ? "##" : "") + part);
      if (found != vocab.end()) break;
    }
    if (found == vocab.end()) return {unk};
    ids.push_back(found->second);
    begin = end;
  }
  return ids;
}

std::string random_text(const std::vector<std::string>& alphabet, int64_t most, Random& random) {
  std::string text;
  for (int64_t n = 1 + random.below(most); n > 0; --n)
    text += alphabet[static_cast<size_t>(random.below(static_cast<int64_t>(alphabet.size())))];
  return text;
}

// A vocabulary of random tokens over the alphabet, half of them continuations.
std::map<std::string, int32_t> random_vocab(const std::vector<std::string>& alphabet,
                                            Random& random) {
  std::map<std::string, int32_t> vocab;
  for (size_t i = 0; i < specials.size(); ++i) vocab[specials[i]] = static_cast<int32_t>(i);
  for (int64_t n = random.below(60); n > 0; --n) {
    const std::string token =
        (random.below(2) ? "##" : "") + random_text(alphabet, 1 + random.below(8), random);
    vocab.emplace(token, static_cast<int32_t>(vocab.size()));
  }
  return vocab;
}

std::vector<std::string> in_order(const std::map<std::string, int32_t>& vocab) {
  std::vector<std::string> tokens(vocab.size());
  for (const auto& [token, id] : vocab) tokens[static_cast<size_t>(id)] = token;
  return tokens;
}

}  // namespace

TEST_CASE("wordpiece: the trie gives the pieces of the definition, on random vocabularies") {
  Random random(1);
  const std::vector<std::string> alphabets[] = {
      {"a", "b"}, {"a", "b", "c", "d"}, {"a", "#"}, {"é", "è", "中", "a"}, {"!", "\""}};
  int64_t known = 0;
  for (int round = 0; round < 2000; ++round) {
    const std::vector<std::string>& alphabet = alphabets[round % 5];
    const std::map<std::string, int32_t> vocab = random_vocab(alphabet, random);
    const WordPiece wordpiece(in_order(vocab), unk);
    for (int i = 0; i < 50; ++i) {
      const std::string word = random_text(alphabet, i == 0 ? 120 : 14, random);
      std::vector<int32_t> pieces;
      longest_match(word, wordpiece, pieces);
      const std::vector<int32_t> expected = naive_pieces(vocab, word);
      known += expected != std::vector<int32_t>{unk};
      if (pieces != expected) FAIL(word, " in round ", round);
    }
  }
  CHECK(known > 20000);  // the words are not all unknown
}

TEST_CASE("wordpiece: a word of 100 characters has pieces, one of 101 is unknown") {
  const BertTokenizer tokenizer(with_specials({"a", "##a", "é", "##é"}), {.strip_accents = false});
  for (const std::string c : {"a", "é"}) {
    std::string word;
    for (int i = 0; i < 100; ++i) word += c;
    CHECK(tokenizer.pieces(word).size() == 100);
    CHECK(tokenizer.pieces(word + c) == std::vector<int32_t>{unk});
  }
}

TEST_CASE("wordpiece: tokens that overlap at every length take linear time") {
  std::vector<std::string> tokens;
  for (size_t n = 1; n <= 100; ++n) {
    tokens.push_back(std::string(n, 'a'));
    tokens.push_back("##" + std::string(n, 'a') + "b");
  }
  const BertTokenizer tokenizer(with_specials(tokens));
  std::string text;
  while (text.size() < (1 << 20)) text += std::string(99, 'a') + " ";
  const auto start = std::chrono::steady_clock::now();
  CHECK(tokenizer.pieces(text).size() == text.size() / 100);
  CHECK(tokenizer.pieces(std::string(1 << 20, 'a')) == std::vector<int32_t>{unk});
  const auto seconds = std::chrono::steady_clock::now() - start;
  CHECK(std::chrono::duration<double>(seconds).count() < 10);
}

TEST_CASE("tokenizer: texts and pairs have the oracle's ids, truncated or not") {
  const std::vector<std::string> tokens = split_lines(read_file(data + "tokenizer_vocab.txt"));
  int cut = 0;
  for (const std::string& line : split_lines(read_file(data + "tokenizer_texts.jsonl"))) {
    INFO(line);
    const Json json = parse_json(line, "tokenizer_texts.jsonl");
    const BertTokenizer tokenizer(tokens, {.lower_case = json.at("lower_case").as_bool(),
                                           .strip_accents = json.at("strip_accents").as_bool()});
    const int64_t length = json.get("max_length", BertTokenizer::no_limit);
    const std::string text = json.at("text").as_string();
    const Json* pair = json.find("pair");
    const Encoding e =
        pair ? tokenizer.encode(text, pair->as_string(), length) : tokenizer.encode(text, length);
    CHECK(e.ids == ints(json.at("ids")));
    CHECK(e.token_types == ints(json.at("token_types")));
    cut += e.truncated;
  }
  CHECK(cut > 10);
}

TEST_CASE("tokenizer: special tokens are recognised in a text, in their case only") {
  const BertTokenizer tokenizer(with_specials({"a", "[", "mask", "]", "##]"}));
  CHECK(tokenizer.pieces("a[MASK]a [SEP]") == std::vector<int32_t>{5, 4, 5, 3});
  CHECK(tokenizer.pieces("[mask]") == std::vector<int32_t>{6, 7, 8});
  CHECK(tokenizer.pieces("[[MASK]]") == std::vector<int32_t>{6, 4, 8});
  CHECK(tokenizer.pieces("[MASK").size() == 2);
  CHECK(tokenizer.is_special(tokenizer.mask()));
  CHECK_FALSE(tokenizer.is_special(5));
}

TEST_CASE("tokenizer: the longer text of a pair is cut first, then both alike") {
  const BertTokenizer tokenizer(with_specials({"a", "b"}));
  const auto kept = [&](const char* first, const char* second, int64_t length) {
    const Encoding e = tokenizer.encode(first, second, length);
    return std::pair(std::count(e.ids.begin(), e.ids.end(), 5),
                     std::count(e.ids.begin(), e.ids.end(), 6));
  };
  CHECK(kept("a a a a a", "b", 7) == std::pair(3L, 1L));
  CHECK(kept("a", "b b b b b", 7) == std::pair(1L, 3L));
  CHECK(kept("a a a", "b b b", 8) == std::pair(2L, 3L));
  CHECK(kept("a a a a", "b b b", 8) == std::pair(3L, 2L));
  CHECK(kept("a a", "b b", 7) == std::pair(2L, 2L));
  CHECK(kept("a a", "b b", 3) == std::pair(0L, 0L));
  CHECK(tokenizer.encode("a a", 4).truncated == false);
  CHECK(tokenizer.encode("a a", 3).truncated);
  CHECK(has(error_of([&] { tokenizer.encode("a", 1); }), "the maximum length is 1"));
  CHECK(has(error_of([&] { tokenizer.encode("a", "b", 2); }), "the maximum length is 2"));
}

TEST_CASE("tokenizer: decode joins pieces") {
  const BertTokenizer tokenizer(with_specials({"play", "##ing", "the"}));
  CHECK(tokenizer.decode(tokenizer.encode("Playing the").ids) == "playing the");
  CHECK(tokenizer.decode({2, 7}, false) == "[CLS] the");
  CHECK(tokenizer.decode({}).empty());
  CHECK(has(error_of([&] { tokenizer.decode({8}); }), "the id 8 is not in the vocabulary"));
  CHECK(has(error_of([&] { tokenizer.token(-1); }), "the id -1 is not in the vocabulary"));
}

TEST_CASE("tokenizer: text that is not UTF-8 is refused at its byte") {
  const BertTokenizer tokenizer(with_specials({"a"}));
  CHECK(has(error_of([&] { tokenizer.encode("abc\xff"); }), "byte 3 of the text is not"));
  CHECK(has(error_of([&] { tokenizer.encode("\xed\xa0\x80"); }), "byte 0"));  // a surrogate
  CHECK(has(error_of([&] { tokenizer.encode("a", "\xc3"); }), "byte 0"));     // cut off
}

TEST_CASE("tokenizer: a bad vocabulary is refused with file, line and remedy") {
  const TempFolder folder;
  const auto error = [&](const std::string& vocab) {
    write_file_atomically(folder / "vocab.txt", vocab);
    return error_of([&] { BertTokenizer::from_pretrained(folder.path()); });
  };
  const std::string good = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
  CHECK(error(good + "a\n") == "");
  CHECK(error(good + "a") == "");
  CHECK(has(error(""), "the vocabulary is empty"));
  CHECK(has(error("[PAD]\n[CLS]\n[MASK]\n"), "has no [UNK], [SEP]"));
  CHECK(has(error(good + "\xc3(\n"), "vocab.txt:6] byte 0 of the token is not UTF-8"));
  std::filesystem::remove(folder / "vocab.txt");
  CHECK(has(error_of([&] { BertTokenizer::from_pretrained(folder.path()); }),
            "vocab.txt] there is no vocabulary"));
}

TEST_CASE("tokenizer: vocab.txt may have \\r\\n at its line ends") {
  const TempFolder folder;
  const std::string vocab = "[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\n[MASK]\r\na\r\n";
  write_file_atomically(folder / "vocab.txt", vocab);
  CHECK(BertTokenizer::from_pretrained(folder.path()).pieces("a") == std::vector<int32_t>{5});
}

TEST_CASE("tokenizer: tokenizer_config.json sets options and names - absent, the defaults hold") {
  const TempFolder folder;
  write_file_atomically(folder / "vocab.txt", "<pad>\n[UNK]\n[CLS]\n[SEP]\n<mask>\nA\na\né\n中a\n");
  const auto load = [&](const std::string& config) {
    write_file_atomically(folder / "tokenizer_config.json", config);
    return BertTokenizer::from_pretrained(folder.path());
  };
  const std::string names = R"("pad_token": "<pad>", "mask_token": {"content": "<mask>"})";
  const BertTokenizer plain = load("{" + names + "}");
  CHECK(plain.pieces("A É<mask>") == std::vector<int32_t>{6, 1, 4});
  CHECK(plain.options().max_length == BertTokenizer::no_limit);
  const BertTokenizer cased = load("{" + names + R"(, "do_lower_case": false})");
  CHECK(cased.pieces("A é") == std::vector<int32_t>{5, 7});
  const BertTokenizer other = load("{" + names + R"(, "strip_accents": false,
      "tokenize_chinese_chars": false, "model_max_length": 64})");
  CHECK(other.pieces("É 中a") == std::vector<int32_t>{7, 8});
  CHECK(other.options().max_length == 64);
  CHECK(has(error_of([&] { load("{" + names + R"(, "do_lower_case": 3})"); }),
            "tokenizer_config.json"));
  CHECK(has(error_of([&] { load("{\"pad_token\": \"<pad>\"}"); }), "has no [MASK]"));
}

TEST_CASE("tokenizer: what is saved is loaded again, from vocab.txt or tokenizer.json") {
  const std::vector<std::string> tokens =
      with_specials({"a", "##a", "É", "é", "\"", "\\", "\u2028a", "中", "中a"});
  const std::string text = "a É é \" \\ 中 [MASK] aa 中a";
  for (const bool lower_case : {false, true})
    for (const std::optional<bool> strip : {std::optional<bool>(), std::optional(false)}) {
      const TempFolder folder;
      const BertTokenizer saved(tokens, {.lower_case = lower_case,
                                         .strip_accents = strip,
                                         .space_chinese = false,
                                         .max_length = 99});
      saved.save_pretrained(folder.path());
      CHECK(folder.count() == 4);
      const BertTokenizer loaded = BertTokenizer::from_pretrained(folder.path());
      CHECK(loaded.tokens() == tokens);
      CHECK(loaded.encode(text).ids == saved.encode(text).ids);
      CHECK(loaded.options().max_length == 99);
      for (const char* name : {"vocab.txt", "tokenizer.json"}) {
        const TempFolder part;
        for (const char* kept : {name, "tokenizer_config.json"})
          std::filesystem::copy(folder / kept, part / kept);
        CHECK(BertTokenizer::from_pretrained(part.path()).encode(text).ids ==
              saved.encode(text).ids);
      }
    }
}

TEST_CASE("tokenizer: a bad tokenizer.json is refused") {
  const TempFolder folder;
  const auto error = [&](const std::string& json) {
    write_file_atomically(folder / "tokenizer.json", json);
    return error_of([&] { BertTokenizer::from_pretrained(folder.path()); });
  };
  CHECK(has(error("{}"), "model"));
  CHECK(has(error(R"({"model": {"type": "BPE", "vocab": {}}})"), "not WordPiece"));
  CHECK(has(error(R"({"model": {"vocab": {"a": 3}}})"), "\"a\""));
  CHECK(has(error(R"({"model": {"vocab": {"a": 0, "b": 0}}})"), "another token"));
  CHECK(has(error(R"({"model": {"vocab": {}}})"), "the vocabulary is empty"));
}

TEST_CASE("tokenizer: whole data files have the oracle's ids with BERT's own vocabularies") {
  const std::string shared = shared_or_skip("data");
  if (shared.empty()) return;
  const std::vector<std::string> lines = split_lines(read_file(data + "tokenizer_data.tsv"));
  for (size_t i = 1; i < lines.size(); ++i) {
    INFO(lines[i]);
    const std::vector<std::string> golden = split(lines[i], '\t');
    const BertTokenizer tokenizer = BertTokenizer::from_vocab(
        shared + "/vocab/" + golden[0] + "-vocab.txt", {.lower_case = golden[1] == "1"});
    uint32_t crc = 0;
    size_t count = 0;
    for (const std::string& line : split(read_file(shared + "/" + golden[2]), '\n')) {
      const std::vector<int32_t> ids = tokenizer.encode(line).ids;
      crc = crc32(ids.data(), 4 * ids.size(), crc);  // little-endian, as all our machines are
      count += ids.size();
    }
    CHECK(count == std::stoul(golden[3]));
    CHECK(crc == std::stoul(golden[4], nullptr, 16));
  }
}

TEST_CASE("tokenizer: MiniLM's folder gives the stored ids") {
  const std::string folder = shared_or_skip("data/minilm-l6");
  if (folder.empty()) return;
  const BertTokenizer tokenizer = BertTokenizer::from_pretrained(folder);
  CHECK(tokenizer.size() == 30522);
  CHECK(tokenizer.options().max_length == 512);
  const std::string file = folder + "/sample_expected.json";
  const Json samples = parse_json(read_file(file), file);
  CHECK(samples.size() == 5);
  for (const Json& sample : samples.items())
    CHECK(tokenizer.encode(sample.at("text").as_string()).ids == ints(sample.at("ids")));
}
