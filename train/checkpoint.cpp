// Writing and reading checkpoint.safetensors.
#include "train/checkpoint.h"

#include <charconv>
#include <map>
#include <string_view>

#include "core/error.h"
#include "core/io/crc32.h"
#include "core/io/file_kind.h"
#include "core/io/tensor_file.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

constexpr const char* model_prefix = "model.";
constexpr const char* optimizer_prefix = "optimizer.";
constexpr const char* state_key = "cairn";
constexpr const char* checksum_key = "crc32";
constexpr const char* start_anew = "start again, without --resume and with --overwrite";

// With the text's end, so that "ab" and "c" are not "a" and "bc".
uint32_t add_text(const std::string& text, uint32_t crc) {
  return crc32(text.c_str(), text.size() + 1, crc);
}

// Of the tensors, in any order, with everything that the file says of each, and of the metadata.
std::string checksum(const std::vector<TensorView>& tensors, const Metadata& metadata) {
  std::map<std::string_view, const TensorView*> by_name;
  for (const TensorView& view : tensors) by_name[view.name] = &view;
  uint32_t crc = 0;
  for (const auto& [name, view] : by_name) {
    crc = add_text(view->dtype, add_text(view->name, crc));
    crc = crc32(view->shape.data(), view->shape.size() * sizeof(int64_t), crc);
    crc = crc32(view->bytes, view->size, crc);
  }
  for (const auto& [key, text] : metadata)
    if (key != checksum_key) crc = add_text(text, add_text(key, crc));
  return std::to_string(crc);
}

// Opens a checkpoint. Nothing of it may be used before all of it is known to be intact.
SafeTensors open_whole(const std::string& path) {
  if (!has_file(path))
    fail(path, "there is no checkpoint to resume from",
         std::string("the run has finished, or was stopped before its first checkpoint: ") +
             start_anew);
  const auto open = [&] {
    try {
      return SafeTensors(path);
    } catch (const Error& error) {
      fail(path, std::string("the checkpoint is damaged: ") + error.what(), start_anew);
    }
  };
  SafeTensors file = open();
  const auto saved = file.metadata().find(checksum_key);
  if (saved == file.metadata().end() || !file.metadata().contains(state_key))
    fail(path, "is not a checkpoint of this version of Cairn: it lacks its checksum", start_anew);
  if (saved->second != checksum(file.tensors(), file.metadata()))
    fail(path, "the checkpoint is damaged: its checksum is not that of its contents", start_anew);
  return file;
}

// The random numbers' 64-bit counters, as text: JSON's numbers are not that wide everywhere.
uint64_t counter(const Json& random, const char* key) {
  const std::string text = random.at(key).as_string();
  uint64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || result.ptr != text.data() + text.size())
    random.at(key).fail_here("not a counter", start_anew);
  return value;
}

void check_settings(const std::string& path, const Json& saved, const Json& now) {
  for (const Json& setting : now.items()) {
    const Json* before = saved.find(setting.key());
    const std::string was = before ? to_text(*before) : "not set";
    if (was == to_text(setting)) continue;
    fail(path,
         "the run was started with other settings: " + setting.key() + " was " + was + ", is now " +
             to_text(setting),
         "resume with the same settings, or " + std::string(start_anew));
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
  Metadata metadata{{"format", "pt"}, {state_key, to_text(about)}};
  metadata[checksum_key] = checksum(views, metadata);
  write_safetensors(path, views, metadata);
}

Json load_checkpoint(const std::string& path, const NamedTensors& parameters, Optimizer& optimizer,
                     const Json& settings) {
  const SafeTensors file = open_whole(path);
  const Json about = parse_json(file.metadata().at(state_key), path);
  check_settings(path, about.at("settings"), settings);

  Random random(counter(about.at("random"), "seed"));
  random.next = counter(about.at("random"), "next");
  copy_by_name(parameters, tensors_of(file, model_prefix), true, path,
               "it is the checkpoint of another model");
  optimizer.load_state(tensors_of(file, optimizer_prefix));
  default_random() = random;
  return about.at("run");
}

}}  // namespace cairn::CAIRN_PRECISION
