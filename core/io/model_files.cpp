// The weights of Hugging Face model folders: one safetensors file, or shards and their index.
#include "core/io/model_files.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <map>
#include <set>

#include "core/error.h"
#include "core/io/file_kind.h"
#include "core/io/json.h"

namespace cairn {
namespace {

namespace fs = std::filesystem;

constexpr const char* single_name = "model.safetensors";
constexpr const char* index_name = "model.safetensors.index.json";

std::string join(const std::string& folder, const std::string& name) {
  return (fs::path(folder) / name).string();
}

// A shard is a file beside its index; a name with a path in it could lead anywhere.
void check_shard_name(const Json& name) {
  const std::string text = name.as_string();
  const bool plain = !text.empty() && text != "." && text != ".." &&
                     text.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos;
  if (!plain) name.fail_here("not the plain name of a file in the same folder");
}

std::string five_digits(size_t n) {
  const std::string digits = std::to_string(n);
  return std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') + digits;
}

std::string shard_name(size_t i, size_t count) {
  return "model-" + five_digits(i + 1) + "-of-" + five_digits(count) + ".safetensors";
}

// "model-" digits "-of-" digits ".safetensors"
bool is_shard_name(const std::string& name) {
  std::string shape;  // the name with each run of digits as one 0
  for (const char c : name) {
    const bool digit = '0' <= c && c <= '9';
    if (!digit || !shape.ends_with('0')) shape += digit ? '0' : c;
  }
  return shape == "model-0-of-0.safetensors";
}

// Fills shards in order; a tensor larger than the limit gets one of its own.
std::vector<std::vector<TensorView>> into_shards(const std::vector<TensorView>& tensors,
                                                 int64_t max_shard_bytes) {
  std::vector<std::vector<TensorView>> shards(1);
  int64_t filled = 0;
  for (const TensorView& view : tensors) {
    const auto size = static_cast<int64_t>(view.size);
    if (!shards.back().empty() && size > max_shard_bytes - filled) {
      shards.emplace_back();
      filled = 0;
    }
    shards.back().push_back(view);
    filled += size;
  }
  return shards;
}

std::string index_text(const std::vector<std::vector<TensorView>>& shards) {
  size_t total = 0;
  std::map<std::string, std::string> shard_of;
  for (size_t i = 0; i < shards.size(); i++)
    for (const TensorView& view : shards[i]) {
      total += view.size;
      if (!shard_of.emplace(view.name, shard_name(i, shards.size())).second)
        fail(index_name, "tensor " + json_string(view.name) + ": the name is taken");
    }
  std::string text = "{\n  \"metadata\": {\n    \"total_size\": " + std::to_string(total) +
                     "\n  },\n  \"weight_map\": {";
  for (const auto& [name, shard] : shard_of)
    text += std::string(text.ends_with('{') ? "" : ",") + "\n    " + json_string(name) + ": " +
            json_string(shard);
  return text + "\n  }\n}\n";
}

// The hint for a folder with weights of another format, if it has any.
std::string other_weights(const std::string& folder) {
  for (const char* name :
       {"pytorch_model.bin", "pytorch_model.bin.index.json", "tf_model.h5", "flax_model.msgpack",
        "model.ckpt.index", "bert_model.ckpt.index", "rust_model.ot"})
    if (has_file(join(folder, name))) return std::string(name) + " is not read; " + save_again;
  if (has_file(join(folder, "adapter_model.safetensors")))
    return "the folder holds an adapter alone; merge it in Python: "
           "model.merge_and_unload().save_pretrained(folder)";
  return "";
}

// Removes weights of an earlier save that are not part of this one.
void remove_others(const std::string& folder, const std::set<std::string>& written) {
  std::error_code error;
  std::vector<std::string> others;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if ((name == single_name || name == index_name || is_shard_name(name)) && !written.count(name))
      others.push_back(name);
  }
  // What says which files to load goes first: should this stop halfway, the rest is ignored.
  std::sort(others.begin(), others.end(), std::greater<>());
  for (const std::string& name : others) {
    fs::remove(join(folder, name), error);
    if (error)
      fail(join(folder, name), "an earlier save's file can't be removed: " + error.message(),
           "remove it by hand, or it may be loaded instead of the new ones");
  }
}

}  // namespace

ModelFiles::ModelFiles(const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    fail(folder, "is not a folder", "name a folder with config.json and model.safetensors");
  const std::string single = join(folder, single_name), index = join(folder, index_name);
  if (has_file(single)) {
    add(single);
  } else if (has_file(index)) {
    open_shards(folder, index);
  } else {
    fail(folder, std::string("holds neither ") + single_name + " nor " + index_name,
         other_weights(folder));
  }
}

void ModelFiles::add(const std::string& path) {
  const SafeTensors& file = files_.emplace_back(path);
  for (const TensorView& view : file.tensors()) {
    if (!index_.emplace(view.name, tensors_.size()).second)
      fail(path, "tensor " + json_string(view.name) + " is in another shard too",
           "mixed files of two saves? fetch or save the folder again");
    tensors_.push_back(view);
  }
}

void ModelFiles::open_shards(const std::string& folder, const std::string& index_path) {
  std::string text = read_file(index_path, 100'000'000);
  refuse_other_kinds(index_path, text);
  const Json index = parse_json(std::move(text), index_path);
  std::map<std::string, size_t> shards;  // name -> index in files_
  for (const Json& shard : index.at("weight_map").items()) {
    check_shard_name(shard);
    shards.emplace(shard.as_string(), 0);
  }
  for (auto& [name, place] : shards) {
    if (!has_file(join(folder, name)))
      fail(join(folder, name), "is missing, but " + index_path + " names it",
           "fetch or save the folder again");
    place = files_.size();
    add(join(folder, name));
  }
  for (const Json& shard : index.at("weight_map").items()) {
    const SafeTensors& file = files_[shards.at(shard.as_string())];
    if (!file.find(shard.key()))
      fail(file.path(),
           "tensor " + json_string(shard.key()) + " is missing, but " + shard.place() +
               " says that it is here",
           "fetch or save the folder again");
  }
}

const TensorView* ModelFiles::find(const std::string& name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &tensors_[found->second];
}

const std::string& ModelFiles::path_of(const std::string& name) const {
  for (const SafeTensors& file : files_)
    if (file.find(name)) return file.path();
  fail("ModelFiles", "there is no tensor " + json_string(name));
}

void write_model_files(const std::string& folder, const std::vector<TensorView>& tensors,
                       int64_t max_shard_bytes) {
  if (max_shard_bytes <= 0) fail("write_model_files", "max_shard_bytes must be positive");
  const auto shards = into_shards(tensors, max_shard_bytes);
  std::deque<AtomicFile> files;  // a deque, as an AtomicFile never moves
  std::set<std::string> written;
  for (size_t i = 0; i < shards.size(); i++) {
    const std::string name = shards.size() == 1 ? single_name : shard_name(i, shards.size());
    const std::string path = join(folder, name);
    write_safetensors(files.emplace_back(path), path, shards[i], {{"format", "pt"}});
    written.insert(name);
  }
  if (shards.size() > 1) {
    files.emplace_back(join(folder, index_name)).write(index_text(shards));
    written.insert(index_name);
  }
  for (AtomicFile& file : files) file.finish();
  for (AtomicFile& file : files) file.commit();
  remove_others(folder, written);
}

}  // namespace cairn
