// The files of sentence-transformers, and its poolings.
#include "models/bert/more/sentence.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "core/error.h"
#include "core/io/file_kind.h"
#include "core/io/files.h"
#include "models/bert/config_fields.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

namespace fs = std::filesystem;

struct NamedPooling {
  const char* mode;  // of pooling_mode, as written today
  const char* flag;  // the field that older files set to true
  Pooling pooling;
};

// In the order in which sentence-transformers puts the vectors one after the other.
constexpr NamedPooling poolings[] = {
    {"cls", "pooling_mode_cls_token", Pooling::cls},
    {"max", "pooling_mode_max_tokens", Pooling::max},
    {"mean", "pooling_mode_mean_tokens", Pooling::mean},
    {"mean_sqrt_len_tokens", "pooling_mode_mean_sqrt_len_tokens", Pooling::mean_sqrt_len},
    {"weightedmean", "pooling_mode_weightedmean_tokens", Pooling::weighted_mean},
    {"lasttoken", "pooling_mode_lasttoken", Pooling::last},
};

Json read_object(const std::string& path) {
  const Json json = read_settings(path);
  if (!json.is_object()) json.fail_here("not an object", "write {\"key\": value, ...}");
  return json;
}

Pooling pooling_named(const Json& mode) {
  const std::string name = mode.as_string();
  std::string all;
  for (const NamedPooling& p : poolings) {
    if (name == p.mode) return p.pooling;
    all += (all.empty() ? "" : ", ") + std::string(p.mode);
  }
  mode.fail_here("not a pooling that Cairn has", all);
}

// pooling_mode, one name or a list, counts if it is there, else the flags; without any, the mean.
void read_pooling(const std::string& path, SentenceOptions& options) {
  const Json json = read_object(path);
  std::vector<Pooling> flagged, named;
  for (const NamedPooling& p : poolings)
    if (json.get(p.flag, false)) flagged.push_back(p.pooling);
  if (const Json* mode = json.find("pooling_mode")) {
    if (mode->is_array())
      for (const Json& one : mode->items()) named.push_back(pooling_named(one));
    else named.push_back(pooling_named(*mode));
  }
  if (!named.empty() || !flagged.empty()) options.pooling = named.empty() ? flagged : named;
  for (const Json& field : json.items()) {
    const std::string key = field.key();
    const bool known = key == "pooling_mode" || key == "include_prompt" ||
                       key == "word_embedding_dimension" || key == "embedding_dimension" ||
                       std::any_of(std::begin(poolings), std::end(poolings),
                                   [&](const NamedPooling& p) { return key == p.flag; });
    if (!known && key.starts_with("pooling_mode"))
      field.fail_here("a way of pooling that Cairn does not have");
    if (!known) options.notes.push_back(note_unknown(field));
  }
}

// How sentence-transformers passes its data on from one part to the next.
bool passes_data_on(const std::string& key) {
  return key == "modality_config" || key == "module_output_name" || key == "unpad_inputs";
}

// sentence_bert_config.json: how the Transformer reads a text.
void read_transformer(const std::string& path, SentenceOptions& options) {
  const Json json = read_object(path);
  for (const Json& field : json.items()) {
    const std::string key = field.key();
    if (field.is_null()) continue;
    if (key == "max_seq_length") {
      options.max_length = field.as_int(2, 1 << 30);
    } else if (key == "do_lower_case") {
      options.lower_case = field.as_bool();
    } else if (key == "transformer_task") {
      if (field.as_string() != "feature-extraction")
        field.fail_here("which Cairn can't do", "\"feature-extraction\" gives sentence vectors");
    } else if (!passes_data_on(key) && !(field.is_object() && field.size() == 0)) {
      options.notes.push_back(note_unknown(field));
    }
  }
}

// A prompt is put before every text and changes every vector.
void check_prompts(const std::string& path) {
  const Json json = read_object(path);
  if (json.get("model_type", "SentenceTransformer") != "SentenceTransformer")
    json.at("model_type")
        .fail_here("not \"SentenceTransformer\"", "it gives no vectors of sentences");
  const Json* name = json.find("default_prompt_name");
  if (name && !name->is_null())
    name->fail_here("but Cairn puts no prompt before a text",
                    "set it to null and write the prompt into the texts");
}

