// Reading a tokenizer's folder, file by file.
#include "text/tokenizer_folder.h"

#include <algorithm>
#include <map>

#include "core/error.h"
#include "core/io/file_kind.h"
#include "core/io/files.h"
#include "text/tokenizer_added.h"
#include "text/unicode.h"

namespace cairn {
namespace {

using Names = std::vector<std::string>;

bool contains(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The classes of Transformers that are BertTokenizer by another name, and those that are a
// tokenizer.json and nothing else; each also with "Fast" at its end.
const Names bert_classes = {"BertTokenizer",       "DistilBertTokenizer", "ElectraTokenizer",
                            "ConvBertTokenizer",   "LayoutLMTokenizer",   "MobileBertTokenizer",
                            "SqueezeBertTokenizer"};
const Names pipeline_classes = {"PreTrainedTokenizer", "TokenizersBackend"};

const Names honoured_keys = {
    "tokenizer_class",        "do_lower_case",        "strip_accents",
    "tokenize_chinese_chars", "model_max_length",     "max_len",
    "truncation_side",        "added_tokens_decoder", "additional_special_tokens",
    "extra_special_tokens",   "split_special_tokens"};

std::string quoted(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + json_string(name);
  return text;
}

// Reads a folder's files, in the order of the steps in `read`.
class FolderReader {
 public:
  explicit FolderReader(const std::string& folder) : folder_(folder) {}

  TokenizerParts read() {
    read_files();
    merge_settings();
    check_class();
    read_options();
    read_tokenizer_json();
    parts_.added = collect_added_tokens(settings_, whole_, parts_);
    report_unused();
    keep_tokenizer_json();
    return std::move(parts_);
  }

 private:
  void read_files();
  void merge_settings();
  void check_class();
  void read_options();
  void read_tokenizer_json();
  void compare_with_config();
  void report_unused();
  void keep_tokenizer_json();
  void note(const std::string& file, const std::string& text) {
    parts_.notes.push_back(path(file) + ": " + text);
  }
  std::string path(const std::string& file) const { return folder_ + "/" + file; }
  bool exists(const std::string& file) const { return has_file(path(file)); }
  Json read_if_there(const char* file) const {
    if (!exists(file)) return {};
    Json json = read_settings(path(file));
    if (!json.is_object()) json.fail_here("not an object", "it begins with {");
    return json;
  }

  std::string folder_;
  TokenizerParts parts_;
  Json settings_ = Json::object();  // tokenizer_config.json with special_tokens_map.json
  Json whole_;                      // tokenizer.json
};

void FolderReader::read_files() {
  TokenizerFiles& files = parts_.files;
  files.config = read_if_there("tokenizer_config.json");
  files.special_tokens_map = read_if_there("special_tokens_map.json");
  files.added_tokens = read_if_there("added_tokens.json");
}

// The older files count if tokenizer_config.json does not list the added tokens itself; and
// "additional_special_tokens" is the older name of "extra_special_tokens".
void FolderReader::merge_settings() {
  const TokenizerFiles& files = parts_.files;
  if (files.config.is_object()) settings_ = files.config;
  const Json* older = settings_.find("additional_special_tokens");
  const Json* extra = settings_.find("extra_special_tokens");
  if (older && (!extra || extra->is_null() || extra->size() == 0)) {
    settings_.set("extra_special_tokens", Json(*older));
    settings_.set("additional_special_tokens", Json());
  }
  if (settings_.find("added_tokens_decoder")) {
    for (const char* file : {"special_tokens_map.json", "added_tokens.json"})
      if (exists(file))
        note(file, "not read, as \"added_tokens_decoder\" of tokenizer_config.json counts instead");
    return;
  }
  if (!files.special_tokens_map.is_object()) return;
  std::map<std::string, const Json*> overriding;
  for (const Json& field : files.special_tokens_map.items()) overriding[field.key()] = &field;
  Json merged = Json::object();
  for (const Json& before : settings_.items()) {
    const auto found = overriding.extract(before.key());
    Json value = found ? *found.mapped() : before;
    if (found && before.key() == "extra_special_tokens" && value.is_array() && before.is_array())
      for (const Json& token : before.items()) value.push(token);
    merged.add(before.key(), std::move(value));
  }
  for (const Json& field : files.special_tokens_map.items())
    if (overriding.contains(field.key())) merged.add(field.key(), field);
  settings_ = std::move(merged);
}

void FolderReader::check_class() {
  const Json* named = settings_.find("tokenizer_class");
  Json config;
  if ((!named || named->is_null()) && exists("config.json")) {
    config = read_settings(path("config.json"));
    named = config.is_object() ? config.find("tokenizer_class") : nullptr;
  }
  if (!named || named->is_null()) return;
  std::string name = named->as_string();
  if (name.ends_with("Fast")) name.resize(name.size() - 4);
  parts_.files.pipeline_counts = contains(pipeline_classes, name);
  if (!parts_.files.pipeline_counts && !contains(bert_classes, name))
    named->fail_here("not a BERT tokenizer",
                     "if tokenizer.json alone is to count, write PreTrainedTokenizerFast");
}

// A huge length, 1e30, is Hugging Face's way of saying that none is known.
int64_t read_max_length(const Json& settings) {
  const char* const key = settings.find("model_max_length") ? "model_max_length" : "max_len";
  const double length = settings.get(key, 1e30);
  if (!(length >= 1)) settings.at(key).fail_here("less than 1");
  return length < 1e9 ? static_cast<int64_t>(length) : BertTokenizerOptions::no_limit;
}

bool read_side(const Json& json, const char* key, bool default_value) {
  std::string side = json.get(key, default_value ? "left" : "right");
  if (!side.empty()) side[0] = static_cast<char>(side[0] | 0x20);  // tokenizer.json says "Left"
  if (side != "left" && side != "right") json.at(key).fail_here("neither left nor right");
  return side == "left";
}

std::string special_text(const Json& settings, const char* key, const std::string& default_value) {
  const Json* value = settings.find(key);
  if (!value || value->is_null()) return default_value;
  const std::string text = (value->is_object() ? value->at("content") : *value).as_string();
  if (text.empty()) value->fail_here("a special token can't be empty");
  return text;
}

void FolderReader::read_options() {
  BertTokenizerOptions& options = parts_.options;
  options.lower_case = settings_.get("do_lower_case", options.lower_case);
  const Json* strip = settings_.find("strip_accents");
  if (strip && !strip->is_null()) options.strip_accents = strip->as_bool();
  options.space_chinese = settings_.get("tokenize_chinese_chars", options.space_chinese);
  options.max_length = read_max_length(settings_);
  options.pad = special_text(settings_, "pad_token", options.pad);
  options.unk = special_text(settings_, "unk_token", options.unk);
  options.cls = special_text(settings_, "cls_token", options.cls);
  options.sep = special_text(settings_, "sep_token", options.sep);
  options.mask = special_text(settings_, "mask_token", options.mask);
  options.truncate_left = read_side(settings_, "truncation_side", false);
  parts_.pipeline = TokenizerPipeline::bert(options.words());
  if (settings_.get("split_special_tokens", false))
    settings_.at("split_special_tokens")
        .fail_here("not supported here", "special tokens in a text are found as such");
  for (const char* key : {"fast_tokenizer_files", "init_inputs"})
    if (const Json* field = settings_.find(key);
        field && !field->is_null() && !(field->is_array() && field->size() == 0))
      field->fail_here("not supported here", "save the tokenizer again with Transformers 5");
}

void FolderReader::read_tokenizer_json() {
  const std::string file = path("tokenizer.json");
  if (!exists("tokenizer.json")) {
    parts_.place = path("vocab.txt");
    if (parts_.files.pipeline_counts)
      fail(file, "the file is missing, but tokenizer_class says that it counts",
           "save the tokenizer again, or write BertTokenizer if vocab.txt is enough");
    if (!exists("vocab.txt"))
      fail(parts_.place, "there is no vocabulary",
           "a BERT folder has vocab.txt (one token per line) or tokenizer.json");
    parts_.vocabulary = read_vocab_txt(parts_.place);
    return;
  }
  parts_.place = file;
  whole_ = parse_json(read_text(file), file);
  const Json& model = whole_.at("model");
  parts_.vocabulary = read_vocabulary(model);
  if (parts_.files.pipeline_counts) {
    parts_.pipeline = read_pipeline(whole_);
    parts_.format = read_template(whole_);
    parts_.wordpiece = read_wordpiece_options(model);
    parts_.options.unk = read_unknown_token(model);
  } else {
    compare_with_config();
  }
  const Json* cut = whole_.find("truncation");
  if (cut && cut->is_object() && !settings_.find("truncation_side"))
    parts_.options.truncate_left = read_side(*cut, "direction", false);
}

Json without(const Json& object, const std::string& key) {
  Json rest = Json::object();
  for (const Json& field : object.items())
    if (field.key() != key) rest.add(field.key(), field);
  return rest;
}

// Keeps tokenizer.json without its vocabulary, which has been copied already. It is parsed again,
// so that it does not keep the text of the whole file alive.
void FolderReader::keep_tokenizer_json() {
  if (!whole_.is_object()) return;
  whole_.set("model", without(whole_.at("model"), "vocab"));
  parts_.files.tokenizer = parse_json(to_text(whole_, 2), path("tokenizer.json"));
}

// Notes what a tokenizer.json says differently from a BertTokenizer's settings, which count.
void FolderReader::compare_with_config() {
  const BertTokenizerOptions& options = parts_.options;
  const auto id = [this](const std::string& token) {
    const auto& all = parts_.vocabulary;
    return static_cast<int32_t>(std::find(all.begin(), all.end(), token) - all.begin());
  };
  const Json& model = whole_.at("model");
  const WordPieceOptions read = read_wordpiece_options(model), own;
  Names ignored;
  const auto compare = [&](const char* key, const Json& expected) {
    const Json* found = whole_.find(key);
    if (to_text(found ? *found : Json()) != to_text(expected)) ignored.push_back(key);
  };
  compare("normalizer",
          bert_normalizer(options.lower_case, options.strip_accents, options.space_chinese));
  compare("pre_tokenizer", bert_pre_tokenizer());
  compare("post_processor",
          bert_post_processor(options.cls, id(options.cls), options.sep, id(options.sep)));
  if (read_unknown_token(model) != options.unk) ignored.push_back("unk_token");
  if (read.prefix != own.prefix) ignored.push_back("continuing_subword_prefix");
  if (read.max_input_chars_per_word != own.max_input_chars_per_word)
    ignored.push_back("max_input_chars_per_word");
  if (!ignored.empty())
    note("tokenizer.json", "ignored " + quoted(ignored) + ", since a BertTokenizer goes by " +
                               "tokenizer_config.json; with tokenizer_class " +
                               "PreTrainedTokenizerFast tokenizer.json counts");
  if (exists("vocab.txt") && read_vocab_txt(path("vocab.txt")) != parts_.vocabulary)
    note("vocab.txt", "not read; the vocabulary of tokenizer.json, which differs, counts");
}

void FolderReader::report_unused() {
  const auto report = [this](const Json& json, const char* file, const Names& known) {
    Names unused;
    if (!json.is_object()) return;
    for (const Json& field : json.items())
      if (!field.is_null() && !contains(known, field.key()) && !names_a_token(field))
        unused.push_back(field.key());
    if (!unused.empty()) note(file, "without effect here: " + quoted(unused));
  };
  report(parts_.files.config, "tokenizer_config.json", honoured_keys);
  if (!settings_.find("added_tokens_decoder"))
    report(parts_.files.special_tokens_map, "special_tokens_map.json", honoured_keys);
  report(whole_, "tokenizer.json",
         {"version", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder",
          "model"});
  if (whole_.is_object() && whole_.get("version", "1.0") != "1.0")
    note("tokenizer.json", "\"version\" is not 1.0, but it is read as 1.0");
  const Json* decoder = whole_.is_object() ? whole_.find("decoder") : nullptr;
  if (decoder && decoder->is_object() && decoder->get("type", "WordPiece") != "WordPiece")
    note("tokenizer.json", "without effect here: \"decoder\"");
}

}  // namespace

std::vector<std::string> read_vocab_txt(const std::string& file) {
  const std::string text = read_text(file);
  const size_t lines = count_newlines(text) + 1;
  constexpr size_t line_bytes = sizeof(std::string) + 32;  // and its entry when sorted
  check_memory(file, text.size(), lines * line_bytes, "lines");
  std::vector<std::string> tokens;
  tokens.reserve(lines);
  for (std::string_view rest = text; !rest.empty();)
    tokens.emplace_back(without_space_at_end(take_line(rest)));
  return tokens;
}

TokenizerParts read_tokenizer_folder(const std::string& folder) {
  return FolderReader(folder).read();
}

}  // namespace cairn
