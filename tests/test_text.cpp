// Tables, batches, orders, pretraining examples, trained vocabularies and the random numbers that
// they use.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "core/error.h"
#include "core/io/files.h"
#include "core/random.h"
#include "tests/tokenizer_files.h"
#include "text/batches.h"
#include "text/more/masked_lm.h"
#include "text/more/order_file.h"
#include "text/more/wordpiece_trainer.h"
#include "text/tsv.h"

using namespace cairn;
using cairn::test::error_of;
using cairn::test::has;
using cairn::test::letters;
using cairn::test::shared_or_skip;
using cairn::test::TempFolder;

namespace {

std::vector<int64_t> flat(const BatchIndices& batches) {
  std::vector<int64_t> rows;
  for (const std::vector<int64_t>& batch : batches)
    rows.insert(rows.end(), batch.begin(), batch.end());
  return rows;
}

// Pearson's statistic of counts against expected chances. With k classes its mean is k - 1.
double chi_square(const std::vector<int64_t>& counts, const std::vector<double>& chances) {
  const auto total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), int64_t{0}));
  double sum = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    const double expected = total * chances[i];
    const double off = static_cast<double>(counts[i]) - expected;
    sum += off * off / expected;
  }
  return sum;
}

// Above these a fair source is found once in 1,000 tries; the seeds are fixed.
constexpr double limit_1 = 10.8, limit_3 = 16.3, limit_9 = 27.9, limit_23 = 49.7;

}  // namespace

TEST_CASE("random: the numbers of a seed are always the same") {
  Random random(42);
  CHECK(random.bits() == 0x57e1faba65107204u);
  CHECK(random.bits() == 0xf4abd143feb24055u);
  CHECK(random.next == 2);
  Random other = random;  // a copy goes on alike
  CHECK(other.uniform() == random.uniform());
  CHECK(Random(1).bits() != Random(2).bits());
}

TEST_CASE("random: below, uniform and normal have their distributions") {
  Random random(3);
  std::vector<int64_t> tens(10), tenths(10);
  double sum = 0, squares = 0, fourth = 0;
  const int n = 100000;
  for (int i = 0; i < n; ++i) {
    ++tens[static_cast<size_t>(random.below(10))];
    ++tenths[static_cast<size_t>(10 * random.uniform())];
    const double x = random.normal();
    sum += x;
    squares += x * x;
    fourth += x * x * x * x;
  }
  const std::vector<double> even(10, 0.1);
  CHECK(chi_square(tens, even) < limit_9);
  CHECK(chi_square(tenths, even) < limit_9);
  CHECK(std::abs(sum / n) < 0.015);
  CHECK(std::abs(squares / n - 1) < 0.02);
  CHECK(std::abs(fourth / n - 3) < 0.15);
  CHECK(random.below(1) == 0);
  CHECK(has(error_of([&] { random.below(0); }), "n is 0"));
}

TEST_CASE("random: every permutation of a shuffle is as likely") {
  Random random(8);
  std::map<std::vector<int>, int64_t> seen;
  for (int i = 0; i < 24000; ++i) {
    std::vector<int> values = {1, 2, 3, 4};
    random.shuffle(values);
    ++seen[values];
  }
  REQUIRE(seen.size() == 24);
  std::vector<int64_t> counts;
  for (const auto& [order, count] : seen) counts.push_back(count);
  CHECK(chi_square(counts, std::vector<double>(24, 1.0 / 24)) < limit_23);
}

TEST_CASE("tsv: rows are read, without quoting, whatever the columns' order") {
  const TempFolder folder;
  const auto read = [&](const std::string& text) {
    write_file_atomically(folder / "f.tsv", text);
    return read_tsv(folder / "f.tsv", 2);
  };
  const std::vector<Example> plain = read("sentence\tlabel\n\"a b \t1\n\t0\n");
  REQUIRE(plain.size() == 2);
  CHECK(plain[0].text == "\"a b ");
  CHECK(plain[0].label == 1);
  CHECK(plain[1].text.empty());
  const std::vector<Example> other = read("\xEF\xBB\xBFlabel\tid\tsentence\r\n1\t7\tx\r\n");
  REQUIRE(other.size() == 1);
  CHECK(other[0].text == "x");
}

