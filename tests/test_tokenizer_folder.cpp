// What the files of a tokenizer's folder say: honoured as Hugging Face's AutoTokenizer does,
// refused by name, or reported; and written again. Expected ids are those of transformers 5.23 with
// tokenizers 0.23.3, most of them in tests/data/tokenizer_folders.jsonl
// (scripts/make_tokenizer_folder_goldens.py). Added tokens: test_tokenizer_folder_added.cpp.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "core/error.h"
#include "core/io/json.h"
#include "tests/tokenizer_files.h"
#include "tests/tokenizer_folder.h"

using namespace cairn;
using namespace cairn::test;

namespace {

const std::string whole_file = R"({"tokenizer_class": "PreTrainedTokenizerFast"})";

Encoding encode(const BertTokenizer& tokenizer, const Json& golden) {
  const int64_t length = golden.get("max_length", BertTokenizer::no_limit);
  const Json* pair = golden.find("pair");
  const std::string text = golden.at("text").as_string();
  return pair ? tokenizer.encode(text, pair->as_string(), length) : tokenizer.encode(text, length);
}

}  // namespace

TEST_CASE("tokenizer folder: texts have the ids that AutoTokenizer gives them, also once saved") {
  const std::string path = std::string(CAIRN_SOURCE_DIR) + "/tests/data/tokenizer_folders.jsonl";
  const std::vector<std::string> goldens = split_lines(read_file(path));
  const Json tokens = parse_json(goldens[0], path);
  Json vocab = Json::object();
  std::string vocab_txt;
  for (const Json& token : tokens.items()) {
    vocab.add(token.as_string(), vocab.size());
    vocab_txt += token.as_string() + "\n";
  }
  int compared = 0;
  for (size_t i = 1; i < goldens.size(); ++i) {
    const Json golden = parse_json(goldens[i], path);
    Files files;
    for (const Json& file : golden.at("files").items()) {
      Json json = file;
      if (file.key() == "tokenizer.json") {
        Json model = json.at("model");
        json.set("model", model.set("vocab", vocab));
      }
      files[file.key()] = file.key() == "vocab.txt" ? vocab_txt : to_text(json);
    }
    const TempFolder folder, saved;
    const BertTokenizer tokenizer = load(folder, files);
    tokenizer.save_pretrained(saved.path());
    const BertTokenizer again = BertTokenizer::from_pretrained(saved.path());
    for (const Json& text : golden.at("texts").items()) {
      INFO("line ", i + 1, ": ", to_text(text));
      const Encoding encoding = encode(tokenizer, text);
      CHECK(encoding.ids == ints(text.at("ids")));
      CHECK(encoding.token_types == ints(text.at("token_types")));
      CHECK(encode(again, text).ids == encoding.ids);
      ++compared;
    }
  }
  CHECK(compared == 400);
}

TEST_CASE("tokenizer folder: a file of another kind is told for what it is") {
  const std::string pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n";
  for (const char* file : {"vocab.txt", "tokenizer.json", "tokenizer_config.json",
                           "special_tokens_map.json", "added_tokens.json"}) {
    Files files = {{"vocab.txt", vocab_text}};
    files[file] = pointer;
    CHECK(has(refusal(files), std::string(file) + "] is a git-LFS pointer"));
  }
  CHECK(has(refusal({{"vocab.txt", "<!DOCTYPE html>\n"}}), "is a web page"));
  CHECK(has(refusal({{"vocab.txt", "PK\x03\x04 and so on"}}), "hint: give a text file"));
}

