// A BertTokenizer from and into the folder that it is kept in. tokenizer_folder.h says what the
// files mean; what was read from a folder is written again as it was.
#include <algorithm>
#include <filesystem>
#include <system_error>

#include "core/io/descriptor.h"
#include "core/io/files.h"
#include "core/io/json.h"
#include "text/bert_tokenizer.h"
#include "text/tokenizer_folder.h"
#include "text/unicode.h"

namespace cairn {
namespace {

Json special_names(const BertTokenizerOptions& options) {
  Json names = Json::object();
  names.set("unk_token", options.unk).set("sep_token", options.sep).set("pad_token", options.pad);
  return names.set("cls_token", options.cls).set("mask_token", options.mask);
}

Json plain_config(const BertTokenizerOptions& options) {
  Json config = special_names(options);
  config.set("tokenizer_class", "BertTokenizer").set("do_lower_case", options.lower_case);
  config.set("strip_accents", options.strip_accents ? Json(*options.strip_accents) : Json());
  config.set("tokenize_chinese_chars", options.space_chinese);
  if (options.max_length != options.no_limit) config.set("model_max_length", options.max_length);
  if (options.truncate_left) config.set("truncation_side", "left");
  return config;
}

// A tokenizer.json that says what Hugging Face's BertTokenizer does, without the vocabulary.
Json plain_tokenizer(const BertTokenizer& tokenizer) {
  const BertTokenizerOptions& options = tokenizer.options();
  Json added = Json::array(), model = Json::object(), json = Json::object();
  std::vector<AddedToken> by_id = tokenizer.added_tokens();
  std::sort(by_id.begin(), by_id.end(),
            [](const AddedToken& a, const AddedToken& b) { return a.id < b.id; });
  for (const AddedToken& token : by_id) added.push(to_json(token));
  model.set("type", "WordPiece")
      .set("unk_token", options.unk)
      .set("continuing_subword_prefix", "##");
  model.set("max_input_chars_per_word", WordPieceOptions{}.max_input_chars_per_word);
  json.set("version", "1.0").set("truncation", Json()).set("padding", Json());
  json.set("added_tokens", std::move(added));
  json.set("normalizer",
           bert_normalizer(options.lower_case, options.strip_accents, options.space_chinese));
  json.set("pre_tokenizer", bert_pre_tokenizer());
  json.set("post_processor",
           bert_post_processor(options.cls, tokenizer.cls(), options.sep, tokenizer.sep()));
  return json.set("decoder", wordpiece_decoder()).set("model", std::move(model));
}

// The text of a tokenizer.json: `rest` with {"token": id, ...} as the vocabulary. Not through Json,
// so that a large vocabulary takes no more than its text.
std::string with_vocabulary(const Json& rest, const std::string& vocabulary) {
  std::string text = "{";
  for (const Json& field : rest.items()) {
    text += (text.size() > 1 ? ",\n" : "\n") + json_string(field.key()) + ":";
    std::string value = to_text(field);
    if (field.key() == "model") {
      value.pop_back();  // the brace
      value += (field.size() ? ",\"vocab\":" : "\"vocab\":") + vocabulary + "}";
    }
    text += value;
  }
  return text + "\n}\n";
}

void remove_file(const std::string& path) {
  std::error_code error;  // none if there is no such file
  std::filesystem::remove(path, error);
  if (error) fail_for(path, "can't be removed", error.value());
}

void write_or_remove(const std::string& path, const Json& json) {
  if (json.is_null()) remove_file(path);
  else write_file_atomically(path, to_text(json, 2) + "\n");
}

}  // namespace

BertTokenizer BertTokenizer::from_vocab(const std::string& file, BertTokenizerOptions options) {
  return BertTokenizer(read_vocab_txt(file), std::move(options), file);
}

BertTokenizer BertTokenizer::from_pretrained(const std::string& folder) {
  return BertTokenizer(read_tokenizer_folder(folder));
}

void BertTokenizer::save_pretrained(const std::string& folder) const {
  std::string lines, entries;
  bool fits_lines = true;  // no token has a line end within or whitespace at its end
  for (int32_t id = 0; id < model_size_; ++id) {
    const std::string& text = token(id);
    lines += text + "\n";
    fits_lines = fits_lines && text.find('\n') == text.npos && without_space_at_end(text) == text;
    if (wordpiece_->find(text) == id)
      entries += (entries.empty() ? "\n" : ",\n") + json_string(text) + ":" + std::to_string(id);
  }
  const bool fresh = files_->config.is_null() && files_->tokenizer.is_null();
  Json config = files_->config, names = files_->special_tokens_map;
  if (config.is_null() && files_->pipeline_counts)
    config = Json::object().set("tokenizer_class", "PreTrainedTokenizerFast");
  else if (fresh) config = plain_config(options_);
  if (fresh && names.is_null()) names = special_names(options_);
  const std::string vocab = folder + "/vocab.txt";
  if (fits_lines) write_file_atomically(vocab, lines);
  else remove_file(vocab);
  write_or_remove(folder + "/tokenizer_config.json", config);
  write_or_remove(folder + "/special_tokens_map.json", names);
  write_or_remove(folder + "/added_tokens.json", files_->added_tokens);
  write_file_atomically(
      folder + "/tokenizer.json",
      with_vocabulary(files_->tokenizer.is_null() ? plain_tokenizer(*this) : files_->tokenizer,
                      "{" + entries + "}"));
}

}  // namespace cairn