TEST_CASE("tsv: what is wrong is named with its line") {
  const TempFolder folder;
  const auto error = [&](const std::string& text) {
    write_file_atomically(folder / "f.tsv", text);
    return error_of([&] { read_tsv(folder / "f.tsv", 2); });
  };
  CHECK(has(error(""), "f.tsv] the file is empty"));
  CHECK(has(error("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"),
            "f.tsv] is a git-LFS pointer"));
  CHECK(has(error("<!DOCTYPE html>\n<html>\n"), "f.tsv] is a web page"));
  CHECK(has(error("sentence\tlabel\n"), "f.tsv:1] the table has a header but no rows"));
  CHECK(has(error("text\tlabel\na\t1\n"), "f.tsv:1] the header has no column \"sentence\""));
  CHECK(has(error("sentence\tlabel\na\t1\nb\n"), "f.tsv:3] the row has 1 columns"));
  CHECK(has(error("sentence\tlabel\na\tb\t1\n"), "f.tsv:2] the row has 3 columns"));
  CHECK(has(error("sentence\tlabel\na\t2\n"), "f.tsv:2] the label is 2"));
  CHECK(has(error("sentence\tlabel\na\t2\n"), "hint: labels are 0 to 1"));
  CHECK(has(error("sentence\tlabel\na\t-1\n"), "f.tsv:2] the label is -1"));
  CHECK(has(error("sentence\tlabel\na\t99999999999\n"), "f.tsv:2] the label is 99999999999"));
  CHECK(has(error("sentence\tlabel\na\t1.0\n"), "f.tsv:2] the label is \"1.0\""));
  CHECK(has(error("sentence\tlabel\na\t\n"), "f.tsv:2] the label is empty"));
  CHECK(has(error("sentence\tlabel\na\t1\n\xff\t0\n"), "f.tsv:3] byte 19 of the file"));
  CHECK(has(error_of([&] { read_tsv(folder / "none.tsv", 2); }), "none.tsv"));
}

TEST_CASE("tsv: blank lines at the end are skipped - between rows the message says what they are") {
  const TempFolder folder;
  const auto read = [&](const std::string& text) {
    write_file_atomically(folder / "f.tsv", text);
    return read_tsv(folder / "f.tsv", 2).size();
  };
  for (const char* end : {"", "\n", "\n\n", "\r\n\r\n", "\n  \n\n", "\n\r\n "}) {
    CAPTURE(end);
    CHECK(read(std::string("sentence\tlabel\na\t1\nb\t0") + end) == 2);
    CHECK(read(std::string("label\tsentence\n1\ta\n0\t") + end) == 2);  // an empty text
  }
  const std::string message = error_of([&] { read("sentence\tlabel\na\t1\n\nb\t0\n"); });
  CHECK(has(message, "f.tsv:3] the line is blank"));
  CHECK_FALSE(has(message, " tab"));
  CHECK(has(message, "hint: remove the line"));
  CHECK(read("sentence\tlabel\na\t1\nb\t0\n") == 2);  // as the hint says
  CHECK(has(error_of([&] { read("sentence\tlabel\n\n\n"); }), "a header but no rows"));
  CHECK(has(error_of([&] { read("\n\n"); }), "the file is empty"));
  const std::string mac = error_of([&] { read("sentence\tlabel\ra\t1\rb\t0\r"); });
  CHECK(has(mac, "f.tsv] its lines end with carriage returns alone"));
  CHECK(has(error_of([&] { read(std::string("\xFF\xFEs\0", 4)); }), "is UTF-16"));
}

TEST_CASE("tsv: SST-2 has its rows") {
  const std::string folder = shared_or_skip("data/sst2");
  if (folder.empty()) return;
  const std::vector<Example> dev = read_tsv(folder + "/dev.tsv", 2);
  CHECK(dev.size() == 872);
  CHECK(std::count_if(dev.begin(), dev.end(), [](const Example& e) { return e.label; }) == 444);
  CHECK(read_tsv(folder + "/train.tsv", 2).size() == 67349);
}