TEST_CASE("tokenizer folder: tokenizer_class decides whether tokenizer.json's pipeline counts") {
  const std::string sections = R"({"normalizer": {"type": "BertNormalizer", "lowercase": false},
                                   "pre_tokenizer": {"type": "Whitespace"}})";
  const auto pieces = [&](const std::string& config) {
    return load({{"tokenizer.json", bert_tokenizer_json(sections)},
                 {"tokenizer_config.json", config}})
        .pieces("The was bad ..");
  };
  for (const char* name : {"PreTrainedTokenizerFast", "PreTrainedTokenizer", "TokenizersBackend"})
    CHECK(pieces("{\"tokenizer_class\": \"" + std::string(name) + "\"}") ==
          Ints{unk, was, bad, unk});
  for (const char* name : {"BertTokenizer", "BertTokenizerFast", "DistilBertTokenizer"})
    CHECK(pieces("{\"tokenizer_class\": \"" + std::string(name) + "\"}") ==
          Ints{the, was, bad, stop, stop});
  CHECK(pieces("{}") == Ints{the, was, bad, stop, stop});
  CHECK(pieces(R"({"do_lower_case": false})") == Ints{unk, was, bad, stop, stop});
  const std::string error = error_of([&] { pieces(R"({"tokenizer_class": "RobertaTokenizer"})"); });
  CHECK(has(error, "tokenizer_config.json:1] \"tokenizer_class\" is \"RobertaTokenizer\""));
  CHECK(has(error, "write PreTrainedTokenizerFast"));
  const BertTokenizer by_config =
      load({{"tokenizer.json", bert_tokenizer_json(sections)}, {"config.json", whole_file}});
  CHECK(by_config.pieces("The was") == Ints{unk, was});
  CHECK(has(refusal({{"vocab.txt", vocab_text}, {"tokenizer_config.json", whole_file}}),
            "write BertTokenizer if vocab.txt is enough"));
  CHECK(load({{"vocab.txt", vocab_text},
              {"tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})"}})
            .size() == next);
}

TEST_CASE("tokenizer folder: the model's options of a tokenizer.json are honoured") {
  const auto pieces = [](const std::string& model, const std::string& text) {
    return load({{"tokenizer.json", bert_tokenizer_json("{\"model\": " + model + "}")},
                 {"tokenizer_config.json", whole_file}})
        .pieces(text);
  };
  CHECK(pieces(R"({"type": "WordPiece", "unk_token": "[MASK]"})", "q") == Ints{mask});
  CHECK(pieces(R"({"max_input_chars_per_word": 3})", "zorb zor") == Ints{unk, 9, 10});
  CHECK(pieces(R"({"continuing_subword_prefix": ""})", "zthe") == Ints{9, the});
  CHECK(pieces(R"({"continuing_subword_prefix": "##"})", "zthe") == Ints{unk});
  CHECK(has(error_of([&] { pieces(R"({"type": "BPE"})", ""); }), "not WordPiece"));
}

TEST_CASE("tokenizer folder: templates of a tokenizer.json are honoured") {
  const auto load_with = [](const std::string& post_processor) {
    return load(
        {{"tokenizer.json", bert_tokenizer_json("{\"post_processor\": " + post_processor + "}")},
         {"tokenizer_config.json", whole_file}});
  };
  const BertTokenizer none = load_with("null");
  CHECK(none.encode("the was").ids == Ints{the, was});
  CHECK(none.encode("the", "was").token_types == Ints{0, 1});
  const BertTokenizer own = load_with(R"({"type": "TemplateProcessing",
      "single": [{"SpecialToken": {"id": "q", "type_id": 0}},
                 {"Sequence": {"id": "A", "type_id": 1}}],
      "pair": [{"Sequence": {"id": "B", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 1}},
               {"SpecialToken": {"id": "q", "type_id": 1}}],
      "special_tokens": {"q": {"id": "q", "ids": [4, 2], "tokens": ["[MASK]", "[CLS]"]}}})");
  CHECK(own.encode("the was").ids == Ints{mask, cls, the, was});
  CHECK(own.encode("the was").token_types == Ints{0, 0, 1, 1});
  CHECK(own.encode("the was", "bad").ids == Ints{bad, the, was, mask, cls});
  CHECK(own.encode("the was bad", 4).ids == Ints{mask, cls, the, was});
  CHECK(has(error_of([&] { own.encode("the", 1); }), "[MASK] and [CLS] alone take 2"));
  const auto refused = [&](const std::string& processor, const std::string& part) {
    CHECK(has(error_of([&] { load_with(processor); }), part));
  };
  refused(R"({"type": "RobertaProcessing"})", "\"type\" is \"RobertaProcessing\", not supported");
  refused(R"({"type": "TemplateProcessing", "single": [], "pair": [], "special_tokens": {}})",
          "\"single\" does not have each text once");
  refused(R"({"type": "BertProcessing", "sep": ["[SEP]", 99], "cls": ["[CLS]", 2]})", "the id 99");
  refused(R"({"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 2}}],
             "pair": [], "special_tokens": {}})",
          "not 0 or 1");
}

