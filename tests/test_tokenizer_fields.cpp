// The fields of a tokenizer's files, one by one: defaults, bounds, whole messages and notes; and
// the steps of a tokenizer.json's pipeline.
#include <doctest/doctest.h>

#include <map>

#include "core/io/json.h"
#include "tests/tokenizer_files.h"
#include "text/unicode.h"

using namespace cairn;
using namespace cairn::test;

namespace {

const std::string ten_tokens = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\nb\n##a\nq\n\u00e9\n";
constexpr int32_t a = 5, b = 6, q = 8, e = 9, new_id = 10;  // the first id beyond them

std::string notes(const Files& files) {
  std::string all;
  const BertTokenizer tokenizer = load(files);
  for (const std::string& note : tokenizer.notes()) all += note.substr(note.rfind('/') + 1) + "\n";
  return all;
}

// A tokenizer.json of these sections ("\"normalizer\": ..., ") that counts as a whole or does not.
Files whole(const std::string& sections, bool counts = true) {
  std::string vocab;
  int id = 0;
  for (const std::string& token : split_lines(ten_tokens))
    vocab += (id ? ", " : "") + json_string(token) + ": " + std::to_string(id), ++id;
  return {{"tokenizer.json",
           "{" + sections + "\"model\": {\"type\": \"WordPiece\", \"vocab\": {" + vocab + "}}}"},
          {"tokenizer_config.json",
           counts ? R"({"tokenizer_class": "PreTrainedTokenizerFast"})" : "{}"}};
}

std::string list_of(int count, const std::string& item) {
  std::string all;
  for (int i = 0; i < count; ++i) all += (i ? ", " : "") + item;
  return "[" + all + "]";
}

}  // namespace

TEST_CASE("tokenizer fields: an added token has the flags that are left out") {
  // "normalized" is the contrary of "special"; the others are false.
  const auto pieces = [](const std::string& flags, const std::string& text) {
    return load(whole(R"("added_tokens": [{"id": 10, "content": "zOr")" + flags + "}], ", false))
        .pieces(text);
  };
  CHECK(pieces("", "zOr zor azor") == Ints{new_id, new_id, a, new_id});
  CHECK(pieces(R"(, "special": true)", "zOr zor") == Ints{new_id, unk});
  CHECK(pieces(R"(, "special": true, "normalized": true)", "zor") == Ints{new_id});
  CHECK(pieces(R"(, "normalized": false)", "zOr zor") == Ints{new_id, unk});
}

TEST_CASE("tokenizer fields: a special token given as a text is looked for as it stands") {
  const auto pieces = [](const std::string& token, const std::string& text) {
    return load({{"vocab.txt", ten_tokens},
                 {"special_tokens_map.json", "{\"eos_token\": " + token + "}"}})
        .pieces(text);
  };
  CHECK(pieces(R"("Q")", "Q q") == Ints{new_id, q});
  CHECK(pieces(R"({"content": "Q"})", "Q q") == Ints{new_id, q});
  CHECK(pieces(R"({"content": "Q!", "normalized": true})", "Q! q!") == Ints{new_id, new_id});
  CHECK(pieces(R"({"content": "Q!", "normalized": false})", "Q! b") == Ints{new_id, b});
}

TEST_CASE("tokenizer fields: of equal tokens the special one is found, whichever comes first") {
  for (const bool special_first : {true, false}) {
    const std::string special = special_first ? "true" : "false";
    const std::string other = special_first ? "false" : "true";
    const BertTokenizer t = load(
        whole(R"("added_tokens": [{"id": 10, "content": "Q!", "normalized": true, "special": )" +
                  special + R"(}, {"id": 11, "content": "q!", "normalized": true, "special": )" +
                  other + "}], ",
              false));
    const int32_t found = special_first ? 10 : 11;
    CHECK(t.pieces("Q! q!") == Ints{found, found});
    CHECK(t.is_special(10) == special_first);
    CHECK(t.is_special(11) != special_first);
  }
}

