// A model folder's weights: how tensors are spread over files, what the index says, which files of
// an earlier save go, and whose bytes a safetensors file holds.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/io/dtype.h"
#include "core/io/json.h"
#include "core/io/model_files.h"
#include "tests/folders.h"
#include "tests/support.h"

using namespace cairn;
using cairn::test::error_of;
using cairn::test::has;
using cairn::test::TempFolder;
namespace fs = std::filesystem;

namespace {

const float numbers[64] = {1, 2, 3, 4, 5, 6, 7, 8};

// A tensor of so many floats, that is of four times as many bytes.
TensorView floats(const std::string& name, int64_t count) {
  return tensor_view(name, {count}, numbers);
}

std::set<std::string> names_in(const std::string& folder) {
  std::set<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    names.insert(entry.path().filename().string());
  return names;
}

// The names of the tensors in each file, as "a b|c".
std::string spread(const std::string& folder) {
  std::string text;
  const ModelFiles weights(folder);
  for (const SafeTensors& file : weights.files()) {
    text += text.empty() ? "" : "|";
    for (const TensorView& view : file.tensors()) text += view.name;
  }
  return text;
}

}  // namespace

TEST_CASE("model files: shards are filled in order up to the limit, and not a byte beyond") {
  const std::vector<TensorView> five = {floats("a", 2), floats("b", 3), floats("c", 1),
                                        floats("d", 5), floats("e", 1)};  // 8, 12, 4, 20, 4 bytes
  const std::pair<int64_t, const char*> table[] = {
      {1000, "abcde"}, {48, "abcde"},    {47, "abcd|e"},   {44, "abcd|e"},   {43, "abc|de"},
      {24, "abc|de"},  {23, "ab|c|d|e"}, {20, "ab|c|d|e"}, {19, "a|bc|d|e"}, {1, "a|b|c|d|e"}};
  for (const auto& row : table) {
    const auto& limit = row.first;
    const auto& files = row.second;
    const TempFolder folder;
    CAPTURE(limit);
    write_model_files(folder.path(), five, limit);
    CHECK(spread(folder.path()) == files);
  }
  const TempFolder folder;
  CHECK(has(error_of([&] { write_model_files(folder.path(), five, 0); }),
            "[write_model_files] max_shard_bytes must be positive"));
  write_model_files(folder.path(), {});
  CHECK(names_in(folder.path()) == std::set<std::string>{"model.safetensors"});
  write_model_files(folder.path(), five);
  CHECK(names_in(folder.path()) == std::set<std::string>{"model.safetensors"});
}

TEST_CASE(
    "model files: the index names the shard of each tensor, sorted, as Transformers writes it") {
  const TempFolder folder;
  write_model_files(folder.path(), {floats("b\"", 2), floats("c", 3), floats("a", 1)}, 12);
  CHECK(read_file(folder / "model.safetensors.index.json") ==
        R"({
  "metadata": {
    "total_size": 24
  },
  "weight_map": {
    "a": "model-00003-of-00003.safetensors",
    "b\"": "model-00001-of-00003.safetensors",
    "c": "model-00002-of-00003.safetensors"
  }
}
)");
  const ModelFiles shards(folder.path());
  for (const SafeTensors& file : shards.files())
    CHECK(file.metadata() == Metadata{{"format", "pt"}});
  const auto old = names_in(folder.path());
  CHECK(
      has(error_of([&] {
            write_model_files(folder.path(), {floats("a", 2), floats("b", 1), floats("a", 2)}, 12);
          }),
          "[model.safetensors.index.json] tensor \"a\": the name is taken"));
  CHECK(names_in(folder.path()) == old);
}

TEST_CASE("model files: numbers of shards have five digits, or more where they need them") {
  const TempFolder folder;
  std::vector<TensorView> many;
  for (int i = 0; i < 11; ++i) many.push_back(floats(std::to_string(i), 1));
  write_model_files(folder.path(), many, 4);
  const std::set<std::string> names = names_in(folder.path());
  CHECK(names.size() == 12);
  for (const char* name : {"model-00001-of-00011.safetensors", "model-00009-of-00011.safetensors",
                           "model-00010-of-00011.safetensors", "model-00011-of-00011.safetensors"})
    CHECK(names.count(name));
}