TEST_CASE("tokenizer folder: what changes the tokens and is not supported is refused by name") {
  const auto section = [](const std::string& sections) {
    return refusal(
        {{"tokenizer.json", bert_tokenizer_json(sections)}, {"tokenizer_config.json", whole_file}});
  };
  for (const char* type : {"NFC", "NFKC", "NFKD", "Precompiled", "Replace", "Strip", "Prepend"}) {
    const std::string error =
        section("{\"normalizer\": {\"type\": \"" + std::string(type) + "\"}}");
    CHECK(has(error, "tokenizer.json:"));
    CHECK(has(error, "\"type\" is \"" + std::string(type) + "\", not supported here"));
    CHECK(has(error, "supported are BertNormalizer"));
  }
  for (const char* type : {"ByteLevel", "Metaspace", "Digits", "Split", "UnicodeScripts"})
    CHECK(has(section("{\"pre_tokenizer\": {\"type\": \"" + std::string(type) + "\"}}"),
              "supported are BertPreTokenizer"));
  CHECK(has(section(R"({"pre_tokenizer": {"type": "Punctuation", "behavior": "Removed"}})"),
            "\"behavior\" is \"Removed\""));
  CHECK(has(section(R"({"normalizer": {"type": "BertNormalizer", "nfkc": true}})"), "\"nfkc\""));
  const auto config = [](const std::string& text) {
    return refusal({{"vocab.txt", vocab_text}, {"tokenizer_config.json", text}});
  };
  CHECK(has(config(R"({"split_special_tokens": true})"), "\"split_special_tokens\" is true"));
  CHECK(has(config(R"({"fast_tokenizer_files": ["tokenizer.4.json"]})"), "fast_tokenizer_files"));
  CHECK(has(config(R"({"truncation_side": "up"})"), "neither left nor right"));
  CHECK(has(config(R"({"added_tokens_decoder": {"x": {"content": "a"}}})"), "not an id"));
  CHECK(has(config("[]"), "not an object"));
}

TEST_CASE("tokenizer folder: a text is truncated on the side that the folder says") {
  const BertTokenizer t = load(
      {{"vocab.txt", vocab_text}, {"tokenizer_config.json", R"({"truncation_side": "left"})"}});
  CHECK(t.encode("the was bad .", 4).ids == Ints{cls, bad, stop, sep});
  CHECK(t.encode("the was bad .", "bad was .", 7).ids == Ints{cls, bad, stop, sep, was, stop, sep});
  const std::string left = R"({"truncation": {"direction": "Left", "max_length": 4}})";
  CHECK(load({{"tokenizer.json", bert_tokenizer_json(left)}}).encode("the was bad .", 4).ids ==
        Ints{cls, bad, stop, sep});
}

TEST_CASE("tokenizer folder: fields without effect are named in a note") {
  const auto notes = [](const Files& files) {
    const BertTokenizer tokenizer = load(files);
    std::string all;
    for (const std::string& note : tokenizer.notes()) all += note + "\n";
    return all;
  };
  CHECK(notes({{"vocab.txt", vocab_text}}).empty());
  CHECK(has(notes({{"vocab.txt", vocab_text},
                   {"tokenizer_config.json", R"({"padding_side": "left", "x": 1, "y": null})"}}),
            "tokenizer_config.json: without effect here: \"padding_side\", \"x\"\n"));
  const std::string other = R"({"normalizer": {"type": "Lowercase"}, "padding": {"pad_id": 0}})";
  const std::string passed =
      notes({{"tokenizer.json", bert_tokenizer_json(other)}, {"vocab.txt", "a\n"}});
  CHECK(has(passed, "tokenizer.json: ignored \"normalizer\""));
  CHECK(has(passed, "tokenizer.json: without effect here: \"padding\""));
  CHECK(has(passed, "vocab.txt: not read; the vocabulary of tokenizer.json, which differs"));
  CHECK(has(notes({{"vocab.txt", vocab_text},
                   {"added_tokens.json", R"({"q": 15})"},
                   {"tokenizer_config.json", R"({"added_tokens_decoder": {}})"}}),
            "added_tokens.json: not read, as \"added_tokens_decoder\""));
}