TEST_CASE("tokenizer fields: what is said of a token in two places") {
  Files files = whole(R"("added_tokens": [{"id": 10, "content": "Q", "lstrip": true,
                         "normalized": false}], )",
                      false);
  files["added_tokens.json"] = R"({"Q": 10})";
  CHECK(load(files).added_tokens()[0].lstrip);  // tokenizer.json knows more
  files["added_tokens.json"] = R"({"R": 10})";
  CHECK(has(refusal(files), "an added token with the id of \"R\" at "));
  const BertTokenizer t =
      load({{"vocab.txt", ten_tokens},
            {"tokenizer_config.json", R"({"eos_token": "<q>", "added_tokens_decoder":
            {"10": {"content": "<q>", "normalized": false}}})"}});
  CHECK(t.is_special(10));  // by its name
  CHECK(t.pieces("<q>") == Ints{10});
}

TEST_CASE("tokenizer fields: keys of added_tokens_decoder are ids, declared ones are kept to") {
  const auto error = [](const std::string& key) {
    return refusal({{"vocab.txt", ten_tokens},
                    {"tokenizer_config.json",
                     "{\"added_tokens_decoder\": {\"" + key + "\": {\"content\": \"zz\"}}}"}});
  };
  CHECK(error("10") == "");
  for (const char* key :
       {"x", "10x", "", "-1", "1.0", " 10", "2147483648", "99999999999999999999"}) {
    CAPTURE(key);
    CHECK(has(error(key), "an added token under a key that is not an id"));
  }
  for (const int id : {0, 9, 11, 2147483647})
    CHECK(has(error(std::to_string(id)),
              "the added token \"zz\" has the id " + std::to_string(id) +
                  " here, but Hugging Face's tokenizers give it 10\n  hint: if the model was "
                  "trained with " +
                  std::to_string(id) +
                  ", name the tokens in between too; else "
                  "correct the id"));
}

TEST_CASE("tokenizer fields: a special token that is missing is named, with all that are needed") {
  CHECK(has(refusal({{"vocab.txt", "[PAD]\n[UNK]\n[SEP]\n[MASK]\n"}}),
            "vocab.txt] the vocabulary has no [CLS]\n"
            "  hint: BERT needs all of [PAD] [UNK] [CLS] [SEP] [MASK]"));
  CHECK(has(refusal({{"vocab.txt", "x\n"}}),
            "the vocabulary has no [PAD], [UNK], [CLS], [SEP], [MASK]\n"));
  CHECK(has(error_of([] {
              BertTokenizer({"u", "s", "c", "m"},
                            {.pad = "p", .unk = "u", .cls = "c", .sep = "s", .mask = "m"});
            }),
            "the vocabulary has no p\n  hint: BERT needs all of p u c s m"));
}

TEST_CASE("tokenizer fields: BertNormalizer does all that it does not leave out") {
  const auto pieces = [](const std::string& fields, const std::string& text) {
    return load(whole("\"normalizer\": {\"type\": \"BertNormalizer\"" + fields +
                      "}, \"pre_tokenizer\": {\"type\": \"WhitespaceSplit\"}, "))
        .pieces(text);
  };
  CHECK(pieces("", "A\u200d \u00c9") == Ints{a, unk});  // e without its accent is no token
  CHECK(pieces(R"(, "clean_text": false)", "A\u200d") == Ints{unk});
  CHECK(pieces(R"(, "lowercase": false)", "A a \u00e9") == Ints{unk, a, e});
  CHECK(pieces(R"(, "strip_accents": false)", "\u00c9") == Ints{e});
  CHECK(pieces(R"(, "lowercase": false, "strip_accents": true)", "a\u0301") == Ints{a});
  CHECK(pieces("", "a\u4e2da") == Ints{a, unk, a});
  CHECK(pieces(R"(, "handle_chinese_chars": false)", "a\u4e2da") == Ints{unk});
}

