#pragma once
// The weights of a Hugging Face model folder: one file `model.safetensors`, or shards named
// `model-00001-of-00003.safetensors` and so on, with `model.safetensors.index.json`, whose
// "weight_map" says which shard holds which tensor.
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/io/safetensors.h"

namespace cairn {

// The weights of an open model folder. The views it gives are valid while it lives.
class ModelFiles {
 public:
  // Opens and checks all files. If both forms are there, the single file counts, as in
  // Transformers. Error if the folder holds neither, a shard is missing or damaged, its name leads
  // out of the folder, it lacks a tensor that the index promises, or two shards hold the same one.
  explicit ModelFiles(const std::string& folder);

  const std::vector<TensorView>& tensors() const { return tensors_; }
  const TensorView* find(const std::string& name) const;  // null if there is none
  const std::vector<SafeTensors>& files() const { return files_; }
  const std::string& path_of(const std::string& name) const;  // of the file that holds it

 private:
  void add(const std::string& path);
  void open_shards(const std::string& folder, const std::string& index_path);

  std::vector<SafeTensors> files_;
  std::vector<TensorView> tensors_;
  std::unordered_map<std::string, size_t> index_;
};

// Writes the weights of a model folder that exists: one file if all fits into max_shard_bytes, else
// shards, filled in the order of `tensors`, and the index. All files are written aside and synced
// before the first takes its place, so a full disk damages nothing (only a power cut between the
// renames of several shards could leave a mixture). Shards, index or single file of an earlier save
// that are not part of this one are removed last. Error as for write_safetensors.
void write_model_files(const std::string& folder, const std::vector<TensorView>& tensors,
                       int64_t max_shard_bytes = 5'000'000'000);

}  // namespace cairn