TEST_CASE("batches: tokens stand one after the other, without padding") {
  const BertTokenizer tokenizer = letters();
  const std::vector<Encoding> encodings = {tokenizer.encode("a b"), tokenizer.encode("c"),
                                           tokenizer.encode("d", "e")};
  const Batch batch = make_batch(encodings, {0, 1, 2}, {2, 0});
  CHECK(batch.ids.values() == std::vector<int32_t>{2, 8, 3, 9, 3, 2, 5, 6, 3});
  CHECK(batch.token_types.values() == std::vector<int32_t>{0, 0, 0, 1, 1, 0, 0, 0, 0});
  CHECK(batch.rows.positions().values() == std::vector<int32_t>{0, 1, 2, 3, 4, 0, 1, 2, 3});
  CHECK(batch.labels.values() == std::vector<int32_t>{2, 0});
  CHECK(batch.rows.starts().values() == std::vector<int32_t>{0, 5, 9});
  CHECK(batch.rows.longest() == 5);
  CHECK(batch.tokens() == 9);
  CHECK(make_batch(encodings, {}, {1}).labels.numel() == 0);
  CHECK(has(error_of([&] { make_batch(encodings, {}, {3}); }), "there is no example 3"));
  CHECK(has(error_of([&] { make_batch(encodings, {1}, {0}); }), "1 labels for 3 texts"));
}

TEST_CASE("batches: a shuffled order is a permutation that the seed decides") {
  Random a(5), b(5), c(6);
  const std::vector<int64_t> order = shuffled_order(1000, a);
  CHECK(order == shuffled_order(1000, b));
  CHECK(order != shuffled_order(1000, c));
  CHECK(order != shuffled_order(1000, a));  // the next epoch's
  std::vector<int64_t> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  CHECK(sorted == sequential_order(1000));
  CHECK(shuffled_order(0, a).empty());
}

TEST_CASE("batches: the last one holds the rest") {
  const BatchIndices batches = batches_of(sequential_order(7), 3);
  CHECK(batches == BatchIndices{{0, 1, 2}, {3, 4, 5}, {6}});
  CHECK(batches_of({}, 3).empty());
  CHECK(has(error_of([&] { batches_of({1}, 0); }), "the batch size is 0"));
}

TEST_CASE("batches: grouped by length they hold every row once, and similar lengths") {
  Random random(4);
  std::vector<int64_t> lengths(5003);
  for (int64_t& length : lengths) length = 1 + random.below(60);
  const BatchIndices batches = length_grouped_batches(lengths, 16, random);
  std::vector<int64_t> rows = flat(batches);
  int64_t spread = 0, falling = 0;
  for (const std::vector<int64_t>& batch : batches) {
    const auto length = [&](int64_t row) { return lengths[static_cast<size_t>(row)]; };
    CHECK(length(batch.front()) >= length(batch.back()));
    spread += length(batch.front()) - length(batch.back());
    falling += length(batch.front()) <= length(batches.front().front());
  }
  CHECK(spread < 3 * static_cast<int64_t>(batches.size()));
  CHECK(falling > 0);
  CHECK(falling < static_cast<int64_t>(batches.size()));  // the batches are shuffled
  CHECK(batches.size() == 6 * 50 + 13);                   // 6 windows of 800 rows, 203 left over
  std::sort(rows.begin(), rows.end());
  CHECK(rows == sequential_order(5003));
  CHECK(length_grouped_batches({}, 16, random).empty());
  CHECK(length_grouped_batches({3, 1, 2}, int64_t{1} << 62, random) == BatchIndices{{0, 2, 1}});
}

TEST_CASE("batches: an order is read from a file") {
  const TempFolder folder;
  const auto read = [&](const std::string& text) {
    write_file_atomically(folder / "order", text);
    return read_order(folder / "order", 10);
  };
  CHECK(read("3\n0\n3\n9") == std::vector<int64_t>{3, 0, 3, 9});
  CHECK(has(error_of([&] { read("1\n10\n"); }), "order:2] \"10\" is not an index"));
  CHECK(has(error_of([&] { read("-1\n"); }), "order:1] \"-1\""));
  CHECK(has(error_of([&] { read("1\n\n2\n"); }), "order:2] \"\""));
  CHECK(has(error_of([&] { read("1x\n"); }), "order:1] \"1x\""));
  CHECK(has(error_of([&] { read(""); }), "the file is empty"));
}

