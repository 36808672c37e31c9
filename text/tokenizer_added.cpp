// Collecting added tokens from all places that may name them, in Transformers' order.
#include "text/tokenizer_added.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <map>
#include <set>

#include "core/error.h"

namespace cairn {
namespace {

constexpr int64_t max_id = std::numeric_limits<int32_t>::max();

// A token given as "[CLS]" or as {"content": "[CLS]", ...}.
AddedToken special_token(const Json& json) {
  AddedToken token;
  if (json.is_object()) token = read_added_token(json);
  else token.text = json.as_string();
  token.special = true;
  if (!json.is_object() || !json.find("normalized")) token.normalized = false;
  return token;
}

int64_t id_of_key(const Json& json) {
  const std::string key = json.key();
  int64_t id = -1;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), id);
  if (error != std::errc() || end != key.data() + key.size() || id < 0 || id > max_id)
    json.fail_here("an added token under a key that is not an id");
  return id;
}

// A member that is a list or an object and has anything in it, or null.
const Json* not_empty(const Json& json, const char* key) {
  const Json* value = json.find(key);
  return value && !value->is_null() && value->size() > 0 ? value : nullptr;
}

// The settings that name a special token, with their defaults, in the order in which Transformers
// adds them.
std::array<std::pair<std::string, std::string>, 7> keys_of(const BertTokenizerOptions& options) {
  return {{{"bos_token", ""},
           {"eos_token", ""},
           {"unk_token", options.unk},
           {"sep_token", options.sep},
           {"pad_token", options.pad},
           {"cls_token", options.cls},
           {"mask_token", options.mask}}};
}

class Collector {
 public:
  Collector(const Json& settings, const Json& whole, const TokenizerParts& parts)
      : settings_(settings),
        parts_(parts),
        listed_(whole.is_object() ? not_empty(whole, "added_tokens") : nullptr),
        named_(nullptr),
        extra_(not_empty(settings, "extra_special_tokens")) {
    if (extra_ && extra_->is_object()) std::swap(named_, extra_);
    if (!extra_) extra_ = not_empty(settings, "additional_special_tokens");
  }

  std::vector<DeclaredToken> collect() {
    if (parts_.files.pipeline_counts && listed_)  // the file is loaded first, in its own order
      for (const Json& json : listed_->items()) add(listed_token(json), json.place(), true);
    add_declared();
    add_named();
    add_extra();
    return std::move(added_);
  }

 private:
  AddedToken listed_token(const Json& json) const;
  void declare(AddedToken token, const Json& json);
  void declare_older();
  void add(AddedToken token, const std::string& place, bool declared);
  void add_declared();
  std::vector<const Json*> names_of_own() const;
  void add_named();
  void add_extra();

  const Json& settings_;
  const TokenizerParts& parts_;
  const Json* listed_;  // "added_tokens" of tokenizer.json, or null
  const Json* named_;   // {"query_token": "[Q]", ...}, or null
  const Json* extra_;   // a list of further special tokens, or null
  std::map<int32_t, DeclaredToken> declared_;
  std::vector<DeclaredToken> added_;
  std::map<std::string, size_t> index_;  // in added_, by text
};

AddedToken Collector::listed_token(const Json& json) const {
  AddedToken token = read_added_token(json);
  token.id = static_cast<int32_t>(json.at("id").as_int(0, max_id));
  return token;
}

void Collector::declare(AddedToken token, const Json& json) {
  const auto [at, is_new] = declared_.emplace(token.id, DeclaredToken{token, json.place()});
  if (!is_new && at->second.token.text != token.text)
    json.fail_here("an added token with the id of " + json_string(at->second.token.text) + " at " +
                       at->second.place,
                   "give each its own id");
  at->second = {std::move(token), json.place()};
}