TEST_CASE("model files: a save takes away the files of an earlier one, and no others") {
  // clang-format off
  const std::vector<std::string> old = {
      "model.safetensors", "model.safetensors.index.json", "model-00001-of-00002.safetensors",
      "model-00009-of-00009.safetensors", "model-1-of-7.safetensors",
      "model-123456-of-999999.safetensors"};
  // clang-format on
  // clang-format off
  const std::vector<std::string> others = {
      "config.json", "model.safetensors.bak", "my-model.safetensors", "model2.safetensors",
      "a-model-00001-of-00002.safetensors", "model-00001-of-00002.safetensors.bak",
      "model-00001-of-00002.bin", "model-00001.safetensors", "model--of-2.safetensors",
      "model-1-of-.safetensors", "model-a-of-2.safetensors", "model-1-in-2.safetensors",
      "model-1-of-2-of-3.safetensors", "model-:-of-1.safetensors", "model-/1.safetensors"};
  // clang-format on
  for (const int64_t limit : {1000, 4}) {
    const TempFolder folder;
    std::set<std::string> expected;
    for (const std::string& name : old) write_file_atomically(folder / name, "old");
    for (std::string name : others) {
      std::replace(name.begin(), name.end(), '/', '.');
      write_file_atomically(folder / name, "other");
      expected.insert(name);
    }
    write_model_files(folder.path(), {floats("a", 1), floats("b", 1)}, limit);
    if (limit == 1000) expected.insert("model.safetensors");
    else
      expected.insert({"model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
                       "model.safetensors.index.json"});
    CHECK(names_in(folder.path()) == expected);
    CHECK(ModelFiles(folder.path()).tensors().size() == 2);
  }
}

TEST_CASE("model files: each tensor is found in its file, and the single file counts first") {
  const TempFolder folder;
  write_model_files(folder.path(), {floats("a", 1), floats("b", 2), floats("c", 3)}, 12);
  const ModelFiles shards(folder.path());
  CHECK(shards.path_of("a") == folder / "model-00001-of-00002.safetensors");
  CHECK(shards.path_of("b") == folder / "model-00001-of-00002.safetensors");
  CHECK(shards.path_of("c") == folder / "model-00002-of-00002.safetensors");
  CHECK(has(error_of([&] { shards.path_of("d"); }), "[ModelFiles] there is no tensor \"d\""));
  CHECK(shards.find("c")->numel() == 3);
  CHECK(shards.find("c")->name == "c");
  CHECK(shards.find("d") == nullptr);
  write_safetensors(folder / "model.safetensors", {floats("d", 4)});
  const ModelFiles single(folder.path());
  CHECK(single.files().size() == 1);
  CHECK(single.path_of("d") == folder / "model.safetensors");
}

TEST_CASE("model files: weights in another format come with what to do about them") {
  for (const char* name :
       {"pytorch_model.bin", "pytorch_model.bin.index.json", "tf_model.h5", "flax_model.msgpack",
        "model.ckpt.index", "bert_model.ckpt.index", "rust_model.ot"}) {
    const TempFolder folder;
    write_file_atomically(folder / name, "");
    CHECK(error_of([&] { ModelFiles{folder.path()}; }) ==
          "[" + folder.path() +
              "] holds neither model.safetensors nor model.safetensors.index.json"
              "\n  hint: " +
              name +
              " is not read; load the model in Python and save it as "
              "safetensors: model.save_pretrained(folder)");
  }
  const TempFolder folder;
  CHECK(error_of([&] { ModelFiles{folder.path()}; }) ==
        "[" + folder.path() + "] holds neither model.safetensors nor model.safetensors.index.json");
  write_file_atomically(folder / "adapter_model.safetensors", "");
  CHECK(
      has(error_of([&] { ModelFiles{folder.path()}; }), "hint: the folder holds an adapter alone"));
  write_file_atomically(folder / "model.safetensors.index.json", "version https://git-lfs");
  CHECK(has(error_of([&] { ModelFiles{folder.path()}; }), "is a git-LFS pointer"));
}