TEST_CASE("masked lm: 15 % of the tokens, 80/10/10, none of the special ones") {
  const BertTokenizer tokenizer = letters();
  std::vector<int32_t> values;
  for (int i = 0; i < 40000; ++i) {
    values.push_back(tokenizer.cls());
    for (int32_t id = 5; id < 10; ++id) values.push_back(id);
    values.push_back(tokenizer.sep());
  }
  Random random(1);
  const Ids ids(values);
  const MaskedTokens masked = mask_tokens(ids, tokenizer, random);
  int64_t plain = 0, to_mask = 0, to_other = 0, same = 0, wrong = 0;
  std::vector<int64_t> replacements(static_cast<size_t>(tokenizer.size()));
  for (int64_t i = 0; i < ids.numel(); ++i) {
    const bool special = tokenizer.is_special(ids[i]);
    if (masked.labels[i] == ignored_label) {
      plain += !special;
      wrong += masked.ids[i] != ids[i];
      continue;
    }
    wrong += special || masked.labels[i] != ids[i];
    if (masked.ids[i] == tokenizer.mask()) {
      ++to_mask;
    } else if (masked.ids[i] == ids[i]) {
      ++same;
    } else {
      ++to_other;
      ++replacements[static_cast<size_t>(masked.ids[i])];
    }
  }
  CHECK(wrong == 0);
  CHECK(chi_square({plain, to_mask + to_other + same}, {0.85, 0.15}) < limit_1);
  // A random token is now and then [MASK] or the old one: once each in 31.
  const double r = 0.1 / 31;
  CHECK(chi_square({to_mask, to_other, same}, {0.8 + r, 0.1 - 2 * r, 0.1 + r}) < limit_3);
  CHECK(std::count(replacements.begin(), replacements.end(), 0) == 1);  // [MASK], counted above
  Random again(1);
  CHECK(mask_tokens(ids, tokenizer, again).ids.values() == masked.ids.values());
}

TEST_CASE("masked lm: documents are separated by blank lines") {
  const TempFolder folder;
  const auto read = [&](const std::string& text) {
    write_file_atomically(folder / "t", text);
    return read_documents(folder / "t");
  };
  CHECK(read("\n\na\nb\n \t\r\n\nc\r\n\n") == Documents{{"a", "b"}, {"c"}});
  CHECK(has(error_of([&] { read("\n \n"); }), "the text has no sentence"));
  CHECK(has(error_of([&] { read("a\nb\xff\n"); }), "t:2] byte 1 of the line is not UTF-8"));
}

// Ten documents of about 400 numbered sentences "DOCUMENT-NUMBER", and an empty one.
Documents numbered_documents() {
  Documents documents;
  for (int d = 0; d < 10; ++d) {
    documents.emplace_back();
    for (int s = 0; s < 400 + d; ++s)
      documents.back().push_back(std::to_string(d) + "-" + std::to_string(s));
  }
  documents.insert(documents.begin() + 3, std::vector<std::string>());
  return documents;
}

