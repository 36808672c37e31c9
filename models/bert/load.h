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

#include "core/io/model_files.h"
#include "models/bert/heads.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct LoadReport {
  std::vector<std::string> created;  // parameters of a head that the file lacks: newly drawn
  std::vector<std::string> unused;   // tensors of the file that this model does not have
};

struct LoadOptions {
  int64_t num_labels = 0;              // of the head; 0: as many as config.json names
  bool new_head = false;               // draw a new head, even if the file has one
  bool requires_grad = true;           // of the parameters; false: to read or apply the model only
  LoadReport* report = nullptr;        // filled, unless null
  Random* random = &default_random();  // what a new head is drawn from
};

// Fills the parameters of `model` from `weights`; `prefix` is what their names lack to be those of
// a model with a head. Error, listing all faults with the nearest name for each, if the file lacks
// a parameter of the encoder or a part of a head, has something of the encoder that the model
// lacks, a shape differs, or its numbers are integers; and naming tensor and index, if a number is
// NaN or infinite. A head that is missing as a whole, or with options.new_head any head, is drawn
// from a truncated normal distribution of deviation `std`.
LoadReport load_bert(Module& model, const std::string& prefix, const ModelFiles& weights,
                     const std::string& folder, double std, const LoadOptions& options = {});

// Error if the file can't hold a model of this size, so that a damaged config allocates nothing.
void check_size(const BertConfig& config, const ModelFiles& weights, const std::string& folder);

// The model in `folder`, in evaluation mode, as `config` describes it: the folder's own, perhaps
// with other labels or dropout rates, for fine-tuning.
template <class M>
M from_pretrained(const std::string& folder, BertConfig config, const LoadOptions& options = {}) {
  const ModelFiles weights(folder);
  if (options.num_labels != 0 && options.num_labels != config.num_labels())
    config.set_num_labels(options.num_labels);
  check_size(config, weights, folder);
  M model(config, Init::none());
  const LoadReport result =
      load_bert(model, M::prefix, weights, folder, config.initializer_range, options);
  if (options.report) *options.report = result;
  if (!options.requires_grad) model.set_trainable("", false);
  model.eval();
  return model;
}

// The same with the configuration that the folder has:
//   auto model = from_pretrained<BertForSequenceClassification>(
//       folder, {.num_labels = 5, .new_head = true});
template <class M>
M from_pretrained(const std::string& folder, const LoadOptions& options) {
  return from_pretrained<M>(folder, BertConfig::load(folder), options);
}
template <class M>
M from_pretrained(const std::string& folder, LoadReport* report = nullptr) {
  return from_pretrained<M>(folder, BertConfig::load(folder), LoadOptions{.report = report});
}

// Writes config.json and model.safetensors into `folder`, which is made if it does not exist. Each
// file is written aside and renamed when complete.
void save_bert(Module& model, const std::string& architecture, const BertConfig& config,
               const std::string& folder);

// The same for a model of one of the classes in heads.h, or BertModel itself.
template <class M>
void save_pretrained(M& model, const BertConfig& config, const std::string& folder) {
  save_bert(model, M::architecture, config, folder);
}

}}  // namespace cairn::CAIRN_PRECISION
