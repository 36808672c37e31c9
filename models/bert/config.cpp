// Reading, checking and writing config.json of a BERT.
#include "models/bert/config.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <set>
#include <string_view>

#include "core/error.h"
#include "core/io/file_kind.h"
#include "core/io/files.h"
#include "models/bert/config_fields.h"
#include "nn/activation.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

constexpr int64_t max_rows = 1 << 30, max_columns = 1 << 20, max_layers = 10'000;
constexpr int64_t max_labels = 100'000;

// The members that are sizes, with their bounds.
struct Size {
  const char* name;
  int64_t BertConfig::*member;
  int64_t min, max;
};
constexpr Size sizes[] = {
    {"vocab_size", &BertConfig::vocab_size, 1, max_rows},
    {"hidden_size", &BertConfig::hidden_size, 1, max_columns},
    {"num_hidden_layers", &BertConfig::num_hidden_layers, 0, max_layers},
    {"num_attention_heads", &BertConfig::num_attention_heads, 1, max_columns},
    {"intermediate_size", &BertConfig::intermediate_size, 1, max_columns},
    {"max_position_embeddings", &BertConfig::max_position_embeddings, 1, max_rows},
    {"type_vocab_size", &BertConfig::type_vocab_size, 1, max_rows},
};

bool is_dropout(double p) { return p >= 0 && p < 1; }  // false for NaN

double probability(const Json& json, const char* key, double default_value) {
  const Json* field = json.find(key);
  if (!field || field->is_null()) return default_value;
  const double p = field->as_double();
  if (!is_dropout(p)) field->fail_here("not a probability of dropping", "0 <= p < 1");
  return p;
}

// A label's name. Other JSON values become the text that Python makes of them.
std::string label_name(const Json& label) {
  if (label.is_string()) return label.as_string();
  if (label.is_bool()) return label.as_bool() ? "True" : "False";
  if (!label.is_number()) label.fail_here("not the name of a label", "write a text");
  return to_text(label);
}

// {"0": "negative", "1": "positive"}: the keys are 0 .. n - 1 in any order.
std::vector<std::string> label_names(const Json& id2label) {
  std::vector<std::string> names(id2label.size());
  std::vector<bool> seen(names.size(), false);
  for (const Json& label : id2label.items()) {
    const std::string key = label.key();
    size_t id = names.size();
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), id);
    if (error != std::errc() || end != key.data() + key.size() || id >= names.size() || seen[id])
      label.fail_here("the keys of id2label are not 0, 1, 2, ...", "number the labels from 0");
    seen[id] = true;
    names[id] = label_name(label);
  }
  return names;
}

// label2id matters only where it contradicts id2label: there Hugging Face's models go by id2label,
// and so does Cairn.
void note_label2id(const Json& label2id, BertConfig& config) {
  if (!label2id.is_object())
    label2id.fail_here("not an object of numbers", "leave label2id out: id2label says the same");
  for (const Json& id : label2id.items()) {
    const bool right = id.is_int() && id.as_int() >= 0 && id.as_int() < config.num_labels() &&
                       config.id2label[static_cast<size_t>(id.as_int())] == id.key();
    if (right) continue;
    config.notes.push_back(id.place() + ": label2id contradicts id2label in " +
                           json_string(id.key().substr(0, 100)) + "; id2label counts");
    return;
  }
}

void read_labels(const Json& json, BertConfig& config) {
  const Json* names = json.find("id2label");
  const Json* count = json.find("num_labels");
  if (names && !names->is_null()) {
    if (!names->is_object() || names->size() == 0 ||
        names->size() > static_cast<size_t>(max_labels))
      names->fail_here("not an object of label names", "write {\"0\": \"negative\", ...}");
    config.id2label = label_names(*names);
    if (count && !count->is_null() && count->as_int() != config.num_labels())
      count->fail_here("but id2label names " + std::to_string(config.num_labels()) + " labels",
                       "leave num_labels out");
  } else if (count && !count->is_null()) {
    config.set_num_labels(count->as_int(1, max_labels));
  }
  const Json* numbers = json.find("label2id");
  if (numbers && !numbers->is_null()) note_label2id(*numbers, config);
}

// In the order of Problem.
constexpr const char* problems[] = {"single_label_classification", "multi_label_classification",
                                    "regression"};
