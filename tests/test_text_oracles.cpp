// Batches, masks, sentence pairs and trained vocabularies against slow and plain versions of them.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/random.h"
#include "tests/tokenizer_files.h"
#include "text/batches.h"
#include "text/more/masked_lm.h"
#include "text/more/order_file.h"
#include "text/more/wordpiece_trainer.h"

using namespace cairn;
using cairn::test::error_of;
using cairn::test::has;
using cairn::test::letters;
using cairn::test::TempFolder;

namespace {

using Ints = std::vector<int32_t>;
using Strings = std::vector<std::string>;

const Strings specials = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"};

// Group by length as Trainer of transformers 4 does: shuffled, sorted within 50 batches' worth.
BatchIndices grouped_plainly(const std::vector<int64_t>& lengths, int64_t batch_size,
                             Random& random) {
  const std::vector<int64_t> order = shuffled_order(static_cast<int64_t>(lengths.size()), random);
  BatchIndices batches;
  for (size_t begin = 0; begin < order.size(); begin += 50 * static_cast<size_t>(batch_size)) {
    std::vector<int64_t> window;
    for (size_t i = begin; i < std::min(order.size(), begin + 50 * static_cast<size_t>(batch_size));
         ++i)
      window.push_back(order[i]);
    for (size_t i = 1; i < window.size(); ++i)  // insertion sort: equal lengths keep their order
      for (size_t j = i; j > 0 && lengths[static_cast<size_t>(window[j])] >
                                      lengths[static_cast<size_t>(window[j - 1])];
           --j)
        std::swap(window[j], window[j - 1]);
    for (size_t i = 0; i < window.size(); ++i) {
      if (i % static_cast<size_t>(batch_size) == 0) batches.emplace_back();
      batches.back().push_back(window[i]);
    }
  }
  random.shuffle(batches);
  return batches;
}

// Byte pair encoding by its definition: all pairs are counted anew for each token.
Strings trained_plainly(const std::map<std::string, int64_t>& counts, int64_t size, int64_t least) {
  std::set<char> alphabet, continuing;
  std::map<std::string, std::vector<std::string>> words;
  for (const auto& [word, count] : counts)
    for (size_t i = 0; i < word.size(); ++i) {
      alphabet.insert(word[i]);
      if (i > 0) continuing.insert(word[i]);
      words[word].push_back((i ? "##" : "") + std::string(1, word[i]));
    }
  Strings tokens = specials;
  for (const char c : alphabet) tokens.push_back(std::string(1, c));
  for (const char c : continuing) tokens.push_back("##" + std::string(1, c));
  const auto id = [&](const std::string& token) {
    return std::find(tokens.begin(), tokens.end(), token) - tokens.begin();
  };
  while (static_cast<int64_t>(tokens.size()) < size) {
    std::map<std::pair<int64_t, int64_t>, int64_t> pairs;  // the oldest tokens first
    for (const auto& [word, parts] : words)
      for (size_t i = 1; i < parts.size(); ++i)
        pairs[{id(parts[i - 1]), id(parts[i])}] += counts.at(word);
    auto best = pairs.begin();
    for (auto pair = pairs.begin(); pair != pairs.end(); ++pair)
      if (pair->second > best->second) best = pair;
    if (best == pairs.end() || best->second < least) break;
    const std::string first = tokens[static_cast<size_t>(best->first.first)];
    const std::string second = tokens[static_cast<size_t>(best->first.second)];
    const std::string merged = first + second.substr(2);
    if (id(merged) == static_cast<int64_t>(tokens.size())) tokens.push_back(merged);
    for (auto& [word, parts] : words)
      for (size_t i = 1; i < parts.size(); ++i)
        if (parts[i - 1] == first && parts[i] == second) {
          parts[i - 1] = merged;
          parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(i));
        }
  }
  return tokens;
}

// Do the counts look as if each of n outcomes had the same chance? The seeds are fixed.
bool even(const std::map<std::string, int>& counts, size_t n) {
  double total = 0;
  for (const auto& [outcome, count] : counts) total += count;
  const double each = total / static_cast<double>(n);
  return counts.size() == n && std::all_of(counts.begin(), counts.end(), [&](const auto& outcome) {
           return std::abs(outcome.second - each) < 4 * std::sqrt(each);
         });
}

}  // namespace