// added_tokens.json ({"zorbex": 895}) and tokenizer.json, which knows more of a token. A token of
// the former is special if it is named elsewhere, as a text or in special_tokens_map.json.
void Collector::declare_older() {
  std::set<std::string> special;
  const Json& map = parts_.files.special_tokens_map;
  for (const auto& [key, default_text] : keys_of(parts_.options)) {
    const Json* value = settings_.find(key);
    if (value && (value->is_string() || (map.is_object() && map.find(key) && value->is_object())))
      special.insert(special_token(*value).text);
  }
  if (extra_ && extra_->key() == "extra_special_tokens")
    for (const Json& json : extra_->items()) special.insert(special_token(json).text);
  if (parts_.files.added_tokens.is_object())
    for (const Json& json : parts_.files.added_tokens.items()) {
      AddedToken token;
      token.text = json.key();
      token.id = static_cast<int32_t>(json.as_int(0, max_id));
      token.special = special.contains(token.text);
      token.normalized = !token.special;
      declare(std::move(token), json);
    }
  if (listed_)
    for (const Json& json : listed_->items()) declare(listed_token(json), json);
}

void Collector::add_declared() {
  if (const Json* decoder = settings_.find("added_tokens_decoder")) {
    for (const Json& json : decoder->items()) {
      AddedToken token = read_added_token(json);
      token.id = static_cast<int32_t>(id_of_key(json));
      declare(std::move(token), json);
    }
  } else {
    declare_older();
  }
  for (const auto& [id, declared] : declared_) add(declared.token, declared.place, true);
}

// Adds a token or, where it is known, what this place says of it.
void Collector::add(AddedToken token, const std::string& place, bool declared) {
  if (token.text.empty()) return;
  const auto [at, is_new] = index_.emplace(token.text, added_.size());
  if (is_new) return added_.push_back({std::move(token), place});
  DeclaredToken& known = added_[at->second];
  token.special = known.token.special = known.token.special || token.special;
  if (!declared) return;
  if (known.token.normalized != token.normalized || known.token.id != token.id)
    fail(place,
         "the added token " + json_string(token.text) + " is described differently at " +
             known.place,
         "make the two the same");
  known.token = std::move(token);
}

// The members of an object by key, for many look-ups; none if it is not an object.
std::map<std::string, const Json*> by_key(const Json& json) {
  std::map<std::string, const Json*> members;
  if (json.is_object())
    for (const Json& member : json.items()) members[member.key()] = &member;
  return members;
}

// A model's own names ("query_token") in the order in which Transformers adds them: those that
// tokenizer_config.json gives as texts come last, and special_tokens_map.json can't change them.
std::vector<const Json*> Collector::names_of_own() const {
  const Json& config = parts_.files.config;
  const Json& map = parts_.files.special_tokens_map;
  const auto settings = by_key(settings_), in_config = by_key(config);
  std::vector<const Json*> first, last;
  const auto add_first = [&first](const Json& name) {
    if (names_a_token(name)) first.push_back(&name);
  };
  if (config.is_object()) {
    for (const Json& name : config.items()) {
      if (!name.is_string()) add_first(*settings.at(name.key()));
      else if (names_a_token(name)) last.push_back(&name);
    }
  }
  if (map.is_object() && !settings_.find("added_tokens_decoder"))
    for (const Json& name : map.items()) {
      const auto before = in_config.find(name.key());
      const bool is_fixed = before != in_config.end() && before->second->is_string();
      add_first(is_fixed ? *before->second : name);
    }
  first.insert(first.end(), last.begin(), last.end());
  return first;
}

// A BertTokenizer has [CLS] and the other special tokens even if no file names them.
void Collector::add_named() {
  std::set<std::string> done;
  for (const auto& [key, default_text] : keys_of(parts_.options)) {
    done.insert(key);
    const Json* value = settings_.find(key);
    if (value && !value->is_null()) add(special_token(*value), value->place(), false);
    else if (!value && !parts_.files.pipeline_counts)
      add({.text = default_text, .special = true}, parts_.place, false);
  }
  for (const Json* name : names_of_own())
    if (!done.contains(name->key())) add(special_token(*name), name->place(), false);
  if (named_)
    for (const Json& json : named_->items()) add(special_token(json), json.place(), false);
}

// These add only what is new.
void Collector::add_extra() {
  if (!extra_) return;
  for (const Json& json : extra_->items()) {
    const AddedToken token = special_token(json);
    if (!index_.contains(token.text)) add(token, json.place(), false);
  }
}

}  // namespace

bool names_a_token(const Json& setting) {
  return setting.key().ends_with("_token") && (setting.is_string() || setting.is_object());
}

std::vector<DeclaredToken> collect_added_tokens(const Json& settings, const Json& whole,
                                                const TokenizerParts& parts) {
  return Collector(settings, whole, parts).collect();
}

}  // namespace cairn
