// Writing and reading checkpoint.safetensors.
#include "train/checkpoint.h"

#include <charconv>
#include <filesystem>
#include <map>

#include "core/error.h"
#include "core/io/safetensors.h"

namespace cairn::inline CAIRN_PRECISION {
namespace {

constexpr const char* model_prefix = "model.";
constexpr const char* optimizer_prefix = "optimizer.";

[[maybe_unused]] void convert(const TensorView& view, float* out) { to_float(view, out); }
[[maybe_unused]] void convert(const TensorView& view, double* out) { to_double(view, out); }

void add_views(const char* prefix, const NamedTensors& tensors, std::vector<TensorView>& views) {
  for (const NamedTensor& t : tensors) {
    const Shape& shape = t.tensor.shape();
    views.push_back(tensor_view(prefix + t.name, {shape.begin(), shape.end()}, t.tensor.data()));
  }
}

Tensor tensor_of(const TensorView& view) {
  Tensor tensor = Tensor::empty(Shape(view.shape));
  convert(view, tensor.write());
  return tensor;
}

// The random numbers' 64-bit counters, as text: JSON's numbers are not that wide everywhere.
uint64_t counter(const Json& random, const char* key) {
  const std::string& text = random.at(key).as_string();
  uint64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size())
    random.at(key).fail_here("not a counter", "the checkpoint is damaged; start anew");
  return value;
}

void check_settings(const std::string& path, const Json& saved, const Json& now) {
  for (const Json& setting : now.items()) {
    const Json* before = saved.find(setting.key());
    const std::string was = before ? to_text(*before) : "not set";
    if (was == to_text(setting)) continue;
    fail(path, "the run was started with other settings: " + setting.key() + " was " + was +
                   ", is now " + to_text(setting),
         "resume with the same settings, or start anew without --resume");
  }
}

// Copies the saved weights. Error, with nothing copied, if one is missing or has another shape.
void load_weights(const std::string& path, const NamedTensors& parameters,
                  const SafeTensors& file) {
  for (const NamedTensor& p : parameters) {
    const TensorView* view = file.find(model_prefix + p.name);
    const Shape& shape = p.tensor.shape();
    if (!view || view->shape != std::vector<int64_t>(shape.begin(), shape.end()))
      fail(path, "has no " + p.name + " of shape " + to_string(shape),
           "it is the checkpoint of another model");
  }
  for (const NamedTensor& p : parameters) {
    Tensor tensor = p.tensor;
    convert(*file.find(model_prefix + p.name), tensor.write());
  }
}

}  // namespace

void save_checkpoint(const std::string& path, const NamedTensors& parameters,
                     const Optimizer& optimizer, const Json& settings, const Json& run) {
  const NamedTensors state = optimizer.state();  // the views below look at these tensors
  std::vector<TensorView> views;
  add_views(model_prefix, parameters, views);
  add_views(optimizer_prefix, state, views);
  Json random = Json::object();
  random.set("seed", std::to_string(default_random().seed));
  random.set("next", std::to_string(default_random().next));
  Json about = Json::object();
  about.set("settings", settings);
  about.set("random", std::move(random));
  about.set("run", run);
  write_safetensors(path, views, {{"format", "pt"}, {"cairn", to_text(about)}});
}

Json load_checkpoint(const std::string& path, const NamedTensors& parameters, Optimizer& optimizer,
                     const Json& settings) {
  if (!std::filesystem::exists(path))
    fail(path, "there is no checkpoint to resume from",
         "the run has come to its end, or has not come to its first checkpoint: start it without "
         "--resume");
  const SafeTensors file(path);
  const auto about_text = file.metadata().find("cairn");
  if (about_text == file.metadata().end()) fail(path, "is no checkpoint of Cairn's");
  const Json about = parse_json(about_text->second, path);
  check_settings(path, about.at("settings"), settings);

  Random random(counter(about.at("random"), "seed"));
  random.next = counter(about.at("random"), "next");
  NamedTensors state;
  for (const TensorView& view : file.tensors())
    if (view.name.starts_with(optimizer_prefix))
      state.push_back({view.name.substr(std::string(optimizer_prefix).size()), tensor_of(view)});
  load_weights(path, parameters, file);
  optimizer.load_state(state);
  default_random() = random;
  return about.at("run");
}

}  // namespace cairn::inline CAIRN_PRECISION
