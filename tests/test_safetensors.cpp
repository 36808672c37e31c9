// safetensors files and model folders: good ones give what was written, bit for bit; every lie and
// every cut is an Error; a save that fails leaves the last one in place.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <memory>
#include <random>

#include "core/error.h"
#include "core/io/crc32.h"
#include "core/io/dtype.h"
#include "core/io/json.h"
#include "core/io/model_files.h"
#include "core/io/safetensors.h"
#include "tests/folders.h"
#include "tests/support.h"

using namespace cairn;
using cairn::test::error_of;
using cairn::test::has;
using cairn::test::TempFolder;

namespace {

// A file's bytes: the header's length (or what it claims to be), the header, the data.
std::string file_bytes(const std::string& header, const std::string& data, uint64_t length) {
  std::string bytes(8, '\0');
  for (size_t i = 0; i < 8; i++) bytes[i] = static_cast<char>(length >> (8 * i) & 0xFF);
  return bytes + header + data;
}

std::string file_bytes(const std::string& header, const std::string& data = "") {
  return file_bytes(header, data, header.size());
}

// One tensor's entry in a header.
std::string entry(const std::string& name, const std::string& dtype, const std::string& shape,
                  const std::string& offsets) {
  return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape +
         ",\"data_offsets\":" + offsets + "}";
}

std::string open_error(const std::string& bytes) {
  const TempFolder folder;
  write_file_atomically(folder / "f.safetensors", bytes);
  return error_of([&] { SafeTensors{folder / "f.safetensors"}; });
}

const std::vector<float> six = {1, -2, 0.5f, 1e-40f, 3e38f, -0.0f};
const std::vector<int64_t> three = {-1, 0, 1LL << 40};

std::vector<TensorView> two_tensors() {
  return {tensor_view("b", {2, 3}, six.data()), tensor_view("a.ids", {3}, three.data())};
}

std::vector<float> floats(const TensorView& view) {
  std::vector<float> values(static_cast<size_t>(view.numel()));
  to_float(view, values.data());
  return values;
}

// A view of values of any type, for the conversions.
template <typename T>
TensorView raw(const char* dtype, const std::vector<T>& values) {
  return {"raw",
          dtype,
          {static_cast<int64_t>(values.size())},
          reinterpret_cast<const unsigned char*>(values.data()),
          values.size() * sizeof(T)};
}

// The definition of binary16, by the value of each part.
double f16_value(uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  const double sign = bits & 0x8000 ? -1 : 1;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(1024 + fraction, exponent - 25);
}

}  // namespace

TEST_CASE("safetensors: the shared good and bad files") {
  const std::string folder = test::shared_or_skip("fixtures/files");
  if (folder.empty()) return;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != ".safetensors") continue;
    const std::string path = file.path().string();
    CAPTURE(path);
    const bool good = file.path().filename().string().starts_with("ok_");
    if (good) CHECK_NOTHROW(SafeTensors{path});
    else CHECK_THROWS_AS(SafeTensors{path}, Error);
  }
}

TEST_CASE("safetensors: what is written is read back bit for bit") {
  const TempFolder folder;
  const std::string path = folder / "f.safetensors";
  write_safetensors(path, two_tensors(), {{"format", "pt"}, {"note", "\"é\"\n"}});
  const SafeTensors file(path);
  REQUIRE(file.tensors().size() == 2);
  CHECK(file.tensors()[0].name == "a.ids");  // larger elements first
  CHECK(file.metadata() == Metadata{{"format", "pt"}, {"note", "\"é\"\n"}});
  const TensorView* b = file.find("b");
  REQUIRE(b);
  CHECK(b->dtype == "F32");
  CHECK(b->shape == std::vector<int64_t>{2, 3});
  CHECK(std::memcmp(b->bytes, six.data(), b->size) == 0);
  std::vector<int64_t> ids(3);
  to_int64(*file.find("a.ids"), ids.data());
  CHECK(ids == three);
  CHECK(file.find("c") == nullptr);
  for (const TensorView& view : file.tensors()) CHECK((view.bytes - file.file()->data()) % 8 == 0);
}

TEST_CASE("safetensors: no tensors, no elements, rank 0 and odd names are written and read") {
  const TempFolder folder;
  const std::string path = folder / "f.safetensors";
  write_safetensors(path, {});
  CHECK(SafeTensors(path).tensors().empty());
  write_safetensors(path, {tensor_view("", {}, six.data()), tensor_view("none", {4, 0}, six.data()),
                           tensor_view("\"\\\n\x01é", {1}, six.data())});
  const SafeTensors file(path);
  REQUIRE(file.tensors().size() == 3);
  CHECK(file.find("")->numel() == 1);
  CHECK(file.find("none")->numel() == 0);
  CHECK(file.find("\"\\\n\x01é"));
}