TEST_CASE("safetensors: these tensors give the bytes that the reference writes") {
  // safetensors 0.8 for Python: save_file({"b.f32": [[1, -2.5]], "a.f32": [0.5], "half": float16
  // [1, 2], "ids": int64 [-1, 2**40], "mask": [True, False, True], "none": float64 of (0, 3)},
  // metadata={"format": "pt"})
  const TempFolder folder;
  const float b[] = {1, -2.5f}, a[] = {0.5f};
  const uint16_t half[] = {0x3C00, 0x4000};
  const int64_t ids[] = {-1, int64_t{1} << 40};
  const uint8_t mask[] = {1, 0, 1};
  const double none = 0;
  const auto bytes = [](const void* p) { return static_cast<const unsigned char*>(p); };
  write_safetensors(folder / "f", {{"mask", "BOOL", {3}, bytes(mask), 3},
                                   tensor_view("b.f32", {1, 2}, b),
                                   tensor_view("none", {0, 3}, &none),
                                   {"half", "F16", {2}, bytes(half), 4},
                                   tensor_view("a.f32", {1}, a),
                                   tensor_view("ids", {2}, ids)});
  std::string header =
      R"({"__metadata__":{"format":"pt"},"ids":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},)"
      R"("none":{"dtype":"F64","shape":[0,3],"data_offsets":[16,16]},)"
      R"("a.f32":{"dtype":"F32","shape":[1],"data_offsets":[16,20]},)"
      R"("b.f32":{"dtype":"F32","shape":[1,2],"data_offsets":[20,28]},)"
      R"("half":{"dtype":"F16","shape":[2],"data_offsets":[28,32]},)"
      R"("mask":{"dtype":"BOOL","shape":[3],"data_offsets":[32,35]}})";
  header.append(8 - header.size() % 8, ' ');
  // clang-format off
  const std::string length{static_cast<char>(header.size() & 255),
                           static_cast<char>(header.size() >> 8), 0, 0, 0, 0, 0, 0};
  // clang-format on
  const std::string data(
      "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\0\0\0\0\1\0\0"
      "\0\0\0\x3F"
      "\0\0\x80\x3F\0\0\x20\xC0"
      "\0\x3C\0\x40"
      "\1\0\1",
      35);
  CHECK(read_file(folder / "f") == length + header + data);
}

TEST_CASE("safetensors: a header whose length is a multiple of 8 gets no blanks - others up to 7") {
  const TempFolder folder;
  for (size_t more = 0; more < 9; ++more) {
    write_safetensors(folder / "f", {floats(std::string(more, 'n'), 1)}, {});
    const std::string bytes = read_file(folder / "f");
    const auto length = static_cast<size_t>(static_cast<unsigned char>(bytes[0]));
    CHECK(length % 8 == 0);
    CHECK(bytes.size() == 8 + length + 4);
    const std::string header = bytes.substr(8, length);
    CHECK(length - (header.rfind('}') + 1) < 8);
    CHECK(header.starts_with("{\"" + std::string(more, 'n') + "\""));  // and no metadata
    CHECK(SafeTensors(folder / "f").metadata().empty());
  }
}

TEST_CASE("safetensors: every type is written by size, largest last in the list first, and read") {
  std::vector<TensorView> views;
  for (const Dtype& type : dtypes())
    for (const char* name : {"z", "a"}) {
      TensorView view = floats(std::string(name) + std::string(type.name), 8);
      view.dtype = type.name;
      view.size = static_cast<size_t>(type.bits);  // 8 elements
      views.push_back(view);
    }
  const TempFolder folder;
  write_safetensors(folder / "f", views);
  const SafeTensors file(folder / "f");
  REQUIRE(file.tensors().size() == views.size());
  size_t offset = 0;
  for (size_t i = 0; i < views.size(); ++i) {
    const TensorView& view = file.tensors()[i];
    const Dtype& type = dtypes()[dtypes().size() - 1 - i / 2];
    CHECK(view.dtype == type.name);
    CHECK(view.name == (i % 2 ? "z" : "a") + std::string(type.name));
    CHECK(view.bytes == file.tensors()[0].bytes + offset);
    offset += static_cast<size_t>(type.bits);
  }
}

TEST_CASE("safetensors: tensors come in the order of their bytes, whatever the header's order") {
  const std::string header = R"({"c":{"dtype":"U8","shape":[2],"data_offsets":[3,5]},)"
                             R"("e":{"dtype":"U8","shape":[0],"data_offsets":[5,5]},)"
                             R"("a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},)"
                             R"("d":{"dtype":"U8","shape":[1],"data_offsets":[5,6]},)"
                             R"("b":{"dtype":"U8","shape":[2,0],"data_offsets":[3,3]}})";
  const TempFolder folder;
  const std::string length{static_cast<char>(header.size() & 255),
                           static_cast<char>(header.size() >> 8),
                           0,
                           0,
                           0,
                           0,
                           0,
                           0};
  write_file_atomically(folder / "f", length + header + "aaaccd");
  const SafeTensors file(folder / "f");
  std::string order;
  for (const TensorView& view : file.tensors()) {
    order += view.name;
    CHECK(std::string(reinterpret_cast<const char*>(view.bytes), view.size) ==
          std::string(view.size, view.name[0]));
    CHECK(file.find(view.name) == &view);
  }
  CHECK(order == "abced");
  CHECK(file.path() == folder / "f");
}