TEST_CASE("batches: grouped by length they are those of the plain version") {
  Random drawn(7);
  for (const int64_t n : {0, 1, 49, 50, 51, 99, 100, 101, 149, 333, 1000})
    for (const int64_t batch_size : {1, 2, 3, 7, 400}) {
      INFO(n, " rows in batches of ", batch_size);
      std::vector<int64_t> lengths(static_cast<size_t>(n));
      for (int64_t& length : lengths) length = 1 + drawn.below(9);
      Random a(5), b(5);
      CHECK(length_grouped_batches(lengths, batch_size, a) ==
            grouped_plainly(lengths, batch_size, b));
      CHECK(a.next == b.next);
    }
  for (const int64_t batch_size : {0, -1})
    CHECK(has(error_of([&] {
                length_grouped_batches({1, 2}, batch_size, drawn);
              }),
              "the batch size is " + std::to_string(batch_size)));
}

TEST_CASE("batches: a row that is none, labels of another number, and lines that are no row") {
  const BertTokenizer tokenizer = letters();
  const std::vector<Encoding> encodings = {tokenizer.encode("a"), tokenizer.encode("b c")};
  const auto error = [&](const Ints& labels, const std::vector<int64_t>& rows) {
    return error_of([&] { make_batch(encodings, labels, rows); });
  };
  CHECK(error({}, {0, 1}) == "");
  CHECK(has(error({}, {0, -1}), "there is no example -1"));
  CHECK(has(error({}, {2}), "there is no example 2\n  hint: there are 2 examples"));
  CHECK(has(error({0, 1, 2}, {0}), "there are 3 labels for 2 texts"));
  const Batch none = make_batch(encodings, {3, 4}, {});
  CHECK(none.tokens() == 0);
  CHECK(none.rows.sequences() == 0);
  CHECK(make_batch(encodings, {3, 4}, {1, 1, 0}).labels.values() == Ints{4, 4, 3});
  CHECK(make_batch(encodings, {3, 4}, {1}).ids.values() == encodings[1].ids);
  const TempFolder folder;
  const auto read = [&](const std::string& text) {
    write_file_atomically(folder / "order", text);
    return read_order(folder / "order", 3);
  };
  CHECK(read("0\r\n2\r\n") == std::vector<int64_t>{0, 2});
  CHECK(read("1") == std::vector<int64_t>{1});
  for (const char* line : {"3", "-1", "1 ", " 1", "1.0", "x", "", "99999999999999999999"})
    CHECK(has(error_of([&] { read("0\n1\n" + std::string(line) + "\n"); }),
              "order:3] \"" + std::string(line) +
                  "\" is not an index\n  hint: indices are 0 to 2, "
                  "one per line"));
  const std::string x150(150, 'x');
  CHECK(has(error_of([&] { read(x150); }), "\"" + x150.substr(50) + "\" is not"));  // cut short
}

TEST_CASE("masked lm: each option has its share, 0 and 1 exactly") {
  const BertTokenizer tokenizer = letters();
  Ints values;
  for (int32_t i = 0; i < 2000; ++i) values.push_back(i % 31);  // every token, special ones too
  const Ids ids({40, 50}, values);
  struct Counts {
    int chosen = 0, mask = 0, other = 0;
  };
  const auto count = [&](const MaskingOptions& options) {
    Random random(3);
    const MaskedTokens made = mask_tokens(ids, tokenizer, random, options);
    CHECK(made.ids.shape() == Shape{40, 50});
    CHECK(made.labels.shape() == Shape{40, 50});
    Counts counts;
    for (int64_t i = 0; i < 2000; ++i) {
      const bool chosen = made.labels[i] != ignored_label;
      counts.chosen += chosen;
      counts.mask += chosen && made.ids[i] == tokenizer.mask();
      counts.other += made.ids[i] != ids[i] && made.ids[i] != tokenizer.mask();
      CHECK((made.labels[i] == (chosen ? ids[i] : -100)));
      CHECK_FALSE((chosen && tokenizer.is_special(ids[i])));
      CHECK((chosen || made.ids[i] == ids[i]));
    }
    return counts;
  };
  const int plain = static_cast<int>(std::count_if(
      values.begin(), values.end(), [&](int32_t id) { return !tokenizer.is_special(id); }));
  const auto near = [](int found, double expected) { return std::abs(found - expected) < 80; };
  CHECK(count({.chosen = 0}).chosen == 0);
  CHECK(count({.chosen = 1}).chosen == plain);
  CHECK(near(count({.chosen = 0.5}).chosen, 0.5 * plain));
  CHECK(count({.chosen = 1, .masked = 1, .random = 0}).mask == plain);
  CHECK(count({.chosen = 1, .masked = 0, .random = 0}).mask == 0);
  CHECK(count({.chosen = 1, .masked = 0, .random = 0}).other == 0);
  CHECK(near(count({.chosen = 1, .masked = 0, .random = 1}).other, 29.0 / 31 * plain));
  CHECK(near(count({.chosen = 1, .masked = 0.5, .random = 0.5}).mask, 0.5 * plain));
  CHECK(near(count({.chosen = 1, .masked = 0.5, .random = 0.25}).other, 0.25 * 29 / 31 * plain));
  Random random(1);
  const auto refused = [&](const MaskingOptions& options, const std::string& name) {
    CHECK(has(error_of([&] { mask_tokens(ids, tokenizer, random, options); }), name));
  };
  for (const double p : {-0.001, 1.001, std::nan("")}) {
    refused({.chosen = p}, "chosen is " + std::to_string(p) + "\n  hint: all are");
    refused({.masked = p}, "masked is " + std::to_string(p) + "\n  hint: all are");
    refused({.random = p}, "random is " + std::to_string(p) + "\n  hint: all are");
  }
  CHECK(MaskingOptions{}.chosen == 0.15);
  CHECK(MaskingOptions{}.masked == 0.8);
  CHECK(MaskingOptions{}.random == 0.1);
}

