// Added tokens found in a text, and what encode and decode make of the pieces. Expected values are
// those of tokenizers 0.23.3 (added tokens by the offsets of encode(); shares by
// enable_truncation(strategy="longest_first")).
#include <doctest/doctest.h>

#include "core/io/json.h"
#include "tests/folders.h"
#include "tests/support.h"
#include "text/bert_tokenizer.h"

using namespace cairn;
using cairn::test::error_of;
using cairn::test::has;
using cairn::test::TempFolder;

namespace {

using Ints = std::vector<int32_t>;

struct Added {
  std::string text, flags;  // l: lstrip, r: rstrip, w: single_word
};

TokenFinder finder_of(const std::vector<Added>& tokens) {
  std::vector<TokenFinder::Pattern> patterns;
  for (const auto& [text, flags] : tokens)
    patterns.push_back({text,
                        {.text = text,
                         .id = static_cast<int32_t>(patterns.size()),
                         .lstrip = has(flags, "l"),
                         .rstrip = has(flags, "r"),
                         .single_word = has(flags, "w")}});
  return TokenFinder(patterns);
}

// The text with what was taken for a token in braces.
std::string marked(const std::vector<Added>& tokens, const std::string& text) {
  std::string all;
  for (const TokenFinder::Piece& piece : finder_of(tokens).split(text))
    all += piece.id < 0 ? std::string(piece.text) : "{" + std::string(piece.text) + "}";
  return all;
}

std::vector<std::string> vocabulary(std::vector<std::string> words) {
  words.insert(words.begin(), {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"});
  return words;
}

std::string first(const std::string& words, int64_t n) {
  return words.substr(0, static_cast<size_t>(std::max<int64_t>(0, 2 * n - 1)));
}

}  // namespace

TEST_CASE("added tokens: the longest is found, with the whitespace that it takes in") {
  struct Case {
    std::vector<Added> tokens;
    std::string text, expected;
  };
  const std::vector<Case> table = {
      // One is the beginning of another, in either order.
      {{{"[Q", ""}, {"[Q]", ""}}, "a[Q]b [Q b [Q]]", "a{[Q]}b {[Q} b {[Q]}]"},
      {{{"[Q]", ""}, {"[Q", ""}}, "a[Q]b [Q b [Q]]", "a{[Q]}b {[Q} b {[Q]}]"},
      {{{"<a", ""}, {"<a b>", ""}}, "<a b> <a b <a", "{<a b>} {<a} b {<a}"},
      {{{"aa", ""}, {"aaa", ""}}, "aaaa aaaaa aaaaaa", "{aaa}a {aaa}{aa} {aaa}{aaa}"},
      {{{"xab", ""}, {"ab", ""}, {"abb", ""}}, "xabb abb xxab", "{xab}b {abb} x{xab}"},
      {{{"aab", ""}, {"ab", ""}}, "aaab", "a{aab}"},
      {{{"Q R", ""}, {"R", ""}}, "Q R R Q", "{Q R} {R} Q"},
      // The longest is passed over where it does not stand alone, and with it the shorter ones.
      {{{"ab", ""}, {"abx", "w"}}, "abx abxa aab", "{abx} abxa a{ab}"},
      {{{"ab", "w"}, {"abx", ""}}, "ab abx abxa aba", "{ab} {abx} {abx}a aba"},
      {{{"ab", ""}, {"b", "w"}}, "abb b", "{ab}b {b}"},
      {{{"Q", "w"}},
       "Q aQ Qa _Q Q_ \u00e9Q Q\u00e9 5Q -Q- Q Q\u4e2d \u0301Q Q\u0301 QQ",
       "{Q} aQ Qa _Q Q_ \u00e9Q Q\u00e9 5Q -{Q}- {Q} Q\u4e2d \u0301Q Q\u0301 QQ"},
      {{{"\u00e9", "w"}, {"\u4e2d\u00e9", ""}, {"\u4e2d", ""}},
       "\u00e9 \u4e2d\u00e9 \u00e9\u00e9 \u4e2d a\u4e2d\u00e9\u4e2d",
       "{\u00e9} {\u4e2d\u00e9} \u00e9\u00e9 {\u4e2d} a{\u4e2d\u00e9}{\u4e2d}"},
      // Whitespace.
      {{{"Q", "l"}, {"R", "r"}, {"S", "lr"}, {"  T", ""}},
       "a  Q  Q  a R  R  a  S  S Q R  T",
       "a{  Q}{  Q}  a {R  }{R  }a{  S  }{S }{Q} {R  }{  T}"},
      {{{"Q", "r"}, {"R", "l"}, {"\t", ""}},
       "Q R Q \t R \t\tR",
       "{Q }{R} {Q \t }{\t}{ R} {\t}{\t}{R}"},
      {{{"Q", "lr"}}, "  Q  ", "{  Q  }"},
      {{{"Q", "l"}}, "Q Q", "{Q}{ Q}"},
      {{{"Q", "lr"}},
       " \u3000Q\u00a0\u2003Q\u0085a\u000bQ",
       "{ \u3000Q\u00a0\u2003}{Q\u0085}a{\u000bQ}"},
      {{{"Q", "lw"}}, "a \u3000\tQ b  Qb \u00a0Q", "a{ \u3000\tQ} b  Qb{ \u00a0Q}"},
      {{{"Q", "rw"}}, "aQ  Q \u3000\tb", "aQ  {Q \u3000\t}b"},
      {{{"Q", "lw"}}, "Q Qa Q", "{Q} Qa{ Q}"},
      {{{"Q", ""}}, "", ""},
      {{}, "a Q", "a Q"},
  };
  for (const Case& c : table) {
    INFO(c.text);
    CHECK(marked(c.tokens, c.text) == c.expected);
  }
}

TEST_CASE("added tokens: of equal ones the first counts - 1,000 bytes are allowed, none are not") {
  const TokenFinder twice = finder_of({{"b", ""}, {"a", ""}, {"b", ""}, {"a", ""}});
  const auto pieces = twice.split("ab");
  REQUIRE(pieces.size() == 2);
  CHECK(pieces[0].id == 1);
  CHECK(pieces[1].id == 0);
  const std::string longest(1000, 'q');
  CHECK(marked({{longest, ""}}, "q" + longest) == "{" + longest + "}q");
  CHECK(has(error_of([&] { finder_of({{longest + "q", ""}}); }), "it has 1001 bytes"));
  CHECK(has(error_of([&] { finder_of({{"a", ""}, {"", ""}}); }), "nothing is left of it"));
  CHECK(finder_of({}).empty());
  CHECK_FALSE(twice.empty());
}

TEST_CASE("tokenizer: a special token that begins as another does is found where it stands") {
  const TempFolder folder;
  std::string lines;
  for (const char* token : {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "[", "]", "x"})
    lines += std::string(token) + "\n";
  write_file_atomically(folder / "vocab.txt", lines);
  const auto pieces = [&](const std::string& config, const std::string& text) {
    write_file_atomically(folder / "tokenizer_config.json", config);
    return BertTokenizer::from_pretrained(folder.path()).pieces(text);
  };
  const Ints long_first{5, 10, 6, 11, 6, 10, 8}, short_first{5, 11, 6, 10, 6, 11, 8};
  CHECK(pieces(R"({"extra_special_tokens": ["[Q]", "[Q"]})", "a[Q]b [Q b [Q]]") == long_first);
  CHECK(pieces(R"({"extra_special_tokens": ["[Q", "[Q]"]})", "a[Q]b [Q b [Q]]") == short_first);
  CHECK(pieces(R"({"extra_special_tokens": ["[SEP]x", "[S"]})", "a[SEP]x[SEP][Sx") ==
        Ints{5, 10, 3, 11, 9});
}

TEST_CASE(
    "tokenizer: of a pair that is too long each text keeps the share that tokenizers leaves") {
  // Rows: room for 0, 1, ... tokens; columns: texts of 0 to 4 and 0 to 4 tokens, the second
  // running faster; each entry: what the first and the second keep.
  const std::vector<std::string> table = {
      "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
      "00 01 01 01 01 10 01 01 01 01 10 10 01 01 01 10 10 10 01 01 10 10 10 10 01",
      "00 01 02 02 02 10 11 11 11 11 20 11 11 11 11 20 11 11 11 11 20 11 11 11 11",
      "00 01 02 03 03 10 11 12 12 12 20 21 12 12 12 30 21 21 12 12 30 21 21 21 12",
      "00 01 02 03 04 10 11 12 13 13 20 21 22 22 22 30 31 22 22 22 40 31 22 22 22",
      "00 01 02 03 04 10 11 12 13 14 20 21 22 23 23 30 31 32 23 23 40 41 32 32 23",
      "00 01 02 03 04 10 11 12 13 14 20 21 22 23 24 30 31 32 33 33 40 41 42 33 33",
      "00 01 02 03 04 10 11 12 13 14 20 21 22 23 24 30 31 32 33 34 40 41 42 43 34",
  };
  const auto tokens = vocabulary({"a", "b", "c", "d", "e", "f", "g", "h"});
  const BertTokenizer right(tokens), left(tokens, {.truncate_left = true});
  for (size_t room = 0; room < table.size(); ++room)
    for (int64_t i = 0; i < 25; ++i) {
      const int64_t n[] = {i / 5, i % 5};
      const size_t at = static_cast<size_t>(3 * i);
      const int32_t kept[] = {table[room][at] - '0', table[room][at + 1] - '0'};
      INFO(room, ": ", n[0], " and ", n[1]);
      for (const bool at_left : {false, true}) {
        Encoding expected{.ids = {2}, .token_types = {0}};
        for (const int32_t text : {0, 1}) {
          const auto skipped = at_left ? static_cast<int32_t>(n[text]) - kept[text] : 0;
          for (int32_t t = 0; t < kept[text]; ++t)
            expected.ids.push_back(5 + 4 * text + skipped + t);
          expected.ids.push_back(3);
          expected.token_types.resize(expected.ids.size(), text);
        }
        const Encoding e = (at_left ? left : right)
                               .encode(first("a b c d", n[0]), first("e f g h", n[1]),
                                       static_cast<int64_t>(room) + 3);
        CHECK(e.ids == expected.ids);
        CHECK(e.token_types == expected.token_types);
        CHECK(e.truncated == (n[0] + n[1] > static_cast<int64_t>(room)));
      }
    }
}

TEST_CASE("tokenizer: a text keeps its beginning, or its end with truncate_left") {
  const auto tokens = vocabulary({"a", "b", "c", "d"});
  const BertTokenizer right(tokens), left(tokens, {.truncate_left = true});
  for (int32_t n = 0; n <= 4; ++n)
    for (int32_t room = 0; room <= 5; ++room) {
      Ints all{2}, end{2};
      for (int32_t t = 0; t < std::min(n, room); ++t) {
        all.push_back(5 + t);
        end.push_back(5 + std::max(0, n - room) + t);
      }
      all.push_back(3), end.push_back(3);
      const std::string text = first("a b c d", n);
      CHECK(right.encode(text, room + 2).ids == all);
      CHECK(left.encode(text, room + 2).ids == end);
      CHECK(right.encode(text, room + 2).token_types == Ints(all.size(), 0));
      CHECK(right.encode(text, room + 2).truncated == (n > room));
    }
  CHECK(has(error_of([&] { right.encode("a", 1); }),
            "the maximum length is 1\n  hint: [CLS] and [SEP] alone take 2"));
  CHECK(
      has(error_of([&] { right.encode("a", "b", 2); }), "[CLS] and [SEP] and [SEP] alone take 3"));
}

TEST_CASE("tokenizer: decode glues continuations, and leaves out what is special") {
  const BertTokenizer t(vocabulary({"play", "##ing", "the", "##", "#"}));
  CHECK(t.decode({7, 5, 6, 6}) == "the playinging");
  CHECK(t.decode({6, 5}) == "##ing play");  // nothing to be glued to, as in tokenizers
  CHECK(t.decode({2, 6, 3}) == "##ing");
  CHECK(t.decode({5, 8, 9}) == "play #");
  for (const int32_t special : {0, 1, 2, 3, 4}) {
    CHECK(t.decode({special, 5, special, 6, special}) == "playing");
    CHECK(t.decode({5, special}, false) == "play " + t.token(special));
    CHECK(t.is_special(special));
  }
  for (const int32_t other : {-1, 5, 9, 10, 1 << 30}) CHECK_FALSE(t.is_special(other));
}

TEST_CASE("tokenizer: ids and tokens are each other's inverse, of equal tokens the last counts") {
  const auto tokens = vocabulary({"a", "##a", "a", "b"});
  const BertTokenizer t(tokens);
  CHECK(t.size() == 9);
  CHECK(t.tokens() == tokens);
  CHECK(t.find("a") == 7);
  CHECK(t.find("##a") == 6);
  CHECK_FALSE(t.find("##").has_value());
  CHECK_FALSE(t.find("").has_value());
  CHECK_FALSE(t.find("ab").has_value());
  CHECK(t.token(5) == "a");
  CHECK(t.token(8) == "b");
  CHECK(has(error_of([&] { t.token(9); }), "the id 9 is not in the vocabulary"));
  CHECK(has(error_of([&] { t.token(9); }), "it has the ids 0 to 8"));
  CHECK(has(error_of([&] { t.token(-1); }), "the id -1 is not"));
  CHECK(t.pad() == 0);
  CHECK(t.unk() == 1);
  CHECK(t.cls() == 2);
  CHECK(t.sep() == 3);
  CHECK(t.mask() == 4);
  const BertTokenizer other({"m", "s", "c", "u", "p"},
                            {.pad = "p", .unk = "u", .cls = "c", .sep = "s", .mask = "m"});
  CHECK(other.pad() == 4);
  CHECK(other.unk() == 3);
  CHECK(other.encode("x").ids == Ints{2, 3, 1});
  CHECK(other.mask() == 0);
}

TEST_CASE("tokenizer: what a fresh one writes, byte for byte") {
  const TempFolder folder;
  BertTokenizer(vocabulary({"a", "##\""}), {.lower_case = false,
                                            .strip_accents = true,
                                            .space_chinese = false,
                                            .max_length = 64,
                                            .truncate_left = true})
      .save_pretrained(folder.path());
  const auto text = [&](const char* name) {
    return to_text(parse_json(read_file(folder / name), name));
  };
  const std::string names = R"("unk_token":"[UNK]","sep_token":"[SEP]","pad_token":"[PAD]",)"
                            R"("cls_token":"[CLS]","mask_token":"[MASK]")";
  CHECK(read_file(folder / "vocab.txt") == "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\n##\"\n");
  CHECK(text("special_tokens_map.json") == "{" + names + "}");
  CHECK(text("tokenizer_config.json") ==
        "{" + names +
            R"(,"tokenizer_class":"BertTokenizer","do_lower_case":false,)"
            R"("strip_accents":true,"tokenize_chinese_chars":false,)"
            R"("model_max_length":64,"truncation_side":"left"})");
  const auto special = [](int id, const std::string& token) {
    return R"({"id":)" + std::to_string(id) + R"(,"content":")" + token +
           R"(","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,)"
           R"("special":true})";
  };
  const std::string single =
      R"([{"SpecialToken":{"id":"[CLS]","type_id":0}},{"Sequence":{"id":"A","type_id":0}},)"
      R"({"SpecialToken":{"id":"[SEP]","type_id":0}})";
  CHECK(text("tokenizer.json") ==
        R"({"version":"1.0","truncation":null,"padding":null,"added_tokens":[)" +
            special(0, "[PAD]") + "," + special(1, "[UNK]") + "," + special(2, "[CLS]") + "," +
            special(3, "[SEP]") + "," + special(4, "[MASK]") +
            R"(],"normalizer":{"type":"BertNormalizer","clean_text":true,)"
            R"("handle_chinese_chars":false,"strip_accents":true,"lowercase":false},)"
            R"("pre_tokenizer":{"type":"BertPreTokenizer"},)"
            R"("post_processor":{"type":"TemplateProcessing","single":)" +
            single + R"(],"pair":)" + single +
            R"(,{"Sequence":{"id":"B","type_id":1}},{"SpecialToken":{"id":"[SEP]","type_id":1}}],)"
            R"("special_tokens":{"[CLS]":{"id":"[CLS]","ids":[2],"tokens":["[CLS]"]},)"
            R"("[SEP]":{"id":"[SEP]","ids":[3],"tokens":["[SEP]"]}}},)"
            R"("decoder":{"type":"WordPiece","prefix":"##","cleanup":true},)"
            R"("model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##",)"
            R"("max_input_chars_per_word":100,"vocab":{"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,)"
            R"("[MASK]":4,"a":5,"##\"":6}}})");
  const BertTokenizer again = BertTokenizer::from_pretrained(folder.path());
  CHECK(again.notes().empty());
  CHECK_FALSE(again.options().lower_case);
  CHECK(again.options().strip_accents == true);
  CHECK_FALSE(again.options().space_chinese);
  CHECK(again.options().max_length == 64);
  CHECK(again.options().truncate_left);
  BertTokenizer(vocabulary({})).save_pretrained(folder.path());
  CHECK(text("tokenizer_config.json") ==
        "{" + names +
            R"(,"tokenizer_class":"BertTokenizer","do_lower_case":true,)"
            R"("strip_accents":null,"tokenize_chinese_chars":true})");
  CHECK(BertTokenizer::from_pretrained(folder.path()).options().max_length ==
        BertTokenizer::no_limit);
}