// A module's own folder. A path that leads out of the model's folder could lead anywhere.
std::string folder_of(const std::string& folder, const Json& module) {
  const fs::path path = module.get("path", "");
  if (path.empty()) return folder;
  if (path.is_absolute() || std::find(path.begin(), path.end(), "..") != path.end())
    module.at("path").fail_here("not a folder in the model's folder");
  return folder + "/" + path.string();
}

// The class's name alone: sentence_transformers.models.Pooling, or where newer versions keep it.
std::string kind_of(const Json& module) {
  const std::string type = module.at("type").as_string();
  return type.substr(type.rfind('.') + 1);
}

void read_modules(const std::string& folder, const std::string& path, SentenceOptions& options) {
  const Json modules = read_settings(path);
  if (!modules.is_array()) modules.fail_here("not a list of modules");
  options.normalize = false;
  bool pooled = false;
  for (size_t i = 0; i < modules.size(); ++i) {
    const Json& module = modules[i];
    const std::string kind = kind_of(module);
    if (i == 0 && kind == "Transformer") {
      options.model_folder = folder_of(folder, module);
    } else if (i == 1 && kind == "Pooling") {
      const std::string config = folder_of(folder, module) + "/config.json";
      if (has_file(config)) read_pooling(config, options);
      pooled = true;
    } else if (i >= 2 && kind == "Normalize") {
      options.normalize = true;
    } else if (kind != "Dropout") {  // which does nothing outside of training
      module.at("type").fail_here("not supported as module " + std::to_string(i) + " of the model",
                                  "Cairn does Transformer, Pooling, Normalize, in this order");
    }
  }
  if (!pooled) fail(path, "names no Pooling", "Transformer, Pooling, Normalize, in this order");
}

double weight_of(Pooling pooling, int64_t t, int64_t count) {
  const auto n = static_cast<double>(count);
  switch (pooling) {
    case Pooling::cls: return t == 0;
    case Pooling::last: return t == count - 1;
    case Pooling::mean: return 1 / n;
    case Pooling::mean_sqrt_len: return 1 / std::sqrt(n);
    case Pooling::weighted_mean: return static_cast<double>(t + 1) / (n * (n + 1) / 2);
    case Pooling::max: break;
  }
  return 0;
}

double pooled(Pooling pooling, const real* column, int64_t count, int64_t size) {
  double result = pooling == Pooling::max ? -INFINITY : 0;
  for (int64_t t = 0; t < count; ++t) {
    const auto x = static_cast<double>(column[t * size]);
    result =
        pooling == Pooling::max ? std::max(result, x) : result + weight_of(pooling, t, count) * x;
  }
  return result;
}

}  // namespace

SentenceOptions SentenceOptions::load(const std::string& folder) {
  SentenceOptions options;
  options.model_folder = folder;
  const std::string modules = folder + "/modules.json", pooling = folder + "/1_Pooling/config.json";
  const std::string prompts = folder + "/config_sentence_transformers.json";
  if (has_file(modules)) read_modules(folder, modules, options);
  else if (has_file(pooling)) read_pooling(pooling, options);
  const std::string transformer = options.model_folder + "/sentence_bert_config.json";
  if (has_file(transformer)) read_transformer(transformer, options);
  if (has_file(prompts)) check_prompts(prompts);
  return options;
}

std::vector<float> sentence_vector(const real* hidden, int64_t count, int64_t size,
                                   const SentenceOptions& options) {
  std::vector<double> vector;
  for (const Pooling pooling : options.pooling)
    for (int64_t c = 0; c < size; ++c) vector.push_back(pooled(pooling, hidden + c, count, size));
  double squares = 0;
  for (const double x : vector) squares += x * x;
  const double length = options.normalize ? std::max(std::sqrt(squares), 1e-12) : 1;
  std::vector<float> result;
  for (const double x : vector) result.push_back(static_cast<float>(x / length));
  return result;
}

}}  // namespace cairn::CAIRN_PRECISION