TEST_CASE("masked lm: a random token is any of the vocabulary, the first and the last too") {
  const BertTokenizer tokenizer({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b"});
  Random random(4);
  const Ids ids(Ints(7000, 5));
  const MaskedTokens made =
      mask_tokens(ids, tokenizer, random, {.chosen = 1, .masked = 0, .random = 1});
  std::map<std::string, int> counts;
  for (int64_t i = 0; i < 7000; ++i) ++counts[tokenizer.token(made.ids[i])];
  CHECK(even(counts, 7));
}

TEST_CASE("next sentence: a passage is as long as fits, to the token") {
  const BertTokenizer tokenizer = letters();
  const Documents documents = {{"a b", "c", "d e f", "g"}, {"h"}, {"i j", "k l"}};
  const auto cut = [&](int64_t most) {
    std::string all;
    for (const Passage& passage : passages_of(documents, tokenizer, most)) {
      all += (all.empty() ? "" : "/") + std::to_string(passage.document);
      for (const std::string& sentence : passage.sentences) all += ":" + sentence;
    }
    return all;
  };
  CHECK(cut(100) == "0:a b:c:d e f:g/1:h/2:i j:k l");
  CHECK(cut(7) == "0:a b:c:d e f:g/1:h/2:i j:k l");  // exactly full
  CHECK(cut(6) == "0:a b:c:d e f/0:g/1:h/2:i j:k l");
  CHECK(cut(4) == "0:a b:c/0:d e f:g/1:h/2:i j:k l");
  CHECK(cut(3) == "0:a b:c/0:d e f/0:g/1:h/2:i j/2:k l");
  CHECK(cut(1) == "0:a b/0:c/0:d e f/0:g/1:h/2:i j/2:k l");
}

TEST_CASE("next sentence: every split and every end of another document is as likely") {
  const std::vector<Passage> passages = {{{"a", "b", "c"}, 0}, {{"d"}, 1}, {{"e", "f", "g"}, 2}};
  std::map<std::string, int> next, others;
  Random random(6);
  int followed = 0, rounds = 6000;
  for (int i = 0; i < rounds; ++i) {
    const std::vector<SentencePair> pairs = sentence_pairs(passages, random);
    REQUIRE(pairs.size() == 2);  // "d" alone makes no pair
    CHECK(pairs[1].first[0] == 'e');
    const SentencePair& pair = pairs[0];
    followed += pair.label == 0;
    ++(pair.label ? others : next)[pair.first + " | " + pair.second];
  }
  CHECK(std::abs(followed - rounds / 2) < 160);
  CHECK(even(next, 2));
  CHECK(next.contains("a | b c"));
  CHECK(next.contains("a b | c"));
  // "d" half of the time, an end of the last document in the other half.
  std::map<std::string, int> halves;
  for (const auto& [pair, count] : others) {
    const std::string second = pair.substr(pair.find("| ") + 2);
    halves[second == "d" ? "d" : "e f g"] += count;
    CHECK((second == "d" || second == "f g" || second == "g"));
  }
  CHECK(others.size() == 6);
  CHECK(even(halves, 2));
  CHECK(has(error_of([&] { sentence_pairs({}, random); }), "the text has 0 documents"));
  CHECK(has(error_of([&] {
              sentence_pairs({{{"a", "b"}, 3}, {{"c", "d"}, 3}}, random);
            }),
            "the text has 1 documents"));
  CHECK(has(error_of([&] {
              sentence_pairs({{{"a"}, 0}, {{"b"}, 1}}, random);
            }),
            "no two sentences of a document fit together"));
  CHECK(sentence_pairs({{{"a", "b"}, 0}, {{"c"}, 1}}, random).size() == 1);
}

TEST_CASE("next sentence: documents are read line by line, blanks between them") {
  const TempFolder folder;
  const auto read = [&](const std::string& text) {
    write_file_atomically(folder / "t", text);
    return read_documents(folder / "t");
  };
  CHECK(read("a") == Documents{{"a"}});
  CHECK(read("a\n\n\n \r\n\t\nb\nc") == Documents{{"a"}, {"b", "c"}});
  CHECK(read("\n\na b \n\n") == Documents{{"a b "}});
  CHECK(has(error_of([&] { read("a\n\n\xff"); }), "t:3] byte 0"));
}

TEST_CASE("trainer: random texts give the vocabulary of the plain version") {
  Random random(11);
  for (int round = 0; round < 30; ++round) {
    const int64_t alphabet = 2 + random.below(3), most = 2 + random.below(6);
    std::map<std::string, int64_t> counts;
    std::string text;
    for (int64_t words = 5 + random.below(60); words > 0; --words) {
      std::string word;
      for (int64_t n = 1 + random.below(most); n > 0; --n)
        word += static_cast<char>('a' + random.below(alphabet));
      ++counts[word];
      text += word + (words % 7 ? " " : "\n");
    }
    INFO(text);
    for (const int64_t least : {1, 2, 3})
      for (const int64_t size : {16, 20, 60})
        CHECK(train_wordpiece(text, {.size = size, .min_frequency = least}).tokens ==
              trained_plainly(counts, size, least));
  }
}

TEST_CASE("trainer: the alphabet takes the most frequent characters that have a place") {
  // b 6 times, a 5, c 3 (never first), d 3: in byte order where the counts are equal.
  const std::string text = "b b b b ba ba a a a dc dc dc";
  const auto train = [&](int64_t size) { return train_wordpiece(text, {.size = size}); };
  const auto alphabet = [&](int64_t size) {
    std::string all;
    const TrainedVocabulary v = train(size);
    for (size_t i = 5; i < v.tokens.size(); ++i) all += (i > 5 ? " " : "") + v.tokens[i];
    return all + ", without " + std::to_string(v.left_out);
  };
  CHECK(alphabet(6) == "b, without 3");
  CHECK(alphabet(7) == "b, without 3");  // a needs two places: it continues a word
  CHECK(alphabet(8) == "a b ##a, without 2");
  CHECK(alphabet(9) == "a b ##a ba, without 2");  // c needs two; so a pair takes the place
  CHECK(alphabet(10) == "a b c ##a ##c, without 1");
  CHECK(alphabet(11) == "a b c d ##a ##c, without 0");
  CHECK(alphabet(12) == "a b c d ##a ##c dc, without 0");
  CHECK(alphabet(13) == "a b c d ##a ##c dc ba, without 0");
  CHECK(alphabet(14) == "a b c d ##a ##c dc ba, without 0");
}

TEST_CASE("trainer: words of 100 characters teach, longer ones do not - lines end words") {
  const auto tokens = [](const std::string& text) {
    return train_wordpiece(text, {.size = 9, .min_frequency = 1}).tokens;
  };
  const std::string x100(100, 'x');
  CHECK(tokens("a b " + x100).size() == 9);  // a b x ##x
  CHECK(tokens("a b " + x100 + "x") ==
        Strings{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b"});
  CHECK(tokens("a\nb").back() == "b");
  CHECK(tokens("a\nb\n") == tokens("a b"));
  CHECK(has(error_of([&] { tokens(x100 + "x"); }), "the text has no words"));
  CHECK(has(error_of([] { train_wordpiece("a", {.size = 5}); }),
            "the size is 5\n  hint: the five special tokens need places"));
  CHECK(train_wordpiece("a", {.size = 6}).tokens.back() == "a");
  const auto cased = train_wordpiece(
      "\u00c9 A", {.size = 7, .words = {.lower_case = false, .strip_accents = false}});
  CHECK(cased.tokens == Strings{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "A", "\u00c9"});
  CHECK(WordPieceTrainerOptions{}.size == 30000);
  CHECK(WordPieceTrainerOptions{}.min_frequency == 2);
}