constexpr const char* problem_types =
    "single_label_classification, multi_label_classification or regression";

bool is_problem_type(const std::string& name) {
  return std::find(std::begin(problems), std::end(problems), name) != std::end(problems);
}

// Keeps the two tables of labels as they were read, if the labels are still the same.
void write_labels(const BertConfig& config, Json& json) {
  const Json* names = json.find("id2label");
  const bool both = names && names->is_object() && json.find("label2id");
  if (both && label_names(*names) == config.id2label) return;
  Json by_id = Json::object(), by_name = Json::object();
  std::set<std::string_view> written;  // a name of several labels stands for the first
  for (size_t i = 0; i < config.id2label.size(); ++i) {
    by_id.add(std::to_string(i), config.id2label[i]);
    if (written.insert(config.id2label[i]).second) by_name.add(config.id2label[i], i);
  }
  json.set("id2label", by_id);
  json.set("label2id", by_name);
}

std::string in_gigabytes(double bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g GB", bytes / 1e9);
  return text;
}

}  // namespace

const char* to_string(Problem problem) { return problems[static_cast<size_t>(problem)]; }

Problem BertConfig::problem() const {
  if (problem_type == to_string(Problem::multi_label)) return Problem::multi_label;
  if (problem_type == to_string(Problem::single_label)) return Problem::single_label;
  return problem_type.empty() && num_labels() > 1 ? Problem::single_label : Problem::regression;
}

void BertConfig::set_num_labels(int64_t count) {
  if (count < 1 || count > max_labels)
    fail("BertConfig", "a head of " + std::to_string(count) + " labels",
         "from 1 to " + std::to_string(max_labels));
  id2label.clear();
  for (int64_t i = 0; i < count; ++i) id2label.push_back("LABEL_" + std::to_string(i));
}

void BertConfig::set_dropout(double p) {
  hidden_dropout_prob = attention_probs_dropout_prob = p;
  classifier_dropout.reset();
}

BertConfig BertConfig::from_json(const Json& json) {
  if (!json.is_object())
    json.fail_here("not an object", "a configuration is {\"key\": value, ...}");
  if (json.get("model_type", "bert") != "bert")
    json.at("model_type").fail_here("not \"bert\"", "this model is another kind of Transformer");
  BertConfig c;
  c.file = json;
  c.notes = notes_on_fields(json);
  for (const Size& size : sizes)
    if (const Json* field = json.find(size.name); field && !field->is_null())
      c.*size.member = field->as_int(size.min, size.max);
  c.hidden_act = json.get("hidden_act", c.hidden_act);
  if (!activation(c.hidden_act))
    json.at("hidden_act").fail_here("not an activation that Cairn has", activation_names());
  c.hidden_dropout_prob = probability(json, "hidden_dropout_prob", c.hidden_dropout_prob);
  c.attention_probs_dropout_prob =
      probability(json, "attention_probs_dropout_prob", c.attention_probs_dropout_prob);
  if (const Json* p = json.find("classifier_dropout"); p && !p->is_null())
    c.classifier_dropout = probability(json, "classifier_dropout", 0);
  c.initializer_range = json.get("initializer_range", c.initializer_range);
  c.layer_norm_eps = json.get("layer_norm_eps", c.layer_norm_eps);
  c.is_decoder = json.get("is_decoder", c.is_decoder);
  c.tie_word_embeddings = json.get("tie_word_embeddings", c.tie_word_embeddings);
  c.problem_type = json.get("problem_type", c.problem_type);
  if (!c.problem_type.empty() && !is_problem_type(c.problem_type))
    json.at("problem_type").fail_here("not a problem type", problem_types);
  c.task = json.get("cairn_task", c.task);
  read_labels(json, c);
  c.check(json.place());
  return c;
}

BertConfig BertConfig::load(const std::string& folder) {
  const std::string path = folder + "/config.json";
  (void)has_file(path);  // Error if it is a pipe, which would never end
  return from_json(read_settings(path));
}

