// Matching a model folder's tensors with a model's parameters by name.
#include "models/bert/load.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <set>

#include "core/error.h"
#include "core/io/json.h"
#include "core/io/tensor_file.h"
#include "core/nearest_name.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

bool replace_end(std::string& name, const std::string& old_end, const std::string& new_end) {
  if (!name.ends_with(old_end)) return false;
  name.replace(name.size() - old_end.size(), old_end.size(), new_end);
  return true;
}

// The name that a tensor of the file has in a model with a head, as it is written today.
std::string canonical(std::string name) {
  for (const char* part : {"embeddings.", "encoder.", "pooler."})
    if (name.starts_with(part)) {
      name = "bert." + name;
      break;
    }
  replace_end(name, "LayerNorm.gamma", "LayerNorm.weight") ||
      replace_end(name, "LayerNorm.beta", "LayerNorm.bias");
  return name;
}

std::string to_string(const std::vector<int64_t>& sizes) {
  std::string text;
  for (int64_t size : sizes) text += (text.empty() ? "" : ", ") + std::to_string(size);
  return "(" + text + (sizes.size() == 1 ? ",)" : ")");
}

bool is_encoder(const std::string& name) {
  return name.starts_with("bert.") && !name.starts_with("bert.pooler.");
}

// Whether it belongs to what a task puts on top. The pooler does not: it comes with the encoder.
bool is_head(const std::string& name) { return !name.starts_with("bert."); }

// The head that a parameter belongs to: "classifier", "cls.predictions", "bert.pooler", ...
std::string head_of(const std::string& name) {
  const bool two_parts = name.starts_with("cls.") || name.starts_with("bert.");
  const size_t dot = name.find('.', two_parts ? name.find('.') + 1 : 0);
  return name.substr(0, dot);
}

// The file's tensors by canonical name, without those that carry no information of their own.
struct Tensors {
  std::map<std::string, const TensorView*> by_name;
  std::vector<std::string> problems;
};

Tensors collect(const ModelFiles& weights) {
  Tensors tensors;
  for (const TensorView& view : weights.tensors()) {
    const std::string name = canonical(view.name);
    // 0, 1, 2, ...: a buffer that old versions of Transformers saved.
    if (name == "bert.embeddings.position_ids") continue;
    if (!tensors.by_name.emplace(name, &view).second)
      tensors.problems.push_back("twice: " + view.name);
  }
  return tensors;
}

// Parameters and tensors, paired by name.
struct Match {
  std::vector<std::pair<const TensorView*, Tensor>> found;
  NamedTensors missing;                           // of the encoder, or a part of a head
  NamedTensors fresh;                             // of a head that is missing as a whole
  std::vector<std::string> untied;                // lines on tensors that should be the same
  std::map<std::string, const TensorView*> left;  // tensors without a parameter
};

bool same_numbers(const TensorView& a, const TensorView& b) {
  return a.dtype == b.dtype && a.shape == b.shape && std::memcmp(a.bytes, b.bytes, a.size) == 0;
}

Match match(const NamedTensors& parameters, const std::string& prefix, const Tensors& tensors,
            bool new_head) {
  std::set<std::string> heads_in_file;
  for (const auto& [name, view] : tensors.by_name) heads_in_file.insert(head_of(name));
  Match m;
  m.left = tensors.by_name;
  std::map<const TensorImpl*, const TensorView*> sources;  // a shared parameter needs but one
  for (const NamedTensor& p : parameters) {
    const auto entry = tensors.by_name.find(prefix + p.name);
    if (entry == tensors.by_name.end() || (new_head && is_head(prefix + p.name))) continue;
    const TensorView& view = *entry->second;
    const auto [source, is_new] = sources.emplace(&p.tensor.impl(), &view);
    if (is_new) m.found.emplace_back(&view, p.tensor);
    else if (!same_numbers(*source->second, view))
      m.untied.push_back("untied: " + view.name + " is not " + source->second->name +
                         ", which is the same tensor in Cairn");
    m.left.erase(entry->first);
  }
  for (const NamedTensor& p : parameters) {
    if (!sources.emplace(&p.tensor.impl(), nullptr).second) continue;  // filled, or named before
    const std::string name = prefix + p.name;
    const bool fresh = new_head && is_head(name);
    const bool needed = !fresh && (is_encoder(name) || heads_in_file.contains(head_of(name)));
    (needed ? m.missing : m.fresh).push_back({name, p.tensor});
  }
  return m;
}

bool has_shape(const TensorView& view, const Tensor& tensor) {
  return view.shape == std::vector<int64_t>(tensor.shape().begin(), tensor.shape().end());
}

bool holds_weights(const TensorView& view) {
  return view.dtype == "F32" || view.dtype == "F64" || view.dtype == "F16" || view.dtype == "BF16";
}

