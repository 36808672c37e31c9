// In which order the files of a model's weights are written, renamed and removed, and what the folder
// holds when one of these calls fails.
#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "core/error.h"
#include "core/io/dtype.h"
#include "core/io/model_files.h"
#include "tests/folders.h"
#include "tests/io_calls.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;
namespace fs = std::filesystem;

namespace {

// The tensors t0 ... t2 of three numbers, 12 bytes, each of which is `value`.
struct Weights {
  explicit Weights(float value) : values(3, value) {}
  std::vector<TensorView> views() const {
    std::vector<TensorView> all;
    for (const char* name : {"t0", "t1", "t2"})
      all.push_back(tensor_view(name, {3}, values.data()));
    return all;
  }
  std::vector<float> values;
};

// The one value that all numbers of a folder's weights have; 0 if they differ or can't be read.
float value_of(const std::string& folder) {
  try {
    const ModelFiles weights(folder);
    std::vector<float> all;
    for (const TensorView& view : weights.tensors()) {
      std::vector<float> values(static_cast<size_t>(view.numel()));
      to_float(view, values.data());
      all.insert(all.end(), values.begin(), values.end());
    }
    const bool whole = all.size() == 9 && std::equal(all.begin() + 1, all.end(), all.begin());
    return whole ? all[0] : 0;
  } catch (const Error&) {
    return 0;
  }
}

}  // namespace

TEST_CASE(
    "model files: all shards and the index are on the disk before the first one is replaced") {
  const TempFolder folder;
  write_model_files(folder.path(), Weights(1).views(), 12);
  REQUIRE(fs::exists(folder / "model-00003-of-00003.safetensors"));
  Calls calls;
  std::vector<float> values;  // of what the folder holds when a file is about to be replaced
  calls.error = [&](const std::string& call) {
    if (call.starts_with("rename")) values.push_back(value_of(folder.path()));
    return 0;
  };
  write_model_files(folder.path(), Weights(2).views(), 12);
  const std::string f = folder.path();
  CHECK(plain(calls.log, f) == Log{"sync 1.tmp", "sync 2.tmp", "sync 3.tmp", "sync 4.tmp",
                                   "rename 1.tmp model-00001-of-00003.safetensors", "sync " + f,
                                   "rename 2.tmp model-00002-of-00003.safetensors", "sync " + f,
                                   "rename 3.tmp model-00003-of-00003.safetensors", "sync " + f,
                                   "rename 4.tmp model.safetensors.index.json", "sync " + f});
  CHECK(values == std::vector<float>{1, 0, 0, 2});  // the old ones until the first is renamed
  CHECK(value_of(f) == 2);

  // The old save goes last, and first of all what says which files are to be loaded.
  calls.log.clear();
  write_model_files(f, Weights(3).views(), 100);
  CHECK(plain(calls.log, f) ==
        Log{"sync 1.tmp", "rename 1.tmp model.safetensors", "sync " + f,
            "remove model.safetensors.index.json", "remove model-00003-of-00003.safetensors",
            "remove model-00002-of-00003.safetensors", "remove model-00001-of-00003.safetensors"});
  CHECK(value_of(f) == 3);
  calls.log.clear();
  write_model_files(f, Weights(4).views(), 24);
  CHECK(plain(calls.log, f).back() == "remove model.safetensors");
  CHECK(value_of(f) == 4);
}

TEST_CASE("model files: a disk that is full at any file, written or synced, leaves the old save") {
  const TempFolder folder;
  write_model_files(folder.path(), Weights(1).views(), 12);
  const size_t files = folder.count();
  for (int broken = 0; broken < 4; ++broken) {
    Calls calls;
    int synced = 0;
    calls.error = [&](const std::string& call) {
      return call.starts_with("sync") && synced++ == broken ? ENOSPC : 0;
    };
    CHECK(has(error_of([&] { write_model_files(folder.path(), Weights(2).views(), 12); }),
              "can't be synced to the disk: No space left on device"));
    CHECK(value_of(folder.path()) == 1);
    CHECK(folder.count() == files);
  }
  for (int broken = 0; broken < 13; ++broken) {  // 3 writes a shard, 1 for the index; 3 calls more
    Calls calls;
    int written = 0;
    calls.moved = [&](size_t size) {
      return written++ == broken ? ssize_t{-ENOSPC} : static_cast<ssize_t>(size);
    };
    const std::string error =
        error_of([&] { write_model_files(folder.path(), Weights(1).views(), 12); });
    CHECK(has(error, "can't be written: No space left on device") == (broken < 10));
    calls.moved = nullptr;
    CHECK(value_of(folder.path()) == 1);
    CHECK(folder.count() == files);
  }
}

TEST_CASE("model files: an old file that can't be removed is an error with the remedy") {
  const TempFolder folder;
  write_model_files(folder.path(), Weights(1).views(), 12);
  Calls calls;
  calls.error = [](const std::string& call) { return has(call, "remove") ? EACCES : 0; };
  const std::string error = error_of([&] { write_model_files(folder.path(), Weights(2).views()); });
  CHECK(has(error, "/model.safetensors.index.json] an earlier save's file can't be removed: "));
  CHECK(has(error, "hint: remove it by hand"));
  CHECK(value_of(folder.path()) == 2);  // the single file counts
}
