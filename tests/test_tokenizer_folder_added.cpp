// Added tokens: every file of a tokenizer's folder that can name them, their ids and their flags, as
// Hugging Face's AutoTokenizer reads them (transformers 5.23 with tokenizers 0.23.3).
#include <doctest/doctest.h>

#include "core/io/json.h"
#include "tests/tokenizer_files.h"
#include "tests/tokenizer_folder.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// One added token with flags such as {"normalized": true}, as "added_tokens" of a tokenizer.json.
Files with_token(const std::string& text, int32_t id, const std::string& flags = "{}") {
  Json token = Json::object();
  token.set("id", id).set("content", text);
  for (const char* flag : {"single_word", "lstrip", "rstrip", "normalized", "special"})
    token.set(flag, parse_json(flags, "flags").get(flag, false));
  Json sections = Json::object();
  sections.set("added_tokens", Json::array({token}));
  return {{"tokenizer.json", bert_tokenizer_json(to_text(sections))}};
}

}  // namespace

TEST_CASE("tokenizer folder: an added token is found before words are split") {
  const std::string text = "the zorbex was bad .";
  CHECK(load({{"vocab.txt", vocab_text}}).encode(text).ids ==
        Ints{cls, the, 9, 10, 11, 12, 13, was, bad, stop, sep});
  const BertTokenizer t = load(with_token("zorbex", next, R"({"normalized": true})"));
  CHECK(t.encode(text).ids == Ints{cls, the, next, was, bad, stop, sep});
  CHECK(t.size() == next + 1);
  CHECK(t.token(next) == "zorbex");
  CHECK(t.find("zorbex") == next);
}

TEST_CASE("tokenizer folder: the flags of an added token are honoured") {
  const auto pieces = [](const std::string& flags, const std::string& text) {
    return load(with_token("zOr", next, flags)).pieces(text);
  };
  CHECK(pieces("{}", "zOrzor") == Ints{next, 9, 10});  // in the text as it stands
  CHECK(pieces(R"({"normalized": true})", "zOrzor") == Ints{next, next});
  CHECK(pieces("{}", "thezOrwas") == Ints{the, next, was});
  CHECK(pieces(R"({"single_word": true})", "zOrz zOr-zOr") == Ints{unk, next, unk, next});
  CHECK(pieces(R"({"single_word": true})", "_zOr zOré") == Ints{unk, 9, 10, 9, 10, 12});
  for (const char* strips : {R"({"lstrip": true})", R"({"rstrip": true})"})
    CHECK(pieces(strips, "the  zOr\t was") == Ints{the, next, was});
  const Files spaced = with_token(" ", next, R"({"lstrip": true})");
  CHECK(load(spaced).pieces("the   was").size() == 5);
  CHECK(load(with_token(" zOr", next)).pieces("the  zOr") == Ints{the, next});
}

TEST_CASE("tokenizer folder: of added tokens that begin together the longest is found") {
  const BertTokenizer t = load(
      {{"vocab.txt", vocab_text}, {"added_tokens.json", R"({"<a": 15, "<a b>": 16, "a": 17})"}});
  CHECK(t.pieces("<a b> <a b a") == Ints{16, 15, unk, 17});
}

TEST_CASE("tokenizer folder: every file that can name an added token is read") {
  const std::string text = "the zorbex was";
  const Ints expected = {the, next, was};
  const Files named[] = {
      {{"added_tokens.json", R"({"zorbex": 15})"}},
      {{"special_tokens_map.json", R"({"additional_special_tokens": ["zorbex"]})"}},
      {{"special_tokens_map.json", R"({"query_token": "zorbex"})"}},
      {{"tokenizer_config.json", R"({"extra_special_tokens": ["zorbex"]})"}},
      {{"tokenizer_config.json", R"({"additional_special_tokens": [{"content": "zorbex"}]})"}},
      {{"tokenizer_config.json", R"({"extra_special_tokens": {"query_token": "zorbex"}})"}},
      {{"tokenizer_config.json", R"({"eos_token": "zorbex"})"}},
      {{"tokenizer_config.json", R"({"added_tokens_decoder": {"15": {"content": "zorbex"}}})"}}};
  for (Files files : named) {
    files["vocab.txt"] = vocab_text;
    INFO(files.begin()->first, files.begin()->second);
    CHECK(load(files).pieces(text) == expected);
  }
}

TEST_CASE("tokenizer folder: names of a model's own get ids in Transformers' order") {
  // [id of <a>, id of <b>] by AutoTokenizer; tokenizer_config.json's texts come last and count.
  const auto ids = [](const char* config, const char* map) {
    return load({{"vocab.txt", vocab_text},
                 {"tokenizer_config.json", config},
                 {"special_tokens_map.json", map}})
        .pieces("<a><b>");
  };
  const char* const a = R"({"image_token": "<a>"})";
  CHECK(ids(a, R"({"query_token": "<b>"})") == Ints{next + 1, next});
  CHECK(ids(R"({"a_token": {"__type": "AddedToken", "content": "<a>"}})",
            R"({"query_token": "<b>"})") == Ints{next, next + 1});
  CHECK(ids(R"({"a_token": "<a>", "b_token": {"__type": "AddedToken", "content": "<b>"}})", "{}") ==
        Ints{next + 1, next});
  CHECK(load({{"vocab.txt", vocab_text},
              {"tokenizer_config.json", a},
              {"special_tokens_map.json", R"({"image_token": "<b>"})"}})
            .size() == next + 1);
  CHECK(ids(a, R"({"image_token": "<b>"})").front() == next);
}

TEST_CASE("tokenizer folder: a special added token is left out by decode") {
  const auto t = [](const char* flags) { return load(with_token("<q>", next, flags)); };
  CHECK(t(R"({"special": true})").is_special(next));
  CHECK_FALSE(t("{}").is_special(next));
  CHECK(t(R"({"special": true})").decode({cls, the, next, was, sep}) == "the was");
  CHECK(t("{}").decode({cls, the, next, was, sep}) == "the <q> was");
}

TEST_CASE("tokenizer folder: an added token's id is the next free one, or the folder is refused") {
  const std::string error = refusal(with_token("zorbex", 20));
  CHECK(has(error, "tokenizer.json:"));
  CHECK(has(error, "\"zorbex\" has the id 20 here, but Hugging Face's tokenizers give it 15"));
  // The hint, followed: tokens in between are named.
  CHECK(load({{"vocab.txt", vocab_text},
              {"added_tokens.json", R"({"x1": 15, "x2": 16, "zorbex": 17})"}})
            .pieces("zorbex") == Ints{17});
  CHECK(has(refusal({{"vocab.txt", vocab_text}, {"added_tokens.json", R"({"the": 15})"}}),
            "give it 5"));
  CHECK(has(refusal({{"vocab.txt", vocab_text}, {"added_tokens.json", R"({"a": 15, "b": 15})"}}),
            "with the id of \"a\""));
  CHECK(has(refusal({{"vocab.txt", vocab_text + "the\n"}, {"added_tokens.json", R"({"q": 15})"}}),
            "\"q\" gets the id 15, which is taken"));
}

TEST_CASE("tokenizer folder: a token of which normalising leaves nothing is refused") {
  const std::string error = refusal(with_token("\u0301", next, R"({"normalized": true})"));
  CHECK(has(error, "nothing is left of it after normalising"));
  CHECK(has(error, "set its \"normalized\" to false"));
  CHECK(load(with_token("\u0301", next)).pieces("e\u0301") == Ints{unk, next});  // the hint
  CHECK(has(refusal(with_token(std::string(1001, 'a'), next)), "it has 1001 bytes"));
}
