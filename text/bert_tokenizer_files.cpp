// The folder a BERT tokenizer is kept in, as Hugging Face lays it out: vocab.txt (a token a line,
// the line's number from 0 is the id), tokenizer_config.json (options and the names of the special
// tokens) and tokenizer.json (all of that again, for Hugging Face's fast tokenizer).
#include <filesystem>

#include "core/error.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "text/bert_tokenizer.h"

namespace cairn {
namespace {

bool exists(const std::string& path) { return std::filesystem::exists(path); }

Json read_json(const std::string& path) { return parse_json(read_file(path), path); }

// A special token is written as "[UNK]" or as {"content": "[UNK]", ...}.
std::string special_name(const Json& config, const char* key, const std::string& otherwise) {
  const Json* value = config.find(key);
  if (!value || value->is_null()) return otherwise;
  const Json& text = value->is_object() ? value->at("content") : *value;
  const std::string name = text.as_string();
  if (name.empty()) value->fail_here("a special token can't be empty");
  return name;
}

std::optional<bool> optional_bool(const Json& config, const char* key) {
  const Json* value = config.find(key);
  if (!value || value->is_null()) return std::nullopt;
  return value->as_bool();
}

// tokenizer_config.json. A length as huge as 1e30 is Hugging Face's way to say that none is known.
BertTokenizerOptions read_config(const Json& config) {
  BertTokenizerOptions options;
  options.lower_case = config.get("do_lower_case", options.lower_case);
  options.strip_accents = optional_bool(config, "strip_accents");
  options.space_chinese = config.get("tokenize_chinese_chars", options.space_chinese);
  const double length = config.get("model_max_length", 1e30);
  if (!(length >= 1)) config.at("model_max_length").fail_here("must be at least 1");
  if (length < 1e9) options.max_length = static_cast<int64_t>(length);
  options.pad = special_name(config, "pad_token", options.pad);
  options.unk = special_name(config, "unk_token", options.unk);
  options.cls = special_name(config, "cls_token", options.cls);
  options.sep = special_name(config, "sep_token", options.sep);
  options.mask = special_name(config, "mask_token", options.mask);
  return options;
}

// What a tokenizer.json says of the options, for a folder without tokenizer_config.json.
BertTokenizerOptions read_normalizer(const Json& tokenizer) {
  BertTokenizerOptions options;
  const Json* normalizer = tokenizer.find("normalizer");
  if (!normalizer || !normalizer->is_object()) return options;
  options.lower_case = normalizer->get("lowercase", options.lower_case);
  options.strip_accents = optional_bool(*normalizer, "strip_accents");
  options.space_chinese = normalizer->get("handle_chinese_chars", options.space_chinese);
  return options;
}

std::vector<std::string> read_vocab(const Json& tokenizer) {
  const Json& model = tokenizer.at("model");
  if (model.get("type", "WordPiece") != "WordPiece")
    model.at("type").fail_here("not WordPiece, which BERT's tokenizer is");
  const std::vector<Json>& entries = model.at("vocab").items();
  std::vector<std::string> tokens(entries.size());
  for (const Json& entry : entries) {
    const int64_t id = entry.as_int(0, static_cast<int64_t>(entries.size()) - 1);
    std::string& token = tokens[static_cast<size_t>(id)];
    if (!token.empty()) entry.fail_here("the id of another token as well");
    token = entry.key();
  }
  return tokens;
}

Json added_token(const std::string& text, int32_t id) {
  Json token = Json::object();
  token.set("id", id).set("content", text).set("single_word", false).set("lstrip", false);
  token.set("rstrip", false).set("normalized", false).set("special", true);
  return token;
}

Json template_part(const char* kind, const std::string& id, int type) {
  Json part = Json::object(), inner = Json::object();
  inner.set("id", id).set("type_id", type);
  part.set(kind, inner);
  return part;
}

// "[CLS] A [SEP]" and "[CLS] A [SEP] B [SEP]", with their token types.
Json post_processor(const BertTokenizer& t) {
  const std::string &cls = t.token(t.cls()), &sep = t.token(t.sep());
  Json single = Json::array(), specials = Json::object(), result = Json::object();
  single.push(template_part("SpecialToken", cls, 0));
  single.push(template_part("Sequence", "A", 0));
  single.push(template_part("SpecialToken", sep, 0));
  Json pair = single;
  pair.push(template_part("Sequence", "B", 1));
  pair.push(template_part("SpecialToken", sep, 1));
  for (int32_t id : {t.cls(), t.sep()}) {
    Json special = Json::object();
    special.set("id", t.token(id)).set("ids", Json::array({Json(id)}));
    special.set("tokens", Json::array({Json(t.token(id))}));
    specials.set(t.token(id), special);
  }
  result.set("type", "TemplateProcessing").set("single", single).set("pair", pair);
  return result.set("special_tokens", specials);
}

std::string tokenizer_json(const BertTokenizer& t) {
  Json added = Json::array(), normalizer = Json::object(), type = Json::object();
  for (int32_t id = 0; id < t.size(); ++id)
    if (t.is_special(id)) added.push(added_token(t.token(id), id));
  const std::optional<bool> strip = t.options().strip_accents;
  normalizer.set("type", "BertNormalizer").set("clean_text", true);
  normalizer.set("handle_chinese_chars", t.options().space_chinese);
  normalizer.set("strip_accents", strip ? Json(*strip) : Json());
  normalizer.set("lowercase", t.options().lower_case);
  Json decoder = Json::object();
  decoder.set("type", "WordPiece").set("prefix", "##").set("cleanup", true);
  std::string text =
      "{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":" +
      to_text(added) + ",\n\"normalizer\":" + to_text(normalizer) +
      ",\n\"pre_tokenizer\":" + to_text(type.set("type", "BertPreTokenizer")) +
      ",\n\"post_processor\":" + to_text(post_processor(t)) + ",\n\"decoder\":" + to_text(decoder) +
      ",\n\"model\":{\"type\":\"WordPiece\",\"unk_token\":" + json_string(t.token(t.unk())) +
      ",\"continuing_subword_prefix\":\"##\",\"max_input_chars_per_word\":" +
      std::to_string(WordPiece::longest_word) + ",\"vocab\":{";
  for (int32_t id = 0; id < t.size(); ++id)  // not through Json, whose set is a search
    text += (id ? ",\n" : "\n") + json_string(t.token(id)) + ":" + std::to_string(id);
  return text + "\n}}}\n";
}

Json special_names(const BertTokenizerOptions& options) {
  Json names = Json::object();
  names.set("unk_token", options.unk).set("sep_token", options.sep).set("pad_token", options.pad);
  return names.set("cls_token", options.cls).set("mask_token", options.mask);
}

}  // namespace

BertTokenizer BertTokenizer::from_vocab(const std::string& file, BertTokenizerOptions options) {
  return BertTokenizer(split_lines(read_file(file)), std::move(options), file);
}

BertTokenizer BertTokenizer::from_pretrained(const std::string& folder) {
  const std::string vocab = folder + "/vocab.txt", whole = folder + "/tokenizer.json",
                    config = folder + "/tokenizer_config.json";
  Json tokenizer;
  if (exists(whole) && !(exists(vocab) && exists(config))) tokenizer = read_json(whole);
  BertTokenizerOptions options;
  if (exists(config))
    options = read_config(read_json(config));
  else if (tokenizer.is_object())
    options = read_normalizer(tokenizer);
  if (exists(vocab)) return from_vocab(vocab, std::move(options));
  if (!tokenizer.is_object())
    fail(vocab, "there is no vocabulary",
         "a BERT folder has vocab.txt (a token a line) or tokenizer.json");
  return BertTokenizer(read_vocab(tokenizer), std::move(options), whole);
}

void BertTokenizer::save_pretrained(const std::string& folder) const {
  std::string vocab;
  for (const std::string& token : tokens_) vocab += token + "\n";
  Json config = special_names(options_);
  config.set("tokenizer_class", "BertTokenizer").set("do_lower_case", options_.lower_case);
  config.set("strip_accents", options_.strip_accents ? Json(*options_.strip_accents) : Json());
  config.set("tokenize_chinese_chars", options_.space_chinese);
  if (options_.max_length != no_limit) config.set("model_max_length", options_.max_length);
  write_file_atomically(folder + "/vocab.txt", vocab);
  write_file_atomically(folder + "/tokenizer_config.json", to_text(config, 2) + "\n");
  write_file_atomically(folder + "/special_tokens_map.json",
                        to_text(special_names(options_), 2) + "\n");
  write_file_atomically(folder + "/tokenizer.json", tokenizer_json(*this));
}

}  // namespace cairn