TEST_CASE("safetensors: a copy of the reader keeps the bytes alive") {
  const TempFolder folder;
  write_safetensors(folder / "f", two_tensors());
  auto file = std::make_unique<SafeTensors>(folder / "f");
  const SafeTensors copy = *file;
  const TensorView view = *file->find("b");
  file.reset();
  CHECK(floats(view) == six);
}

TEST_CASE("safetensors: a file cut anywhere is refused, and so is one with a byte too many") {
  const TempFolder folder;
  const std::string path = folder / "f.safetensors";
  write_safetensors(path, two_tensors());
  const std::string bytes = read_file(path);
  for (size_t size = 0; size < bytes.size(); size++) {
    CAPTURE(size);
    write_file_atomically(path, bytes.substr(0, size));
    CHECK(has(error_of([&] { SafeTensors{path}; }), path));
  }
  write_file_atomically(path, bytes + '\0');
  CHECK_THROWS_AS(SafeTensors{path}, Error);
}

TEST_CASE("safetensors: lies about the header") {
  const std::string good = "{" + entry("w", "F32", "[2]", "[0,8]") + "}", data(8, 'x');
  CHECK(open_error(file_bytes(good, data)) == "");
  CHECK(open_error(file_bytes(good + " \n\t ", data)) == "");
  CHECK(has(open_error(file_bytes(good, data, good.size() + 9)), "cut short"));
  CHECK(has(open_error(file_bytes(good, data, 100'000'000)), "cut short"));
  CHECK(has(open_error(file_bytes(good, data, 100'000'001)),
            "claims a header of 100000001 bytes; at most 100000000 are allowed"));
  for (const uint64_t length : {uint64_t{1} << 63, ~uint64_t{0}, ~uint64_t{7}})
    CHECK(has(open_error(file_bytes(good, data, length)), "at most"));
  CHECK(has(open_error(file_bytes(good, data, 0)), "does not start"));
  CHECK(has(open_error(file_bytes(" " + good, data)), "does not start"));
  CHECK(has(open_error(file_bytes("[]")), "does not start"));
  CHECK(has(open_error(file_bytes(good + "x", data)), "more text follows"));
  CHECK(has(open_error(file_bytes(good + std::string(1, '\0'), data)), "more text follows"));
  CHECK(has(open_error(file_bytes("{\"\xFF\":1}")), "UTF-8"));
  CHECK(has(open_error(file_bytes("{\"\\ud800\":1}")), "surrogate"));
  CHECK(has(open_error(file_bytes("{\"a\":" + std::string(5000, '['))), "levels deep"));
  CHECK(has(open_error(file_bytes("{\"__metadata__\":{\"a\":1}}")), "not a string"));
  CHECK(has(open_error(file_bytes("{\"__metadata__\":[]}")), "not an object"));
  CHECK(has(open_error(file_bytes("{\"__metadata__\":{},\"__metadata__\":{}}")), "twice"));
}

