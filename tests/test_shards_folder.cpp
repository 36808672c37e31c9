// A model folder as a whole: one file or shards, what is missing from a folder that is not whole, and
// that a save that fails leaves the last one in place.
#include <doctest/doctest.h>

#include "core/error.h"
#include "core/io/crc32.h"
#include "core/io/json.h"
#include "core/io/model_files.h"
#include "tests/folders.h"
#include "tests/support.h"
#include "tests/tensor_views.h"

using namespace cairn;
using namespace cairn::test;

TEST_CASE("model files: one file or shards give the same tensors") {
  const TempFolder folder;
  std::vector<std::vector<float>> values;
  for (int i = 0; i < 12; i++) values.emplace_back(10 + i, static_cast<float>(i));
  std::vector<TensorView> tensors;
  for (const auto& v : values)
    tensors.push_back(tensor_view("layer." + std::to_string(tensors.size()),
                                  {static_cast<int64_t>(v.size())}, v.data()));
  // 62 bytes hold one tensor, or not even the larger ones, which then get a shard of their own.
  for (const int64_t limit : {100'000, 200, 62, 1, 100'000, 200}) {
    CAPTURE(limit);
    write_model_files(folder.path(), tensors, limit);
    const ModelFiles weights(folder.path());
    CHECK(weights.tensors().size() == tensors.size());
    for (size_t i = 0; i < values.size(); i++) {
      const TensorView* view = weights.find(tensors[i].name);
      REQUIRE(view);
      CHECK(floats_of(*view) == values[i]);
    }
    const size_t shards = weights.files().size();
    CHECK(folder.count() == (shards == 1 ? 1 : shards + 1));  // nothing of an earlier save is left
    CHECK((shards == 1) == (limit == 100'000));
    for (const SafeTensors& file : weights.files()) {
      size_t bytes = 0;
      for (const TensorView& view : file.tensors()) bytes += view.size;
      CHECK((bytes <= static_cast<size_t>(limit) || file.tensors().size() == 1));
    }
  }
  const Json index = parse_json(read_file(folder / "model.safetensors.index.json"), "index");
  CHECK(index.at("metadata").at("total_size").as_int() == 4 * (10 + 21) * 12 / 2);
  CHECK(index.at("weight_map").size() == 12);
}

TEST_CASE("model files: a folder that is not whole is refused") {
  const TempFolder folder;
  const std::string index = folder / "model.safetensors.index.json";
  const auto error = [&] { return error_of([&] { ModelFiles{folder.path()}; }); };
  const auto map = [&](const std::string& entries) {
    write_file_atomically(index, "{\"weight_map\":{" + entries + "}}");
    return error();
  };
  CHECK(has(error_of([&] { ModelFiles{folder / "none"}; }), "is not a folder"));
  CHECK(has(error(), "holds neither"));
  write_file_atomically(folder / "pytorch_model.bin", "");
  CHECK(has(error(), "safetensors"));
  write_safetensors(folder / "s1", {tensor_view("a", {2}, six.data())});
  write_safetensors(folder / "s2", {tensor_view("b", {3}, six.data())});
  write_safetensors(folder / "s3", {tensor_view("a", {1}, six.data())});
  CHECK(map(R"("a":"s1","b":"s2")") == "");
  CHECK(has(map(R"("a":"s1","b":"s9")"), "s9] is missing"));
  CHECK(has(map(R"("a":"s1","c":"s2")"), "tensor \"c\" is missing"));
  CHECK(has(map(R"("a":"s2","b":"s1")"), "is missing"));
  CHECK(has(map(R"("a":"s1","b":"s3")"), "in another shard too"));
  CHECK(has(map(R"("a":1)"), "not a string"));
  for (const char* name :
       {"../s1", "/etc/passwd", "x/s1", "", ".", "..", "..\\\\s1", "s1\\u0000"}) {
    CAPTURE(name);
    CHECK(has(map("\"a\":\"" + std::string(name) + "\""), "plain name"));
  }
  write_file_atomically(index, "{\"weight_map\":[]}");
  CHECK(error() == "");  // a list without entries names no tensor
  write_file_atomically(index, "{\"metadata\":{}}");
  CHECK(has(error(), "\"weight_map\" is missing"));
  write_file_atomically(index, "{\"weight_map\":");
  CHECK(has(error(), "model.safetensors.index.json:1:15"));
}

TEST_CASE("model files: a save that fails leaves the last one in place") {
  const TempFolder folder;
  write_model_files(folder.path(), two_tensors(), 20);
  const size_t files = folder.count();
  std::vector<TensorView> tensors = two_tensors();
  tensors[1].dtype = "unknown";  // found while the second shard is written
  CHECK_THROWS_AS(write_model_files(folder.path(), tensors, 20), Error);
  CHECK(folder.count() == files);
  CHECK(floats_of(*ModelFiles(folder.path()).find("b")) == six);
  CHECK_THROWS_AS(write_model_files(folder / "none", two_tensors()), Error);
}

TEST_CASE("model files: the shared shards equal the shared single file") {
  const std::string spellings = test::shared_or_skip("fixtures/spellings");
  if (spellings.empty()) return;
  const ModelFiles whole(spellings + "/base"), sharded(spellings + "/good-sharded");
  CHECK(sharded.files().size() == 2);
  REQUIRE(whole.tensors().size() == sharded.tensors().size());
  for (const TensorView& view : whole.tensors()) {
    const TensorView* other = sharded.find(view.name);
    REQUIRE(other);
    CHECK(crc32(view.bytes, view.size) == crc32(other->bytes, other->size));
  }
  CHECK_THROWS_AS(ModelFiles(spellings + "/bad-shard-missing"), Error);
}