TEST_CASE("next sentence: passages hold all sentences, in order, and fit") {
  const BertTokenizer tokenizer({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a"});
  const Documents documents = numbered_documents();  // every sentence is three tokens: d - s
  std::vector<std::string> all, again;
  for (const auto& document : documents) all.insert(all.end(), document.begin(), document.end());
  for (const Passage& passage : passages_of(documents, tokenizer, 14)) {
    CHECK(passage.sentences.size() <= 4);
    for (const std::string& sentence : passage.sentences) {
      CHECK(sentence[0] == passage.sentences[0][0]);
      again.push_back(sentence);
    }
  }
  CHECK(again == all);
  CHECK(passages_of(documents, tokenizer, 2).size() == all.size());  // too long: each alone
}

TEST_CASE("next sentence: half are next, the others come from another document") {
  const BertTokenizer tokenizer({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a"});
  const std::vector<Passage> passages = passages_of(numbered_documents(), tokenizer, 9);
  Random random(2);
  const std::vector<SentencePair> pairs = sentence_pairs(passages, random);
  int64_t next = 0, wrong = 0;
  std::vector<int64_t> from(10);
  const auto number = [](const std::string& sentence) { return std::stoi(sentence.substr(2)); };
  for (const SentencePair& pair : pairs) {
    const std::string last = pair.first.substr(pair.first.rfind(' ') + 1);
    const bool follows = pair.second[0] == last[0] && number(pair.second) == number(last) + 1;
    next += pair.label == 0;
    wrong += (pair.label == 0) != follows;
    wrong += pair.label == 1 && pair.first[0] == pair.second[0];
    if (pair.label == 1) ++from[static_cast<size_t>(pair.second[0] - '0')];
  }
  const auto count = static_cast<int64_t>(pairs.size());
  CHECK(count > 1300);
  CHECK(wrong == 0);
  CHECK(chi_square({next, count - next}, {0.5, 0.5}) < limit_1);
  CHECK(chi_square(from, std::vector<double>(10, 0.1)) < limit_9);
  Random again(2);
  CHECK(sentence_pairs(passages, again).back().second == pairs.back().second);
  const auto error = [&](const std::vector<Passage>& few) {
    return error_of([&] { sentence_pairs(few, random); });
  };
  CHECK(has(error({{{"a", "b"}, 0}, {{"c"}, 0}}), "has 1 documents"));
  CHECK(has(error({{{"a"}, 0}, {{"b"}, 1}}), "no two sentences"));
}

TEST_CASE("trainer: the most frequent pairs become tokens, older ones first") {
  const auto train = [](const char* text, int64_t size) {
    return train_wordpiece(text, {.size = size, .min_frequency = 2}).tokens;
  };
  const std::vector<std::string> all = train("Abc abc abd xbd", 100);
  // ##b##c and ##b##d occur twice, a##b three times; once it is merged, ab##c occurs twice.
  CHECK(all == std::vector<std::string>{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "c",
                                        "d", "x", "##b", "##c", "##d", "ab", "abc"});
  CHECK(train("Abc abc abd xbd", 14).size() == 14);
  CHECK(train("aaaa aaaa", 100).back() == "aaaa");
  // ##a##a six times; then a##aa is as frequent as ##aa##aa, but made of an older token.
  CHECK(train("aaaaa aaaaa", 9).back() == "aaa");
}

TEST_CASE("trainer: rare characters are left out if there is no place") {
  const TrainedVocabulary v = train_wordpiece("a a a b b c", {.size = 7});
  CHECK(v.tokens.size() == 7);
  CHECK(v.tokens[6] == "b");
  CHECK(v.left_out == 1);
  CHECK(has(error_of([] { train_wordpiece("a", {.size = 5}); }), "the size is 5"));
  CHECK(has(error_of([] { train_wordpiece(" \n", {}); }), "the text has no words"));
  CHECK(has(error_of([] { train_wordpiece("a\xff", {}); }), "byte 1 of the text"));
}

TEST_CASE("trainer: every word of the text is known to the vocabulary made of it") {
  Random random(9);
  std::string text;
  for (int i = 0; i < 3000; ++i) {
    for (int64_t n = 1 + random.below(9); n > 0; --n)
      text += static_cast<char>('a' + std::min(random.below(26), random.below(26)));
    text += i % 10 == 9 ? ".\n" : " ";
  }
  const TrainedVocabulary v = train_wordpiece(text, {.size = 400});
  CHECK(v.tokens.size() == 400);
  CHECK(v.left_out == 0);
  const BertTokenizer tokenizer(v.tokens);  // refuses duplicates
  const std::vector<int32_t> ids = tokenizer.pieces(text);
  CHECK(std::count(ids.begin(), ids.end(), tokenizer.unk()) == 0);
  CHECK(train_wordpiece(text, {.size = 400}).tokens == v.tokens);
  const TrainedVocabulary smaller = train_wordpiece(text, {.size = 300});
  CHECK(std::equal(smaller.tokens.begin(), smaller.tokens.end(), v.tokens.begin()));
}