TEST_CASE("tokenizer folder: all that was read is written again, and nothing else is left") {
  const TempFolder folder, out;
  const Files files = {{"tokenizer.json", bert_tokenizer_json(R"({"padding": {"pad_id": 0}})")},
                       {"tokenizer_config.json", R"({"x": {"y": [1]}, "model_max_length": 9})"},
                       {"added_tokens.json", R"({"zorbex": 15})"}};
  for (const char* name : {"special_tokens_map.json", "vocab.txt", "tokenizer_config.json"})
    write_file_atomically(out / name, "{\"of\": \"an older run\"}");
  load(folder, files).save_pretrained(out.path());
  const auto read = [](const std::string& path) { return parse_json(read_file(path), path); };
  for (const auto& [name, text] : files) {
    const Json before = parse_json(text, name), after = read(out / name);
    CHECK(before.size() == after.size());
    for (const Json& field : before.items())
      CHECK(to_text(after.at(field.key())) == to_text(field));
  }
  CHECK_FALSE(std::filesystem::exists(out / "special_tokens_map.json"));
  load({{"tokenizer.json", bert_tokenizer_json()}}).save_pretrained(out.path());
  CHECK_FALSE(std::filesystem::exists(out / "tokenizer_config.json"));
  CHECK(read_file(out / "vocab.txt") == vocab_text);
}

TEST_CASE("vocab.txt: a blank line is a token with an id of its own, as is a repeated one") {
  const auto with = [](const std::string& inserted) {
    return load({{"vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n" + inserted + "the\nbad\n"}});
  };
  CHECK(with("").pieces("the bad") == Ints{5, 6});
  CHECK(with("\n").pieces("the bad") == Ints{6, 7});
  CHECK(with("\n").size() == 8);
  CHECK(with(" \t\r\n\n").pieces("the bad") == Ints{7, 8});
  CHECK(with("bad\n").pieces("the bad") == Ints{6, 7});             // the last of equal ones
  CHECK(with("a\u2028b\n\x0c\n").pieces("the bad") == Ints{7, 8});  // only \n ends a line
  CHECK(with("a \u3000\n").find("a") == 5);  // whitespace at the end is no part of it
  for (const std::string inserted : {"\n", "bad\n", "a\u2028b\n"}) {
    const TempFolder saved;
    with(inserted).save_pretrained(saved.path());
    CHECK(BertTokenizer::from_pretrained(saved.path()).pieces("the bad") == Ints{6, 7});
    std::filesystem::remove(saved / "tokenizer.json");
    CHECK(BertTokenizer::from_pretrained(saved.path()).pieces("the bad") == Ints{6, 7});
  }
}

TEST_CASE("vocab.txt: a byte order mark is named") {
  CHECK(
      has(refusal({{"vocab.txt", "\xEF\xBB\xBF" + vocab_text}}), "begins with a byte order mark"));
}

TEST_CASE("tokenizer folder: a vocab.txt that could not hold the tokens is taken away") {
  const TempFolder folder;
  BertTokenizer({"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a"}).save_pretrained(folder.path());
  CHECK(std::filesystem::exists(folder / "vocab.txt"));
  const std::vector<std::string> tokens{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a\nb", "c"};
  BertTokenizer(tokens).save_pretrained(folder.path());
  CHECK_FALSE(std::filesystem::exists(folder / "vocab.txt"));
  const BertTokenizer loaded = BertTokenizer::from_pretrained(folder.path());
  for (int32_t id = 0; id < 7; ++id) CHECK(loaded.token(id) == tokens[static_cast<size_t>(id)]);
}
