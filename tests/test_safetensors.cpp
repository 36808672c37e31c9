// safetensors files: good ones give what was written, bit for bit; every lie and every cut is an
// Error; a save that fails leaves the last one in place.
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
#include "core/io/safetensors.h"
#include "tests/folders.h"
#include "tests/support.h"
#include "tests/tensor_views.h"

using namespace cairn;
using namespace cairn::test;

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
  CHECK(floats_of(view) == six);
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
  CHECK(floats_of(view_of<uint16_t>("F16", {0x3C00, 0x8001, 0x7C00, 0x7BFF})) ==
        std::vector<float>{1, -0x1p-24f, infinity, 65504});
  const std::vector<float> bf16 =
      floats_of(view_of<uint16_t>("BF16", {0x3F80, 0xC049, 0x0001, 0xFF80, 0x7FC0}));
  CHECK(std::vector<float>(bf16.begin(), bf16.begin() + 4) ==
        std::vector<float>{1, -3.140625f, 0x1p-133f, -infinity});
  CHECK(std::isnan(bf16[4]));
  CHECK(floats_of(view_of<double>("F64", {0.1, 1e300, 1e-50})) ==
        std::vector<float>{0.1f, infinity, 0});
  CHECK(floats_of(view_of<uint8_t>("BOOL", {0, 1, 2})) == std::vector<float>{0, 1, 1});
  CHECK(floats_of(view_of<uint8_t>("U8", {0, 255})) == std::vector<float>{0, 255});
  CHECK(floats_of(view_of<int8_t>("I8", {-128})) == std::vector<float>{-128});
  CHECK(floats_of(view_of<int16_t>("I16", {-32768})) == std::vector<float>{-32768});
  CHECK(floats_of(view_of<uint16_t>("U16", {65535})) == std::vector<float>{65535});
  CHECK(floats_of(view_of<int32_t>("I32", {-7})) == std::vector<float>{-7});
  CHECK(floats_of(view_of<uint32_t>("U32", {4294967295u})) == std::vector<float>{4294967296.0f});
  CHECK(floats_of(view_of<int64_t>("I64", {-9})) == std::vector<float>{-9});
  CHECK(floats_of(view_of<uint64_t>("U64", {~uint64_t{0}})) == std::vector<float>{0x1p64f});
  double wide = 0;
  to_double(view_of<float>("F32", {0.1f}), &wide);
  CHECK(wide == static_cast<double>(0.1f));
  int64_t whole = 0;
  to_int64(view_of<int16_t>("I16", {-5}), &whole);
  CHECK(whole == -5);
  CHECK_THROWS_AS(to_int64(view_of<float>("F32", {1}), &whole), Error);
  CHECK_THROWS_AS(to_int64(view_of<uint64_t>("U64", {~uint64_t{0}}), &whole), Error);
  CHECK_THROWS_AS(floats_of(view_of<uint8_t>("F8_E4M3", {1})), Error);
}

TEST_CASE("safetensors: bytes that are not aligned are read") {
  const std::vector<float> values = {1, 2, 3};
  std::vector<unsigned char> bytes(13);
  std::memcpy(bytes.data() + 1, values.data(), 12);
  const TensorView view{"w", "F32", {3}, bytes.data() + 1, 12};
  CHECK(floats_of(view) == values);
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