TEST_CASE("tokenizer fields: a pipeline has at most 32 steps, a template at most 32 parts") {
  const auto normalizer = [](int n) {
    return refusal(whole(R"("normalizer": {"type": "Sequence", "normalizers": )" +
                         list_of(n, R"({"type": "NFD"})") + "}, "));
  };
  const auto pre_tokenizer = [](int n) {
    return refusal(whole(R"("pre_tokenizer": {"type": "Sequence", "pretokenizers": )" +
                         list_of(n, R"({"type": "Punctuation"})") + "}, "));
  };
  const auto parts = [](int n) {
    const std::string first = R"({"Sequence": {"id": "A"}})";
    std::string single = list_of(n - 1, R"({"SpecialToken": {"id": "q"}})");
    single = single.substr(0, single.size() - 1) + ", " + first + "]";
    return refusal(whole(R"("post_processor": {"type": "TemplateProcessing", "single": )" + single +
                         R"(, "pair": [{"Sequence": {"id": "A"}}, {"Sequence": {"id": "B"}}],
                            "special_tokens": {"q": {"ids": [2]}}}, )"));
  };
  CHECK(normalizer(32) == "");
  CHECK(has(normalizer(33), "one of more than 32 steps"));
  CHECK(pre_tokenizer(32) == "");
  CHECK(has(pre_tokenizer(33), "one of more than 32 steps"));
  CHECK(parts(32) == "");
  CHECK(has(parts(33), "a template of more than 32 parts"));
}

TEST_CASE("tokenizer fields: what is not supported is refused in whole sentences") {
  const std::string remedy =
      "Cairn does what BERT's tokenizers need; convert the texts beforehand, or tokenize with the "
      "library tokenizers";
  CHECK(has(refusal(whole(R"("normalizer": {"type": "NFC"}, )")),
            "\"type\" is \"NFC\", not supported here\n  hint: supported are BertNormalizer, NFD, "
            "StripAccents, Lowercase and Sequence; " +
                remedy));
  CHECK(has(refusal(whole(R"("pre_tokenizer": {"type": "Digits"}, )")),
            "hint: supported are BertPreTokenizer, Whitespace, WhitespaceSplit, Punctuation and "
            "Sequence; " +
                remedy));
  CHECK(has(refusal(whole(R"("post_processor": {"type": "x"}, )")),
            "hint: supported are TemplateProcessing and BertProcessing; " + remedy));
  CHECK(has(
      refusal(whole(R"("normalizer": {"type": "BertNormalizer", "nfkc": true}, )")),
      "\"nfkc\" is true, a field that a BertNormalizer is not known to have\n  hint: " + remedy));
}

TEST_CASE("tokenizer fields: a template's ids are of the vocabulary, its types 0 or 1") {
  const auto bert = [](int sep, int cls) {
    return refusal(whole(R"("post_processor": {"type": "BertProcessing", "sep": ["[SEP]", )" +
                         std::to_string(sep) + R"(], "cls": ["[CLS]", )" + std::to_string(cls) +
                         "]}, "));
  };
  CHECK(bert(9, 0) == "");
  CHECK(has(bert(10, 2),
            "the post-processor has the id 10\n"
            "  hint: the vocabulary has the ids 0 to 9"));
  CHECK(has(bert(3, 10), "the post-processor has the id 10"));
  const auto pair = [](const std::string& parts) {
    return refusal(whole(R"("post_processor": {"type": "TemplateProcessing",
        "single": [{"Sequence": {"id": "A", "type_id": 1}}], "special_tokens": {}, "pair": [)" +
                         parts + "]}, "));
  };
  const std::string first = R"({"Sequence": {"id": "A", "type_id": 0}})";
  const std::string second = R"({"Sequence": {"id": "B", "type_id": 1}})";
  CHECK(pair(first + ", " + second) == "");
  CHECK(pair(second + ", " + first) == "");
  for (const std::string& parts :
       {first, second, first + ", " + first + ", " + second, first + ", " + second + ", " + second})
    CHECK(has(pair(parts),
              "the template \"pair\" does not have each text once\n"
              "  hint: it needs A and B"));
  CHECK(has(pair(first + R"(, {"Sequence": {"id": "C"}})"), "neither A nor B"));
  for (const char* type : {"-1", "2"})
    CHECK(
        has(pair(first + R"(, {"Sequence": {"id": "B", "type_id": )" + type + "}}"), "not 0 or 1"));
}

TEST_CASE("tokenizer fields: ids may be left out, up to twice as many as there are tokens") {
  const auto with = [](int id) {
    return R"({"model": {"vocab": {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "[MASK]": 4, "a": )" +
           std::to_string(id) + "}}}";
  };
  for (const int id : {5, 6, 12}) {
    const BertTokenizer t = load({{"tokenizer.json", with(id)}});
    CHECK(t.size() == id + 1);
    CHECK(t.pieces("a") == Ints{id});
    CHECK(t.token(id) == "a");
    if (id > 5) CHECK(t.token(5) == "");
  }
  CHECK(has(refusal({{"tokenizer.json", with(13)}}), "\"a\""));
  CHECK(has(refusal({{"tokenizer.json", with(-1)}}), "\"a\""));
  CHECK(has(refusal({{"tokenizer.json", with(4)}}), "the id of another token as well"));
}