// What keeps the file from being loaded, one line each.
std::vector<std::string> problems_of(const Match& m) {
  std::vector<std::string> problems = m.untied, missing, left;
  for (const NamedTensor& p : m.missing) missing.push_back(p.name);
  for (const auto& [name, view] : m.left) left.push_back(name);
  // The nearest name is looked for where the line will be seen.
  const auto hint = [&](const std::string& name, const std::vector<std::string>& among) {
    return problems.size() < max_listed ? nearest_hint(name, among) : "";
  };
  for (const std::string& name : missing) problems.push_back("missing: " + name + hint(name, left));
  for (const auto& [name, view] : m.left) {
    if (is_encoder(name)) problems.push_back("unexpected: " + view->name + hint(name, missing));
  }
  for (const auto& [view, tensor] : m.found) {
    if (!has_shape(*view, tensor))
      problems.push_back("shape: " + view->name + " is " + to_string(view->shape) +
                         ", the model has " + to_string(tensor.shape()));
    else if (!holds_weights(*view))
      problems.push_back("type: " + view->name + " is " + view->dtype +
                         ", weights are F32, F64, F16 or BF16");
  }
  return problems;
}

// Is all that keeps the file from being loaded a head for another number of labels?
bool only_heads_differ(const Match& m, size_t problems) {
  size_t heads = 0;
  for (const auto& [view, tensor] : m.found)
    heads += is_head(canonical(view->name)) && !has_shape(*view, tensor);
  return heads == problems;
}

void fail_to_fit(const std::string& folder, const std::vector<std::string>& problems,
                 bool only_heads) {
  const std::string text = indented_lines(problems);
  if (only_heads)
    fail(folder, "the head in the file is for another number of labels:" + text,
         "to train a new one: cairn finetune --new-head, or LoadOptions{.new_head = true} in code; "
         "to use the one that is there, id2label in config.json must name its labels");
  fail(folder, "the weights do not fit the model that config.json describes:" + text,
       "is this config.json of the same model, and the file whole?");
}

// The place of element `index` in a tensor of this shape: "(3, 17)".
std::string coordinates(const Shape& shape, int64_t index) {
  std::vector<int64_t> at(shape.size());
  for (size_t axis = at.size(); axis-- > 0; index /= shape[axis]) at[axis] = index % shape[axis];
  return to_string(at);
}

// Error if a number of a tensor that was read from `view` is NaN or infinite: whatever is computed
// with it would be, too.
void check_finite(const TensorView& view, const Tensor& tensor, const ModelFiles& weights) {
  const Contiguous values(tensor);
  const int64_t index = first_not_finite(values, tensor.numel());
  if (index < 0) return;
  fail(weights.path_of(view.name),
       "tensor " + json_string(view.name) + ": element " + coordinates(tensor.shape(), index) +
           (std::isnan(values.data()[index]) ? " is NaN" : " is infinite"),
       "the model is useless; take one saved before its training diverged");
}

}  // namespace

LoadReport load_bert(Module& model, const std::string& prefix, const ModelFiles& weights,
                     const std::string& folder, double std, const LoadOptions& options) {
  Tensors tensors = collect(weights);
  Match m = match(model.all_names(), prefix, tensors, options.new_head);

  std::vector<std::string> problems = tensors.problems;
  for (const std::string& problem : problems_of(m)) problems.push_back(problem);
  if (!problems.empty()) fail_to_fit(folder, problems, only_heads_differ(m, problems.size()));

  LoadReport report;
  for (auto& [view, tensor] : m.found) {
    copy_into(tensor, *view);
    check_finite(*view, tensor, weights);
  }
  for (NamedTensor& p : m.fresh) {  // vectors hold their 0 or 1 already
    if (p.tensor.axes() > 1) truncated_normal_(p.tensor, std, *options.random);
    report.created.push_back(p.name.substr(prefix.size()));
  }
  for (const auto& [name, view] : m.left) report.unused.push_back(view->name);
  return report;
}

void check_size(const BertConfig& config, const ModelFiles& weights, const std::string& folder) {
  double stored = 0;
  for (const TensorView& view : weights.tensors()) stored += static_cast<double>(view.numel());
  if (config.encoder_parameters() > 8 * stored + 1e6) {
    fail(folder + "/config.json",
         "describes a model of " + std::to_string(std::llround(config.encoder_parameters())) +
             " parameters, but the weights are " + std::to_string(std::llround(stored)),
         "is this config.json of the same model?");
  }
}

void save_bert(Module& model, const std::string& architecture, const BertConfig& config,
               const std::string& folder) {
  const OutputFolder out(folder, true);
  write_model_files(folder, views_of(model.named_parameters()));
  write_file_atomically(folder + "/config.json", to_text(config.to_json(architecture), 2) + "\n");
}

}}  // namespace cairn::CAIRN_PRECISION