TEST_CASE("safetensors: lies about a tensor") {
  const auto error = [](const std::string& dtype, const std::string& shape,
                        const std::string& offsets, size_t data = 8) {
    return open_error(
        file_bytes("{" + entry("w", dtype, shape, offsets) + "}", std::string(data, 'x')));
  };
  CHECK(error("F32", "[2]", "[0,8]") == "");
  CHECK(error("F4", "[16]", "[0,8]") == "");
  CHECK(has(error("F4", "[1]", "[0,1]", 1), "whole bytes"));
  CHECK(has(error("f32", "[2]", "[0,8]"), "tensor \"w\": unknown dtype \"f32\""));
  CHECK(has(error("", "[2]", "[0,8]"), "unknown dtype"));
  for (const char* shape :
       {"[-2]", "[2.0]", "[2e0]", "[\"2\"]", "[null]", "[[2]]", "[true]", "2", "null", "{}",
        "[18446744073709551618]", "[9223372036854775808,0]", "[-0,2]", "[2,-0]", "[-0]"}) {
    CAPTURE(shape);
    CHECK(has(error("F32", shape, "[0,8]"), "tensor \"w\""));
  }
  CHECK(has(error("F32", "[3]", "[0,8]"), "need 12 bytes, data_offsets give 8"));
  CHECK(has(error("F32", "[1]", "[0,8]"), "need 4 bytes, data_offsets give 8"));
  CHECK(has(error("F32", "[4294967296,4294967296]", "[0,0]", 0), "counted"));
  CHECK(has(error("F32", "[4611686018427387906]", "[0,8]"), "counted"));
  CHECK(has(error("U8", "[9223372036854775807]", "[0,9223372036854775807]"), "counted"));
  CHECK(has(error("F32", "[1000000000000]", "[0,4000000000000]"), "the file has 8"));
  CHECK(error("F32", "[0,4294967296,4294967296]", "[0,0]", 0) == "");
  for (const char* offsets : {"[8,0]", "[0]", "[0,8,8]", "[]", "[-8,0]", "[0,8.0]", "8", "null",
                              "[0,18446744073709551624]", "[\"0\",\"8\"]", "[-0,8]"}) {
    CAPTURE(offsets);
    CHECK(has(error("F32", "[2]", offsets), "tensor \"w\""));
  }
  CHECK(has(error("F32", "[2]", "[4,12]", 12), "unused bytes"));
  CHECK(has(error("F32", "[2]", "[0,8]", 12), "the file has 12"));
  for (const char* header :
       {R"({"w":1})", R"({"w":null})", R"({"w":[]})", R"({"w":{}})",
        R"({"w":{"dtype":"F32","shape":[2]}})", R"({"w":{"shape":[2],"data_offsets":[0,8]}})",
        R"({"w":{"dtype":"F32","data_offsets":[0,8]}})",
        R"({"w":{"dtype":1,"shape":[2],"data_offsets":[0,8]}})"}) {
    CAPTURE(header);
    CHECK(has(open_error(file_bytes(header, std::string(8, 'x'))), "tensor \"w\""));
  }
}

TEST_CASE("safetensors: tensors that overlap, leave a hole or share a name") {
  const auto error = [](const std::string& a, const std::string& b, size_t data) {
    return open_error(file_bytes("{" + a + "," + b + "}", std::string(data, 'x')));
  };
  const std::string a = entry("a", "F32", "[2]", "[0,8]");
  CHECK(error(entry("b", "F32", "[1]", "[8,12]"), a, 12) == "");
  CHECK(error(a, entry("z", "F32", "[0]", "[8,8]"), 8) == "");
  CHECK(has(error(a, entry("b", "F32", "[2]", "[4,12]"), 12), "overlap"));
  CHECK(has(error(a, entry("b", "F32", "[2]", "[0,8]"), 8), "overlap"));
  CHECK(has(error(a, entry("z", "F32", "[0]", "[4,4]"), 8), "overlap"));
  CHECK(has(error(a, entry("b", "F32", "[1]", "[12,16]"), 16), "unused bytes"));
  CHECK(has(error(a, entry("a", "F32", "[1]", "[8,12]"), 12), "twice"));
}

TEST_CASE("safetensors: a changed byte never does worse than an Error") {
  const TempFolder folder;
  const std::string path = folder / "f.safetensors";
  write_safetensors(path, two_tensors());
  const std::string bytes = read_file(path);
  std::mt19937 random(3);
  for (int i = 0; i < 2000; i++) {
    std::string changed = bytes;
    for (uint32_t n = random() % 3 + 1; n > 0; n--)
      changed[random() % (random() % 2 ? changed.size() : 20)] = static_cast<char>(random());
    std::ofstream(path, std::ios::binary) << changed;
    try {
      for (const SafeTensors file(path); const TensorView& view : file.tensors())
        (void)crc32(view.bytes, view.size);
    } catch (const Error&) {}
  }
}

TEST_CASE("safetensors: f16 is exact for all 65,536 patterns") {
  int64_t wrong = 0;
  for (uint32_t i = 0; i < 65536; i++) {
    const auto bits = static_cast<uint16_t>(i);
    const float value = float_of_f16(bits);
    const bool negative = bits & 0x8000;
    if ((bits & 0x7C00) != 0x7C00) wrong += value != f16_value(bits);
    else if (bits & 0x3FF) wrong += !std::isnan(value);
    else wrong += !std::isinf(value);
    wrong += std::signbit(value) != negative;
  }
  CHECK(wrong == 0);
}

