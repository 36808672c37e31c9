// Reading and writing the sections of a tokenizer.json.
#include "text/tokenizer_json.h"

#include <algorithm>
#include <limits>

#include "core/error.h"

namespace cairn {
namespace {

constexpr size_t max_steps = 32;
constexpr const char* remedy =
    "Cairn does what BERT's tokenizers need; convert the texts beforehand, or tokenize with the "
    "library tokenizers";

const Json* section(const Json& json, const char* key) {
  const Json* value = json.find(key);
  return value && !value->is_null() ? value : nullptr;
}

std::string type_of(const Json& json) { return json.at("type").as_string(); }

void check_fields(const Json& json, const std::vector<std::string>& known) {
  for (const Json& field : json.items())
    if (std::find(known.begin(), known.end(), field.key()) == known.end())
      field.fail_here("a field that a " + type_of(json) + " is not known to have", remedy);
}

[[noreturn]] void refuse_type(const Json& json, const std::string& supported) {
  json.at("type").fail_here("not supported here", "supported are " + supported + "; " + remedy);
}

void add_bert_normalizer(const Json& json, std::vector<NormalizeStep>& steps) {
  check_fields(json, {"type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase"});
  const bool lower_case = json.get("lowercase", true);
  if (json.get("clean_text", true)) steps.push_back(NormalizeStep::clean);
  if (json.get("handle_chinese_chars", true)) steps.push_back(NormalizeStep::space_chinese);
  if (json.get("strip_accents", lower_case)) {
    steps.push_back(NormalizeStep::decompose);
    steps.push_back(NormalizeStep::strip_nonspacing);
  }
  if (lower_case) steps.push_back(NormalizeStep::lower_case);
}

void add_normalizer(const Json& json, std::vector<NormalizeStep>& steps) {
  const std::string type = type_of(json);
  if (type == "Sequence") {
    check_fields(json, {"type", "normalizers"});
    for (const Json& one : json.at("normalizers").items()) add_normalizer(one, steps);
  } else if (type == "BertNormalizer") {
    add_bert_normalizer(json, steps);
  } else if (type == "Lowercase") {
    steps.push_back(NormalizeStep::lower_case);
  } else if (type == "NFD") {
    steps.push_back(NormalizeStep::decompose);
  } else if (type == "StripAccents") {
    steps.push_back(NormalizeStep::strip_marks);
  } else {
    refuse_type(json, "BertNormalizer, NFD, StripAccents, Lowercase and Sequence");
  }
  if (steps.size() > max_steps) json.fail_here("one of more than 32 steps");
}

void add_pre_tokenizer(const Json& json, std::vector<SplitStep>& steps) {
  const std::string type = type_of(json);
  if (type == "Sequence") {
    check_fields(json, {"type", "pretokenizers"});
    for (const Json& one : json.at("pretokenizers").items()) add_pre_tokenizer(one, steps);
  } else if (type == "BertPreTokenizer") {
    steps.insert(steps.end(), {SplitStep::white_space, SplitStep::punctuation});
  } else if (type == "Whitespace") {
    steps.push_back(SplitStep::word_runs);
  } else if (type == "WhitespaceSplit") {
    steps.push_back(SplitStep::white_space);
  } else if (type == "Punctuation") {
    if (json.get("behavior", "Isolated") != "Isolated")
      json.at("behavior").fail_here("not supported here", "only Isolated is");
    steps.push_back(SplitStep::punctuation);
  } else {
    refuse_type(json, "BertPreTokenizer, Whitespace, WhitespaceSplit, Punctuation and Sequence");
  }
  if (steps.size() > max_steps) json.fail_here("one of more than 32 steps");
}

constexpr int64_t max_id = std::numeric_limits<int32_t>::max();

TemplatePart read_part(const Json& json, const Json& specials) {
  const Json* const special = json.find("SpecialToken");
  const Json& part = special ? *special : json.at("Sequence");
  const int64_t type_id = part.get("type_id", 0);
  if (type_id < 0 || type_id > 1)
    part.at("type_id").fail_here("not 0 or 1", "BERT has these two token types");
  const auto type = static_cast<int32_t>(type_id);
  const std::string id = part.at("id").as_string();
  if (!special) {
    if (id != "A" && id != "B") part.at("id").fail_here("neither A nor B");
    return {id == "A" ? TemplatePart::Kind::first : TemplatePart::Kind::second, {}, type};
  }
  TemplatePart made{TemplatePart::Kind::special, {}, type};
  for (const Json& token : specials.at(id).at("ids").items())
    made.ids.push_back(static_cast<int32_t>(token.as_int(0, max_id)));
  return made;
}

std::vector<TemplatePart> read_parts(const Json& parts, const Json& specials, int texts) {
  std::vector<TemplatePart> made;
  int first = 0, second = 0;
  if (parts.size() > max_steps)
    parts.fail_here("a template of more than " + std::to_string(max_steps) + " parts");
  for (const Json& part : parts.items()) {
    made.push_back(read_part(part, specials));
    first += made.back().kind == TemplatePart::Kind::first;
    second += made.back().kind == TemplatePart::Kind::second;
  }
  if (first != 1 || second != texts - 1)
    fail(parts.place(), "the template \"" + parts.key() + "\" does not have each text once",
         texts == 1 ? "it needs A" : "it needs A and B");
  return made;
}

// BertProcessing: the names and ids of [SEP] and [CLS], as ["[SEP]", 3].
EncodingTemplate read_bert_processing(const Json& json) {
  check_fields(json, {"type", "sep", "cls"});
  const auto id = [&json](const char* key) {
    return static_cast<int32_t>(json.at(key)[1].as_int(0, max_id));
  };
  return EncodingTemplate::bert(id("cls"), id("sep"));
}

Json template_part(const char* kind, const std::string& id, int type) {
  Json part = Json::object(), inner = Json::object();
  inner.set("id", id).set("type_id", type);
  part.set(kind, inner);
  return part;
}

}  // namespace

EncodingTemplate EncodingTemplate::bert(int32_t cls, int32_t sep) {
  using Kind = TemplatePart::Kind;
  EncodingTemplate made;
  made.single = {{Kind::special, {cls}, 0}, {Kind::first, {}, 0}, {Kind::special, {sep}, 0}};
  made.pair = made.single;
  made.pair.push_back({Kind::second, {}, 1});
  made.pair.push_back({Kind::special, {sep}, 1});
  return made;
}

TokenizerPipeline read_pipeline(const Json& tokenizer) {
  TokenizerPipeline made;
  if (const Json* json = section(tokenizer, "normalizer")) add_normalizer(*json, made.normalize);
  if (const Json* json = section(tokenizer, "pre_tokenizer")) add_pre_tokenizer(*json, made.split);
  return made;
}

EncodingTemplate read_template(const Json& tokenizer) {
  const Json* const json = section(tokenizer, "post_processor");
  if (!json)
    return {{{TemplatePart::Kind::first, {}, 0}},
            {{TemplatePart::Kind::first, {}, 0}, {TemplatePart::Kind::second, {}, 1}}};
  if (type_of(*json) == "BertProcessing") return read_bert_processing(*json);
  if (type_of(*json) != "TemplateProcessing")
    refuse_type(*json, "TemplateProcessing and BertProcessing");
  check_fields(*json, {"type", "single", "pair", "special_tokens"});
  const Json& specials = json->at("special_tokens");
  return {read_parts(json->at("single"), specials, 1), read_parts(json->at("pair"), specials, 2)};
}

std::vector<std::string> read_vocabulary(const Json& model) {
  if (model.get("type", "WordPiece") != "WordPiece")
    model.at("type").fail_here("not WordPiece, which BERT's tokenizer is");
  const std::vector<Json>& entries = model.at("vocab").items();
  // Some ids may be unused, but not many.
  const auto max_id_allowed = 2 * static_cast<int64_t>(entries.size());
  std::vector<std::string> tokens(entries.size());
  std::vector<bool> taken(entries.size());
  for (const Json& entry : entries) {
    const auto id = static_cast<size_t>(entry.as_int(0, max_id_allowed));
    if (id >= tokens.size()) tokens.resize(id + 1), taken.resize(id + 1);
    if (taken[id]) entry.fail_here("the id of another token as well");
    taken[id] = true;
    tokens[id] = entry.key();
  }
  return tokens;
}

std::string read_unknown_token(const Json& model) { return model.get("unk_token", "[UNK]"); }

WordPieceOptions read_wordpiece_options(const Json& model) {
  WordPieceOptions options;
  options.prefix = model.get("continuing_subword_prefix", options.prefix);
  options.max_input_chars_per_word =
      model.get("max_input_chars_per_word", options.max_input_chars_per_word);
  return options;
}

AddedToken read_added_token(const Json& json) {
  AddedToken token;
  token.text = json.at("content").as_string();
  token.special = json.get("special", false);
  token.normalized = json.get("normalized", !token.special);
  token.lstrip = json.get("lstrip", false);
  token.rstrip = json.get("rstrip", false);
  token.single_word = json.get("single_word", false);
  return token;
}

Json bert_normalizer(bool lower_case, std::optional<bool> strip_accents, bool space_chinese) {
  Json json = Json::object();
  json.set("type", "BertNormalizer").set("clean_text", true);
  json.set("handle_chinese_chars", space_chinese);
  json.set("strip_accents", strip_accents ? Json(*strip_accents) : Json());
  return json.set("lowercase", lower_case);
}

Json bert_pre_tokenizer() { return Json(Json::object()).set("type", "BertPreTokenizer"); }

Json bert_post_processor(const std::string& cls, int32_t cls_id, const std::string& sep,
                         int32_t sep_id) {
  Json single = Json::array(), specials = Json::object(), result = Json::object();
  single.push(template_part("SpecialToken", cls, 0));
  single.push(template_part("Sequence", "A", 0));
  single.push(template_part("SpecialToken", sep, 0));
  Json pair = single;
  pair.push(template_part("Sequence", "B", 1));
  pair.push(template_part("SpecialToken", sep, 1));
  for (const auto& [text, id] : {std::pair(cls, cls_id), std::pair(sep, sep_id)}) {
    Json special = Json::object();
    special.set("id", text).set("ids", Json::array({Json(id)}));
    special.set("tokens", Json::array({Json(text)}));
    specials.set(text, special);
  }
  result.set("type", "TemplateProcessing").set("single", single).set("pair", pair);
  return result.set("special_tokens", specials);
}

Json wordpiece_decoder() {
  Json json = Json::object();
  return json.set("type", "WordPiece").set("prefix", "##").set("cleanup", true);
}

Json to_json(const AddedToken& token) {
  Json json = Json::object();
  json.set("id", token.id).set("content", token.text).set("single_word", token.single_word);
  json.set("lstrip", token.lstrip).set("rstrip", token.rstrip);
  return json.set("normalized", token.normalized).set("special", token.special);
}

}  // namespace cairn