void BertConfig::check(const std::string& place) const {
  for (const Size& size : sizes)
    if (this->*size.member < size.min || this->*size.member > size.max)
      fail(place, std::string(size.name) + " is " + std::to_string(this->*size.member),
           "from " + std::to_string(size.min) + " to " + std::to_string(size.max));
  if (hidden_size % num_attention_heads != 0) {
    fail(place,
         "hidden_size " + std::to_string(hidden_size) + " is not divisible by " +
             std::to_string(num_attention_heads) + " heads",
         "num_attention_heads must divide hidden_size");
  }
  if (!activation(hidden_act))
    fail(place, "there is no activation " + json_string(hidden_act), activation_names());
  if (!is_dropout(hidden_dropout_prob) || !is_dropout(attention_probs_dropout_prob) ||
      !is_dropout(head_dropout()))
    fail(place, "a dropout is not a probability of dropping", "0 <= p < 1");
  if (!(layer_norm_eps > 0) || !std::isfinite(layer_norm_eps))
    fail(place, "layer_norm_eps is " + std::to_string(layer_norm_eps), "BERT's is 1e-12");
  if (!(initializer_range > 0) || !std::isfinite(initializer_range))
    fail(place, "initializer_range is " + std::to_string(initializer_range), "BERT's is 0.02");
  if (num_labels() < 1 || num_labels() > max_labels)
    fail(place, "id2label has " + std::to_string(num_labels()) + " labels",
         "from 1 to " + std::to_string(max_labels));
  if (!problem_type.empty() && !is_problem_type(problem_type))
    fail(place, "problem_type is " + json_string(problem_type), problem_types);
  if (problem_type == to_string(Problem::single_label) && num_labels() == 1)
    fail(place, "problem_type is " + problem_type + ", but there is only one label",
         "a single output is a regression; to tell two classes apart give two labels");
}

void BertConfig::check_memory(const std::string& place, double bytes_per_parameter) const {
  const double head = static_cast<double>(num_labels()) * static_cast<double>(hidden_size);
  const double needed = (encoder_parameters() + head) * bytes_per_parameter;
  const double there =
      static_cast<double>(sysconf(_SC_PHYS_PAGES)) * static_cast<double>(sysconf(_SC_PAGESIZE));
  if (needed <= there) return;
  fail(place,
       "describes a model that takes " + in_gigabytes(needed) + ", this machine has " +
           in_gigabytes(there) + " of memory",
       "fewer or narrower layers, or a smaller vocabulary");
}

const BertConfig& checked(const BertConfig& config) {
  config.check("BertConfig");
  config.check_memory("BertConfig", sizeof(real));
  return config;
}

Json BertConfig::to_json(const std::string& architecture) const {
  Json json = file;
  if (!architecture.empty()) json.set("architectures", Json::array({Json(architecture)}));
  json.set("model_type", "bert");
  for (const Size& size : sizes) json.set(size.name, this->*size.member);
  json.set("hidden_act", hidden_act);
  json.set("hidden_dropout_prob", hidden_dropout_prob);
  json.set("attention_probs_dropout_prob", attention_probs_dropout_prob);
  json.set("classifier_dropout", classifier_dropout ? Json(*classifier_dropout) : Json());
  json.set("initializer_range", initializer_range);
  json.set("layer_norm_eps", layer_norm_eps);
  json.set("is_decoder", is_decoder);
  if (!json.find("pad_token_id")) json.set("pad_token_id", 0);
  write_labels(*this, json);
  if (json.find("num_labels")) json.set("num_labels", num_labels());
  if (!problem_type.empty()) json.set("problem_type", problem_type);
  if (!task.empty()) json.set("cairn_task", task);
  // Weights are written as Cairn computes, whatever they were read from.
  const char* dtype = sizeof(real) == 4 ? "float32" : "float64";
  json.set("dtype", dtype);
  if (json.find("torch_dtype")) json.set("torch_dtype", dtype);
  if (json.find("tie_word_embeddings")) json.set("tie_word_embeddings", tie_word_embeddings);
  return json;
}

double BertConfig::encoder_parameters() const {
  const double H = static_cast<double>(hidden_size), I = static_cast<double>(intermediate_size);
  const double tables = static_cast<double>(vocab_size) +
                        static_cast<double>(max_position_embeddings) +
                        static_cast<double>(type_vocab_size);
  const double layer = 4 * (H * H + H) + 2 * H * I + I + H + 4 * H;
  return (tables + 2) * H + static_cast<double>(num_hidden_layers) * layer;
}

}}  // namespace cairn::CAIRN_PRECISION