TEST_CASE("tokenizer fields: a direction that is left out is right - max_length may be unknown") {
  CHECK(load(whole(R"("truncation": {"max_length": 4}, )", false)).encode("a b q", 4).ids ==
        Ints{2, a, b, 3});
  const auto config = [](const std::string& text) {
    return load({{"vocab.txt", ten_tokens}, {"tokenizer_config.json", text}}).options();
  };
  CHECK(config(R"({"truncation_side": "Left"})").truncate_left);
  CHECK_FALSE(config(R"({"truncation_side": "right"})").truncate_left);
  CHECK(config(R"({"model_max_length": 1})").max_length == 1);
  CHECK(config(R"({"max_len": 7})").max_length == 7);
  CHECK(config(R"({"max_len": 7, "model_max_length": 9})").max_length == 9);
  CHECK(config(R"({"model_max_length": 999999999})").max_length == 999'999'999);
  CHECK(config(R"({"model_max_length": 1000000000})").max_length == BertTokenizer::no_limit);
  CHECK(config(R"({"model_max_length": 1e30})").max_length == BertTokenizer::no_limit);
  CHECK(has(error_of([&] { config(R"({"model_max_length": 0})"); }), "less than 1"));
  CHECK(has(error_of([&] { config(R"({"cls_token": ""})"); }), "a special token can't be empty"));
}

TEST_CASE("tokenizer fields: each field without effect has its note, whole") {
  CHECK(notes({{"vocab.txt", ten_tokens}, {"special_tokens_map.json", R"({"x": 1, "y": null})"}}) ==
        "special_tokens_map.json: without effect here: \"x\"\n");
  CHECK(notes({{"vocab.txt", ten_tokens},
               {"special_tokens_map.json", R"({"x": 1})"},
               {"tokenizer_config.json", R"({"added_tokens_decoder": {}})"}}) ==
        "special_tokens_map.json: not read, as \"added_tokens_decoder\" of tokenizer_config.json "
        "counts instead\n");
  CHECK(notes(whole(R"("version": "1.0", )")) == "");
  CHECK(notes(whole(R"("version": "2.0", )")) ==
        "tokenizer.json: \"version\" is not 1.0, but it is read as 1.0\n");
  CHECK(notes(whole(R"("decoder": {"type": "WordPiece"}, )")) == "");
  CHECK(notes(whole(R"("decoder": {"type": "BPEDecoder"}, )")) ==
        "tokenizer.json: without effect here: \"decoder\"\n");
  CHECK(notes(whole(R"("padding": {"x": 1}, "y": 2, "truncation": null, )")) ==
        "tokenizer.json: without effect here: \"padding\", \"y\"\n");
  CHECK(notes(whole("", false)) ==
        "tokenizer.json: ignored \"normalizer\", \"pre_tokenizer\", \"post_processor\", since a "
        "BertTokenizer goes by tokenizer_config.json; with tokenizer_class PreTrainedTokenizerFast "
        "tokenizer.json counts\n");
}

TEST_CASE("pipeline: each normalizing step does its own part") {
  const auto after = [](const std::string& text, std::vector<NormalizeStep> steps) {
    return normalized(text, steps);
  };
  using enum NormalizeStep;
  CHECK(after("A\u0301", {}) == "A\u0301");
  CHECK(after(std::string("a\0\tb\u200dc\u00a0", 10), {clean}) == "a bc ");
  CHECK(after("a\u4e2db", {space_chinese}) == "a \u4e2d b");
  CHECK(after("\u00c9", {decompose}) == "E\u0301");
  CHECK(after("\u00c9\u0903\u20dd", {decompose, strip_nonspacing}) == "E\u0903\u20dd");
  CHECK(after("\u00c9\u0903\u20dd", {decompose, strip_marks}) == "E");
  CHECK(after("\u00c9\u0130", {lower_case}) == "\u00e9i\u0307");
  // Canonical order: by combining class, equal ones as they come; letters keep runs apart.
  CHECK(after("a\u0301\u0323b\u0301\u0323", {decompose}) == "a\u0323\u0301b\u0323\u0301");
  CHECK(after("a\u0301\u0300\u0323\u0316", {decompose}) == "a\u0323\u0316\u0301\u0300");
  CHECK(after("\u1e69\u0323", {decompose}) == "s\u0323\u0323\u0307");
  CHECK(after("a\u0323\u0301", {decompose}) == "a\u0323\u0301");
  CHECK(after("\u0301\u0323", {decompose}) == "\u0323\u0301");
}