TEST_CASE("safetensors: elements become float, double and int64") {
  const auto infinity = std::numeric_limits<float>::infinity();
  CHECK(floats(raw<uint16_t>("F16", {0x3C00, 0x8001, 0x7C00, 0x7BFF})) ==
        std::vector<float>{1, -0x1p-24f, infinity, 65504});
  const std::vector<float> bf16 =
      floats(raw<uint16_t>("BF16", {0x3F80, 0xC049, 0x0001, 0xFF80, 0x7FC0}));
  CHECK(std::vector<float>(bf16.begin(), bf16.begin() + 4) ==
        std::vector<float>{1, -3.140625f, 0x1p-133f, -infinity});
  CHECK(std::isnan(bf16[4]));
  CHECK(floats(raw<double>("F64", {0.1, 1e300, 1e-50})) == std::vector<float>{0.1f, infinity, 0});
  CHECK(floats(raw<uint8_t>("BOOL", {0, 1, 2})) == std::vector<float>{0, 1, 1});
  CHECK(floats(raw<uint8_t>("U8", {0, 255})) == std::vector<float>{0, 255});
  CHECK(floats(raw<int8_t>("I8", {-128})) == std::vector<float>{-128});
  CHECK(floats(raw<int16_t>("I16", {-32768})) == std::vector<float>{-32768});
  CHECK(floats(raw<uint16_t>("U16", {65535})) == std::vector<float>{65535});
  CHECK(floats(raw<int32_t>("I32", {-7})) == std::vector<float>{-7});
  CHECK(floats(raw<uint32_t>("U32", {4294967295u})) == std::vector<float>{4294967296.0f});
  CHECK(floats(raw<int64_t>("I64", {-9})) == std::vector<float>{-9});
  CHECK(floats(raw<uint64_t>("U64", {~uint64_t{0}})) == std::vector<float>{0x1p64f});
  double wide = 0;
  to_double(raw<float>("F32", {0.1f}), &wide);
  CHECK(wide == static_cast<double>(0.1f));
  int64_t whole = 0;
  to_int64(raw<int16_t>("I16", {-5}), &whole);
  CHECK(whole == -5);
  CHECK_THROWS_AS(to_int64(raw<float>("F32", {1}), &whole), Error);
  CHECK_THROWS_AS(to_int64(raw<uint64_t>("U64", {~uint64_t{0}}), &whole), Error);
  CHECK_THROWS_AS(floats(raw<uint8_t>("F8_E4M3", {1})), Error);
}

TEST_CASE("safetensors: bytes that are not aligned are read") {
  const std::vector<float> values = {1, 2, 3};
  std::vector<unsigned char> bytes(13);
  std::memcpy(bytes.data() + 1, values.data(), 12);
  const TensorView view{"w", "F32", {3}, bytes.data() + 1, 12};
  CHECK(floats(view) == values);
  std::vector<double> wide(3);
  to_double(view, wide.data());
  CHECK(wide == std::vector<double>{1, 2, 3});
}

TEST_CASE("safetensors: nothing wrong is written, and the old file stays") {
  const TempFolder folder;
  const std::string path = folder / "f.safetensors";
  write_safetensors(path, two_tensors());
  const std::string old = read_file(path);
  const auto error = [&](const std::vector<TensorView>& tensors) {
    const std::string message = error_of([&] { write_safetensors(path, tensors); });
    CHECK(read_file(path) == old);
    CHECK(folder.count() == 1);
    return message;
  };
  const TensorView good = tensor_view("w", {2}, six.data());
  CHECK(has(error({good, good}), "the name is taken"));
  CHECK(has(error({tensor_view("__metadata__", {2}, six.data())}), "the name is taken"));
  CHECK(has(error({tensor_view("\xFF", {2}, six.data())}), "UTF-8"));
  TensorView bad = good;
  bad.dtype = "F31";
  CHECK(has(error({bad}), "unknown dtype"));
  bad = good;
  bad.size = 7;
  CHECK(has(error({bad}), "need 8 bytes, there are 7"));
  bad = good;
  bad.shape = {-1, -2};
  CHECK(has(error({bad}), "negative"));
}

TEST_CASE("safetensors: the same tensors give the reference's bytes") {
  const std::string models = test::shared_or_skip("fixtures/models");
  if (models.empty()) return;
  const TempFolder folder;
  int64_t files = 0;
  for (const auto& model : std::filesystem::directory_iterator(models)) {
    const std::string path = (model.path() / "model.safetensors").string();
    if (!std::filesystem::exists(path)) continue;
    CAPTURE(path);
    const SafeTensors file(path);
    write_safetensors(folder / "copy", file.tensors(), file.metadata());
    CHECK(read_file(folder / "copy") == read_file(path));
    files++;
  }
  CHECK(files > 0);
}

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
      CHECK(floats(*view) == values[i]);
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
  CHECK(floats(*ModelFiles(folder.path()).find("b")) == six);
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
