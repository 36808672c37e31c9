// Reading, checking and writing config.json of a BERT.
#include "models/bert/config.h"

#include <cmath>

#include "core/error.h"
#include "core/io/files.h"
#include "nn/activation.h"

namespace cairn::inline CAIRN_PRECISION {
namespace {

constexpr int64_t most_rows = 1 << 30, most_columns = 1 << 20, most_layers = 10'000;

int64_t size_field(const Json& json, const char* key, int64_t otherwise, int64_t least,
                   int64_t most) {
  const Json* field = json.find(key);
  return field && !field->is_null() ? field->as_int(least, most) : otherwise;
}

double probability(const Json& json, const char* key, double otherwise) {
  const Json* field = json.find(key);
  if (!field || field->is_null()) return otherwise;
  const double p = field->as_double();
  if (!(p >= 0 && p < 1)) field->fail_here("not a probability of dropping", "0 <= p < 1");
  return p;
}

// {"0": "negative", "1": "positive"}: the keys are 0 .. n - 1 in any order.
std::vector<std::string> label_names(const Json& id2label) {
  std::vector<std::string> names(id2label.size());
  std::vector<bool> seen(names.size(), false);
  for (const Json& label : id2label.items()) {
    size_t id = names.size();
    for (size_t i = 0; i < names.size() && id == names.size(); ++i)
      if (label.key() == std::to_string(i)) id = i;
    if (id == names.size() || seen[id])
      label.fail_here("the keys of id2label are not 0, 1, 2, ...", "number the labels from 0");
    seen[id] = true;
    names[id] = label.as_string();
  }
  return names;
}

void read_labels(const Json& json, BertConfig& config) {
  const Json* names = json.find("id2label");
  const Json* count = json.find("num_labels");
  if (names && !names->is_null()) {
    if (!names->is_object() || names->size() == 0 || names->size() > 100'000)
      names->fail_here("not an object of label names", "write {\"0\": \"negative\", ...}");
    config.id2label = label_names(*names);
    if (count && count->as_int() != config.num_labels())
      count->fail_here("but id2label names " + std::to_string(config.num_labels()) + " labels",
                       "leave num_labels out");
  } else if (count && !count->is_null()) {
    config.set_num_labels(count->as_int(1, 100'000));
  }
}

}  // namespace

void BertConfig::set_num_labels(int64_t count) {
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
  if (json.get("position_embedding_type", "absolute") != "absolute")
    json.at("position_embedding_type")
        .fail_here("not \"absolute\"", "Cairn's BERT has learned absolute positions only");
  BertConfig c;
  c.file = json;
  c.vocab_size = size_field(json, "vocab_size", c.vocab_size, 1, most_rows);
  c.hidden_size = size_field(json, "hidden_size", c.hidden_size, 1, most_columns);
  c.num_hidden_layers = size_field(json, "num_hidden_layers", c.num_hidden_layers, 0, most_layers);
  c.num_attention_heads =
      size_field(json, "num_attention_heads", c.num_attention_heads, 1, most_columns);
  c.intermediate_size = size_field(json, "intermediate_size", c.intermediate_size, 1, most_columns);
  c.max_position_embeddings =
      size_field(json, "max_position_embeddings", c.max_position_embeddings, 1, most_rows);
  c.type_vocab_size = size_field(json, "type_vocab_size", c.type_vocab_size, 1, most_rows);
  c.hidden_act = json.get("hidden_act", c.hidden_act);
  if (!activation(c.hidden_act))
    json.at("hidden_act").fail_here("unknown", "gelu, gelu_new, gelu_pytorch_tanh, relu or tanh");
  c.hidden_dropout_prob = probability(json, "hidden_dropout_prob", c.hidden_dropout_prob);
  c.attention_probs_dropout_prob =
      probability(json, "attention_probs_dropout_prob", c.attention_probs_dropout_prob);
  if (const Json* p = json.find("classifier_dropout"); p && !p->is_null())
    c.classifier_dropout = probability(json, "classifier_dropout", 0);
  c.initializer_range = json.get("initializer_range", c.initializer_range);
  c.layer_norm_eps = json.get("layer_norm_eps", c.layer_norm_eps);
  c.is_decoder = json.get("is_decoder", c.is_decoder);
  c.problem_type = json.get("problem_type", c.problem_type);
  c.task = json.get("cairn_task", c.task);
  read_labels(json, c);
  c.check(json.place());
  return c;
}

BertConfig BertConfig::load(const std::string& folder) {
  const std::string path = folder + "/config.json";
  return from_json(read_settings(path));
}

void BertConfig::check(const std::string& place) const {
  if (hidden_size % num_attention_heads != 0) {
    fail(place,
         "hidden_size " + std::to_string(hidden_size) + " is not divisible by " +
             std::to_string(num_attention_heads) + " heads",
         "num_attention_heads must divide hidden_size");
  }
  if (!(layer_norm_eps > 0) || !std::isfinite(layer_norm_eps))
    fail(place, "layer_norm_eps is " + std::to_string(layer_norm_eps), "BERT's is 1e-12");
  if (!(initializer_range > 0) || !std::isfinite(initializer_range))
    fail(place, "initializer_range is " + std::to_string(initializer_range), "BERT's is 0.02");
}

Json BertConfig::to_json(const std::string& architecture) const {
  Json json = file;
  if (!architecture.empty()) json.set("architectures", Json::array({Json(architecture)}));
  json.set("model_type", "bert");
  json.set("vocab_size", vocab_size);
  json.set("hidden_size", hidden_size);
  json.set("num_hidden_layers", num_hidden_layers);
  json.set("num_attention_heads", num_attention_heads);
  json.set("intermediate_size", intermediate_size);
  json.set("max_position_embeddings", max_position_embeddings);
  json.set("type_vocab_size", type_vocab_size);
  json.set("hidden_act", hidden_act);
  json.set("hidden_dropout_prob", hidden_dropout_prob);
  json.set("attention_probs_dropout_prob", attention_probs_dropout_prob);
  json.set("classifier_dropout", classifier_dropout ? Json(*classifier_dropout) : Json());
  json.set("initializer_range", initializer_range);
  json.set("layer_norm_eps", layer_norm_eps);
  json.set("is_decoder", is_decoder);
  if (!json.find("pad_token_id")) json.set("pad_token_id", 0);

  Json names = Json::object(), numbers = Json::object();
  for (size_t i = 0; i < id2label.size(); ++i) {
    names.set(std::to_string(i), id2label[i]);
    numbers.set(id2label[i], i);
  }
  json.set("id2label", names);
  json.set("label2id", numbers);
  if (json.find("num_labels")) json.set("num_labels", num_labels());
  if (!problem_type.empty()) json.set("problem_type", problem_type);
  if (!task.empty()) json.set("cairn_task", task);
  // Weights are written as Cairn computes, whatever they were read from, and the words' table once.
  const char* dtype = sizeof(real) == 4 ? "float32" : "float64";
  json.set("dtype", dtype);
  if (json.find("torch_dtype")) json.set("torch_dtype", dtype);
  if (json.find("tie_word_embeddings")) json.set("tie_word_embeddings", true);
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

}  // namespace cairn::inline CAIRN_PRECISION