TEST_CASE("safetensors: a file of another kind is told for what it is, though its length be good") {
  const TempFolder folder;
  const auto said = [&](const std::string& bytes) {
    write_file_atomically(folder / "f", bytes);
    const std::string error = error_of([&] { SafeTensors{folder / "f"}; });
    return error.empty() ? error : error.substr(folder.path().size() + 2);
  };
  CHECK(has(said("<!doctype html>\n<html></html>"), "f] is a web page"));
  CHECK(has(said("version https://git-lfs.github.com/spec/v1"), "f] is a git-LFS pointer"));
  CHECK(has(said("GGUF"), "f] is a GGUF file"));
  CHECK(has(said(""), "f] is empty"));
  CHECK(has(said(std::string(100, '\0')), "f] begins with nothing but zeros"));
  CHECK(has(said("{\"error\": \"not found\"}"), "f] is JSON text, not a safetensors file"));
  CHECK(has(said("{}"), "f] is JSON text"));
  CHECK(has(said("1234567"), "f] is not a safetensors file: it has only 7 bytes"));
  CHECK(
      has(said(std::string("\1\0\0\0\0\0\0\0", 8)), "is cut short: its header has 1 bytes, 0 are"));
  CHECK(has(said(std::string("\1\0\0\0\0\0\0\0x", 9)), "the header does not start with '{'"));
  CHECK(has(said(std::string("\3\0\0\0\0\0\0\0{}", 10)), "its header has 3 bytes, 2 are there"));
  CHECK(said(std::string("\2\0\0\0\0\0\0\0{}", 10)).empty());
}

TEST_CASE("safetensors: a header has at most 127 levels, and values for its length and 32 MiB") {
  const TempFolder folder;
  const auto said = [&](const std::string& header) {
    std::string bytes(8, '\0');
    for (size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(header.size() >> (8 * i) & 255);
    write_file_atomically(folder / "f", bytes + header);
    return error_of([&] { SafeTensors{folder / "f"}; });
  };
  const auto nested = [](size_t n) {
    return "{\"a\":" + std::string(n - 1, '[') + std::string(n - 1, ']') + "}";
  };
  CHECK(has(said(nested(127)), "f] tensor \"a\": dtype is missing"));
  CHECK(has(said(nested(128)), "f (header):1:132] not JSON: nested more than 127 levels deep"));

  // A value takes 44 bytes, an array or object 56 more: see the test of JSON's bounds.
  const auto ones = [](size_t n) {
    std::string text = "{\"a\":[1";
    for (size_t i = 1; i < n; ++i) text += ",1";
    return text + "]}";
  };
  const size_t n = ((32 << 20) + ones(1).size() - 2 - 2 * (44 + 56)) / (44 - 2);
  CHECK(has(said(ones(n)), "dtype is missing"));
  CHECK(has(said(ones(n + 1)), "f (header)] has too many values"));
}

TEST_CASE("safetensors: of a name of any length an error shows 200 bytes") {
  const TempFolder folder;
  const std::string name(300, 'n'), shown = "\"" + std::string(200, 'n') + "\"";
  TensorView view = floats(name, 1);
  view.dtype = std::string(90, 't');
  CHECK(error_of([&] { write_safetensors(folder / "f", {view}); }) ==
        "[" + folder / "f" + "] tensor " + shown + ": unknown dtype \"" + std::string(50, 't') +
            "\"");
  view.dtype = "F32";
  view.size = 3;
  CHECK(has(error_of([&] { write_safetensors(folder / "f", {view}); }),
            "tensor " + shown + ": dtype and shape need 4 bytes, there are 3"));
  const std::string header = "{\"__metadata__\":{\"" + name + "\":1}}";
  write_file_atomically(
      folder / "f",
      std::string{static_cast<char>(header.size() & 255), 1, 0, 0, 0, 0, 0, 0} + header);
  CHECK(has(error_of([&] { SafeTensors{folder / "f"}; }),
            "__metadata__: the value of " + shown + " is not a string"));
}
