#pragma once
// Loading a BERT from a Hugging Face folder (config.json, model.safetensors) and saving one that
// Hugging Face loads.
//
//   LoadReport report;
//   auto model = from_pretrained<BertForSequenceClassification>("data/minilm-l6", &report);
//   for (const std::string& name : report.created) ...          // "classifier.weight", ...
//
// The file's names may have the prefix "bert." or lack it, and LayerNorm's parameters may have
// their old names gamma and beta; numbers may be f32, f64, f16 or bf16.
#include <string>
#include <vector>

#include "core/io/checkpoint.h"
#include "models/bert/heads.h"

namespace cairn::inline CAIRN_PRECISION {

struct LoadReport {
  std::vector<std::string> created;  // parameters of a head that the file lacks: drawn anew
  std::vector<std::string> unused;   // tensors of the file for which this model has no place
};

// Fills the parameters of `model` from `weights`; `prefix` is what their names lack to be those of
// a model with a head. Error, listing all at once with the nearest name for each, if the file lacks
// a parameter of the encoder or a part of a head, holds something of the encoder that the model has
// not, or a shape differs. A head that is missing as a whole is drawn from `init`.
LoadReport load_bert(Module& model, const std::string& prefix, const Checkpoint& weights,
                     const std::string& folder, const Init& init);

// Error if the file can't hold a model of this size: so a damaged config allocates nothing.
void check_size(const BertConfig& config, const Checkpoint& weights, const std::string& folder);

// The model in `folder`, in evaluation mode, as `config` describes it: the folder's own with other
// labels or dropouts, for fine-tuning.
template <class M>
M from_pretrained(const std::string& folder, const BertConfig& config, LoadReport* report = nullptr,
                  Random& random = default_random()) {
  const Checkpoint weights(folder);
  check_size(config, weights, folder);
  M model(config, Init::none());
  const Init init{.std = config.initializer_range, .random = &random};
  const LoadReport result = load_bert(model, M::prefix, weights, folder, init);
  if (report) *report = result;
  model.eval();
  return model;
}

// The same with the configuration that the folder has.
template <class M>
M from_pretrained(const std::string& folder, LoadReport* report = nullptr) {
  return from_pretrained<M>(folder, BertConfig::load(folder), report);
}

// Writes config.json and model.safetensors into `folder`, which is made if it does not exist. Each
// file is written aside and renamed when whole.
void save_bert(Module& model, const std::string& architecture, const BertConfig& config,
               const std::string& folder);

// The same for a model of one of the classes in heads.h, or BertModel itself.
template <class M>
void save_pretrained(M& model, const BertConfig& config, const std::string& folder) {
  save_bert(model, M::architecture, config, folder);
}

}  // namespace cairn::inline CAIRN_PRECISION