TEST_CASE("pipeline: each splitting step cuts where it says") {
  const auto pieces = [](const std::string& text, std::vector<SplitStep> steps) {
    Words words;
    split_text(text, steps, words);
    std::string all;
    for (size_t i = 0; i < words.size(); ++i) all += (i ? "|" : "") + std::string(words[i]);
    return all;
  };
  using enum SplitStep;
  CHECK(pieces(" a  b", {}) == " a  b");
  CHECK(pieces("", {}) == "");
  CHECK(pieces(" a,b  c!!\u3000d ", {white_space}) == "a,b|c!!|d");
  CHECK(pieces("a,b !!", {punctuation}) == "a|,|b |!|!");
  CHECK(pieces("!a!", {punctuation}) == "!|a|!");
  CHECK(pieces(" a_1,+-b  \u00e9!c ", {word_runs}) == "a_1|,+-|b|\u00e9|!|c");
  CHECK(pieces("a,b c", {white_space, punctuation}) == "a|,|b|c");
  CHECK(pieces("a,b c", {punctuation, white_space}) == "a|,|b|c");
}

TEST_CASE("unicode: whitespace at a text's end goes, of any length and kind, and no more") {
  for (const char* space : {" ", "\t", "\n", "\r", "\v", "\f", "\u0085", "\u00a0", "\u1680",
                            "\u2000", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"}) {
    CAPTURE(space);
    const std::string s = space;
    CHECK(without_space_at_end("a" + s) == "a");
    CHECK(without_space_at_end("a" + s + s + " ") == "a");
    CHECK(without_space_at_end(s + "a") == s + "a");
    CHECK(without_space_at_end(s) == "");
  }
  for (const std::string kept : {"\u200b", "\u00e9", "\u4e2d", "\U0001F600", "\xff", "\x80",
                                 "a\x80\x80", "\x80\x80\x80\x80", "\xe3\x80", "\xc2"}) {
    CHECK(without_space_at_end(kept) == kept);
    CHECK(without_space_at_end(kept + " \u3000") == kept);
  }
  CHECK(without_space_at_end("") == "");
}

TEST_CASE("words: ideographs stand alone or not, as asked - marks stay with what they follow") {
  const auto words_of = [](const std::string& text, bool space_chinese) {
    Words words;
    split_words(text, {.space_chinese = space_chinese}, words);
    std::string all;
    for (size_t i = 0; i < words.size(); ++i) all += (i ? " " : "") + std::string(words[i]);
    return all;
  };
  // The ends of the blocks of BERT's list, and their neighbours.
  for (const char* c : {"\u3400", "\u4dbf", "\u4e00", "\u9fff", "\uf900", "\U00020000",
                        "\U0002a6df", "\U0002a700", "\U0002b73f"}) {
    CAPTURE(c);
    const std::string decomposed = words_of(c, false);  // some are another ideograph's double
    CHECK(words_of("a" + std::string(c) + "b", true) == "a " + decomposed + " b");
    CHECK(words_of("a" + std::string(c) + "b", false) == "a" + decomposed + "b");
  }
  for (const char* c : {"\u33ff", "\u4dc0", "\ua000", "\U0002a6e0", "\u3042"})
    CHECK(words_of("a" + std::string(c) + "b", true) == "a" + std::string(c) + "b");
  CHECK(words_of("a\u302e\u4e2db", true) == "a\u302e \u4e2d b");
  CHECK(words_of("a\u302e b", true) == "a\u302e b");
  CHECK(words_of("a\u302e!b", true) == "a\u302e ! b");
}
