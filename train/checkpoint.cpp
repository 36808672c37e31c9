// Writing and reading checkpoint.safetensors.
#include "train/checkpoint.h"

#include <charconv>
#include <filesystem>

#include "core/error.h"
#include "core/io/tensor_file.h"

namespace cairn::inline CAIRN_PRECISION {
namespace {

constexpr const char* model_prefix = "model.";
constexpr const char* optimizer_prefix = "optimizer.";

// The random numbers' 64-bit counters, as text: JSON's numbers are not that wide everywhere.
uint64_t counter(const Json& random, const char* key) {
  const std::string text = random.at(key).as_string();
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

}  // namespace

void save_checkpoint(const std::string& path, const NamedTensors& parameters,
                     const Optimizer& optimizer, const Json& settings, const Json& run) {
  const NamedTensors state = optimizer.state();  // the views below look at these tensors
  std::vector<TensorView> views = views_of(parameters, model_prefix);
  for (const TensorView& view : views_of(state, optimizer_prefix)) views.push_back(view);
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
  copy_by_name(parameters, tensors_of(file, model_prefix), true, path,
               "it is the checkpoint of another model");
  optimizer.load_state(tensors_of(file, optimizer_prefix));
  default_random() = random;
  return about.at("run");
}

}  // namespace cairn::inline CAIRN_PRECISION
