// The formats that files are made of, against definitions written out here: UTF-8, CRC-32, the
// element types and their conversions, lines, and the first bytes of other kinds of files.
#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>

#include "core/io/crc32.h"
#include "core/io/dtype.h"
#include "core/io/file_kind.h"
#include "core/io/files.h"
#include "core/io/safetensors.h"
#include "core/io/utf8.h"
#include "tests/folders.h"
#include "tests/support.h"

using namespace cairn;
using cairn::test::error_of;
using cairn::test::has;
using cairn::test::TempFolder;

namespace {

// UTF-8 as the encoding of a code point is defined, bit by bit.
std::string encoded(uint32_t point) {
  const auto byte = [](uint32_t value) { return static_cast<char>(value); };
  if (point < 0x80) return {byte(point)};
  std::string text;
  int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  text += byte((0xFF00u >> (more + 1) & 0xFF) + (point >> (6 * more)));
  while (more-- > 0) text += byte(0x80 + (point >> (6 * more)) % 64);
  return text;
}

// The length of the valid sequence that a text starts with, 0 if there is none: its value is taken
// and must give the same bytes again.
size_t valid_length(const std::string& text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const size_t length = byte(0) < 0x80   ? 1
                        : byte(0) < 0xC0 ? 0
                        : byte(0) < 0xE0 ? 2
                        : byte(0) < 0xF0 ? 3
                        : byte(0) < 0xF8 ? 4
                                         : 0;
  if (length == 0 || text.size() < length) return 0;
  uint32_t point = length == 1 ? byte(0) : byte(0) & (0x7Fu >> length);
  for (size_t i = 1; i < length; ++i) point = point << 6 | (byte(i) & 0x3F);
  if (point > 0x10FFFF || (0xD800 <= point && point < 0xE000)) return 0;
  return encoded(point) == text.substr(0, length) ? length : 0;
}

int64_t first_error(const std::string& text) {
  for (size_t i = 0; i < text.size();) {
    const size_t length = valid_length(text.substr(i, 4));
    if (length == 0) return static_cast<int64_t>(i);
    i += length;
  }
  return -1;
}

// The definition of CRC-32, a bit at a time.
uint32_t crc_by_bits(const unsigned char* bytes, size_t size) {
  uint32_t crc = 0xFFFFFFFFu;
  for (size_t i = 0; i < size; ++i) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0xEDB88320u : crc >> 1;
  }
  return ~crc;
}

template <typename T>
TensorView raw(const char* dtype, const std::vector<T>& values) {
  return {"raw",
          dtype,
          {static_cast<int64_t>(values.size())},
          reinterpret_cast<const unsigned char*>(values.data()),
          values.size() * sizeof(T)};
}

template <typename T>
std::vector<float> floats(const char* dtype, const std::vector<T>& values) {
  std::vector<float> out(values.size() + 1, 77);
  to_float(raw(dtype, values), out.data());
  CHECK(out.back() == 77);
  out.pop_back();
  return out;
}

template <typename T>
std::vector<double> doubles(const char* dtype, const std::vector<T>& values) {
  std::vector<double> out(values.size() + 1, 77);
  to_double(raw(dtype, values), out.data());
  CHECK(out.back() == 77);
  out.pop_back();
  return out;
}

// All three ways to read integers of this type, at the ends of its range.
template <typename T>
void check_integers(const char* dtype) {
  CAPTURE(dtype);
  std::vector<T> values = {std::numeric_limits<T>::min(),
                           0,
                           1,
                           2,
                           100,
                           static_cast<T>(std::numeric_limits<T>::max() / 2),
                           std::numeric_limits<T>::max()};
  std::vector<float> as_float;
  std::vector<double> as_double;
  std::vector<int64_t> as_int;
  if (sizeof(T) == 8 && std::numeric_limits<T>::min() == 0) values.pop_back();  // beyond int64
  for (const T value : values) {
    as_float.push_back(static_cast<float>(value));
    as_double.push_back(static_cast<double>(value));
    as_int.push_back(static_cast<int64_t>(value));
  }
  CHECK(floats(dtype, values) == as_float);
  CHECK(doubles(dtype, values) == as_double);
  std::vector<int64_t> read(values.size());
  to_int64(raw(dtype, values), read.data());
  CHECK(read == as_int);
}

}  // namespace

TEST_CASE("utf8: all sequences at the ends of the ranges are judged as by decoding them") {
  std::string ends;
  for (const int byte :
       {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
        0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF})
    ends += static_cast<char>(byte);
  int64_t wrong = 0;
  for (const char a : ends) {
    wrong += utf8_error({&a, 1}) != first_error({a});
    for (const char b : ends)
      for (const char c : ends) {
        const std::string three = {a, b, c};
        wrong += utf8_error(three) != first_error(three);
        for (const char d : ends) wrong += utf8_error(three + d) != first_error(three + d);
      }
  }
  for (int a = 0; a < 256; ++a)
    for (int b = 0; b < 256; ++b) {
      const std::string two = {static_cast<char>(a), static_cast<char>(b)};
      wrong += utf8_error(two) != first_error(two);
    }
  CHECK(wrong == 0);
}

TEST_CASE("utf8: the place of the first error does not depend on what stands before it") {
  for (size_t before = 0; before < 20; ++before)
    for (const std::string character : {"é", "€", "\U0001F600"})
      for (const std::string bad : {"\x80", "\xFF", "\xE2\x82", "\xED\xA0\x80"}) {
        const std::string text = std::string(before, 'a') + character;
        CHECK(utf8_error(text) == -1);
        CHECK(utf8_error(text + "12345678") == -1);
        CHECK(utf8_error(text + bad) == static_cast<int64_t>(text.size()));
        CHECK(utf8_error(text + bad + "12345678") == static_cast<int64_t>(text.size()));
      }
  CHECK(error_of([] { check_utf8("f", "ab\xFF\xFF", "the line"); }) ==
        "[f] byte 2 of the line is not UTF-8\n  hint: convert it to UTF-8 from what it is, e.g. "
        "with iconv -f LATIN1 -t UTF-8");
  CHECK_NOTHROW(check_utf8("f", "abé", "the line"));
}

TEST_CASE("utf8: every code point is appended as its bytes") {
  int64_t wrong = 0;
  for (uint32_t point = 0; point <= 0x10FFFF; ++point) {
    std::string text = "a";
    append_utf8(text, point);
    wrong += text != "a" + encoded(point);
  }
  CHECK(wrong == 0);
}

TEST_CASE("crc32: equals the definition for every length and wherever the bytes lie") {
  std::vector<unsigned char> bytes(300);
  std::mt19937 random(6);
  for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(random());
  for (size_t offset = 0; offset < 9; ++offset)
    for (size_t size = 0; size < 40; ++size)
      CHECK(crc32(&bytes[offset], size) == crc_by_bits(&bytes[offset], size));
  CHECK(crc32(bytes.data(), 300) == crc_by_bits(bytes.data(), 300));
}

TEST_CASE("dtype: names, sizes and order are the reference implementation's") {
  // safetensors/src/tensor.rs, enum Dtype, and its bitsize().
  const std::vector<std::pair<std::string, int>> expected = {
      {"BOOL", 8},        {"F4", 4},      {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"U8", 8},
      {"I8", 8},          {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8},
      {"F8_E5M2FNUZ", 8}, {"I16", 16},    {"U16", 16},    {"F16", 16},    {"BF16", 16},
      {"I32", 32},        {"U32", 32},    {"F32", 32},    {"C64", 64},    {"F64", 64},
      {"I64", 64},        {"U64", 64}};
  REQUIRE(dtypes().size() == expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    CHECK(dtypes()[i].name == expected[i].first);
    CHECK(dtypes()[i].bits == expected[i].second);
    CHECK(find_dtype(expected[i].first) == static_cast<int>(i));
  }
  CHECK(find_dtype("F128") == -1);
  CHECK(find_dtype("") == -1);
}

TEST_CASE("dtype: f16 and bf16 keep sign, payload and value, for all 65,536 patterns") {
  int64_t wrong = 0;
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    const auto pattern = static_cast<uint16_t>(bits);
    wrong += std::bit_cast<uint32_t>(float_of_bf16(pattern)) != bits << 16;
    const uint32_t f16 = std::bit_cast<uint32_t>(float_of_f16(pattern));
    wrong += f16 >> 31 != bits >> 15;
    if ((bits & 0x7C00) == 0x7C00)  // infinity, or NaN with its fraction
      wrong += (f16 & 0x7FFFFFFF) != (0x7F800000 | (bits & 0x3FF) << 13);
    else
      wrong += std::abs(float_of_f16(pattern)) !=
               static_cast<float>(std::ldexp((bits & 0x3FF) + (bits & 0x7C00 ? 1024.0 : 0.0),
                                             static_cast<int>(std::max(bits >> 10 & 31, 1u)) - 25));
  }
  CHECK(wrong == 0);
}

TEST_CASE("dtype: integers are read at both ends of their ranges") {
  check_integers<uint8_t>("U8");
  check_integers<int8_t>("I8");
  check_integers<uint16_t>("U16");
  check_integers<int16_t>("I16");
  check_integers<uint32_t>("U32");
  check_integers<int32_t>("I32");
  check_integers<uint64_t>("U64");
  check_integers<int64_t>("I64");
  CHECK(floats<uint8_t>("BOOL", {0, 1, 2, 255}) == std::vector<float>{0, 1, 1, 1});
  CHECK(doubles<uint8_t>("BOOL", {0, 1, 2, 255}) == std::vector<double>{0, 1, 1, 1});
  int64_t whole[3] = {};
  to_int64(raw<uint8_t>("BOOL", {0, 1, 7}), whole);
  CHECK(std::vector<int64_t>(whole, whole + 3) == std::vector<int64_t>{0, 1, 1});

  // Ties go to the even neighbour.
  CHECK(floats<int64_t>("I64", {(1 << 24) + 1, (1 << 24) + 3, -(1 << 24) - 1}) ==
        std::vector<float>{0x1p24f, 0x1.000004p24f, -0x1p24f});
  CHECK(doubles<int64_t>("I64", {(1LL << 53) + 1, (1LL << 53) + 3}) ==
        std::vector<double>{0x1p53, 0x1p53 + 4});
  CHECK(doubles<uint64_t>("U64", {~uint64_t{0}, uint64_t{1} << 63}) ==
        std::vector<double>{0x1p64, 0x1p63});

  const auto last = [&](uint64_t value) {
    return error_of([&] { to_int64(raw<uint64_t>("U64", {1, 2, value}), whole); });
  };
  CHECK(last((uint64_t{1} << 63) - 1).empty());
  CHECK(whole[2] == std::numeric_limits<int64_t>::max());
  CHECK(last(uint64_t{1} << 63) ==
        "[tensor \"raw\"] its type \"U64\" can't be read as int64: a "
        "value is above the range");
  for (const char* type : {"F16", "BF16", "F32", "F64", "F8_E4M3"})
    CHECK(has(error_of([&] { to_int64(raw<uint64_t>(type, {1}), whole); }),
              "[tensor \"raw\"] its type \"" + std::string(type) + "\" can't be read as integers"));
  float number = 0;
  for (const char* type : {"F4", "F8_E4M3", "C64", "f32", ""})
    CHECK(has(error_of([&] { to_float(raw<uint64_t>(type, {1}), &number); }),
              "can't be read as real numbers"));
}

TEST_CASE(
    "dtype: reals are rounded to nearest, ties to even - NaN, infinities, -0 and subnormals stay") {
  const float infinity = std::numeric_limits<float>::infinity();
  // clang-format off
  const std::pair<double, float> table[] = {
      {1 + 0x1p-24, 1}, {1 + 0x1.8p-24, 1 + 0x1p-23f}, {1 + 3 * 0x1p-24, 1 + 0x1p-22f},
      {-1 - 0x1p-24, -1}, {0.1, 0.1f}, {0x1.fffffefp127, 0x1.fffffep127f},
      {0x1.ffffffp127, infinity}, {-1e39, -infinity}, {0x1p-149, 0x1p-149f}, {0x1p-150, 0},
      {0x1.8p-150, 0x1p-149f}, {0x1.8p-149, 0x1p-148f}, {0x1.8p-130, 0x1.8p-130f}, {1e-300, 0},
      {static_cast<double>(infinity), infinity},
  };
  // clang-format on
  for (const auto& row : table) {
    const auto& wide = row.first;
    const auto& narrow = row.second;
    CAPTURE(wide);
    CHECK(floats<double>("F64", {0, wide, 5}) == std::vector<float>{0, narrow, 5});
    CHECK(doubles<double>("F64", {0, wide, 5}) == std::vector<double>{0, wide, 5});
    CHECK(doubles<float>("F32", {0, narrow}) ==
          std::vector<double>{0, static_cast<double>(narrow)});
    CHECK(floats<float>("F32", {narrow, 0}) == std::vector<float>{narrow, 0});
  }
  CHECK(std::signbit(floats<double>("F64", {-0.0})[0]));
  CHECK(std::signbit(doubles<float>("F32", {-0.0f})[0]));
  const double nan = std::nan("");
  CHECK(std::isnan(floats<double>("F64", {nan})[0]));
  CHECK(std::isnan(doubles<float>("F32", {static_cast<float>(nan)})[0]));
  CHECK(floats<uint16_t>("F16", {0x3C01, 0xFBFF, 0x0001}) ==
        std::vector<float>{1 + 0x1p-10f, -65504, 0x1p-24f});
  CHECK(doubles<uint16_t>("F16", {0x3C01, 0xFBFF, 0x0001}) ==
        std::vector<double>{1 + 0x1p-10, -65504, 0x1p-24});
  CHECK(doubles<uint16_t>("BF16", {0x3F81, 0xFF7F}) ==
        std::vector<double>{1 + 0x1p-7, -0x1.fep127});
}

TEST_CASE("dtype: the first number that is not finite is found wherever it is, and nothing else") {
  const auto check = [](auto zero) {
    using T = decltype(zero);
    const T infinity = std::numeric_limits<T>::infinity(),
            nan = std::numeric_limits<T>::quiet_NaN();
    for (const size_t size : {1, 2, 1023, 1024, 1025, 2048, 2051}) {
      std::vector<T> values(size, std::numeric_limits<T>::max());
      values[size / 2] = std::numeric_limits<T>::lowest();
      const auto first = [&](size_t count) {
        return first_not_finite(values.data(), static_cast<int64_t>(count));
      };
      CHECK(first(size) == -1);
      for (const size_t at : {size - 1, size / 2, size_t{0}}) {  // each before the one before
        CAPTURE(at);
        const T before = values[at];
        for (const T bad : {infinity, -infinity, nan}) {
          values[at] = bad;
          CHECK(first(size) == static_cast<int64_t>(at));
          CHECK(first(at + 1) == static_cast<int64_t>(at));
          CHECK(first(at) == -1);
        }
        if (at == 0) values[at] = before;
      }
    }
    CHECK(first_not_finite(&zero, 0) == -1);
    CHECK(first_not_finite(&zero, 1) == -1);
  };
  check(0.0f);
  check(0.0);
}

TEST_CASE("safetensors: views of numbers in memory say what lies there") {
  const float f[6] = {};
  const double d[6] = {};
  const int64_t i[6] = {};
  const auto check = [](const TensorView& view, const char* dtype, const void* bytes, size_t size) {
    CHECK(view.name == "name");
    CHECK(view.dtype == dtype);
    CHECK(view.shape == std::vector<int64_t>{2, 3});
    CHECK(view.bytes == bytes);
    CHECK(view.size == size);
    CHECK(view.numel() == 6);
    CHECK(view.owner == nullptr);
  };
  check(tensor_view("name", {2, 3}, f), "F32", f, 24);
  check(tensor_view("name", {2, 3}, d), "F64", d, 48);
  check(tensor_view("name", {2, 3}, i), "I64", i, 48);
  CHECK(tensor_view("", {}, f).numel() == 1);
  CHECK(tensor_view("", {5, 0}, f).size == 0);
}

TEST_CASE("files: lines end with \\n or \\r\\n, and only with them") {
  using Texts = std::vector<std::string>;
  CHECK(split_lines("a\rb\n\r\nc\r") == Texts{"a\rb", "", "c"});
  CHECK(split_lines("a\r\r\n\n") == Texts{"a\r", ""});
  CHECK(split_lines("\r") == Texts{""});
  CHECK(split("\t", '\t') == Texts{"", ""});
  CHECK(split("a,b", ',') == Texts{"a", "b"});
  std::string_view text = "ab\ncd";
  CHECK(take_line(text) == "ab");
  CHECK(text == "cd");
  CHECK(take_line(text) == "cd");
  CHECK(text.empty());
}

TEST_CASE("files: exactly so much memory is allowed: what is asked, or twice the size and 40 MiB") {
  constexpr size_t mebibyte = 1 << 20;
  const auto error = [](size_t size, size_t needed, size_t most = 0) {
    return error_of([&] { check_memory("f", size, needed, "rows", most); });
  };
  CHECK(error(3 * mebibyte, 46 * mebibyte).empty());
  CHECK(error(3 * mebibyte, 46 * mebibyte + 1) ==
        "[f] has too many rows for a file of 3145728 bytes: they would take more than 46 MiB of "
        "memory\n  hint: is this the right file?");
  CHECK(error(0, 40 * mebibyte).empty());
  CHECK_FALSE(error(0, 40 * mebibyte + 1).empty());
  CHECK(error(100 * mebibyte, 1000, 1000).empty());
  CHECK(has(error(100 * mebibyte, 2 * mebibyte + 1, 2 * mebibyte), "more than 2 MiB"));
}

TEST_CASE("files: other kinds are recognised by their first bytes, and by all of them") {
  using namespace std::string_literals;
  using namespace std::string_view_literals;
  // clang-format off
  const std::pair<std::string, const char*> kinds[] = {
      {"version https://git-lfs", "is a git-LFS pointer"}, {"<!doctype", "is a web page"},
      {"<!DOCTYPE", "is a web page"}, {"\n\t \r<HTML", "is a web page"},
      {"<?xml", "is a web page"}, {"PK\x03\x04", "is a zip archive"},
      {"\x80\x02", "is a Python pickle"}, {"\x80\x05", "is a Python pickle"},
      {"\x89HDF", "is an HDF5 file"}, {"GGUF", "is a GGUF file"}, {"\x93NUMPY", "is a NumPy array"},
      {"\x1f\x8b", "is compressed"}, {"\xfd" "7zXZ", "is compressed"}, {"BZh", "is compressed"},
      {"\x28\xb5\x2f\xfd", "is compressed"}, {std::string(257, 'x') + "ustar", "is a tar archive"},
      {"\0"s, "begins with nothing but zeros"},
  };
  // clang-format on
  for (const auto& row : kinds) {
    const auto& bytes = row.first;
    const auto& what = row.second;
    CAPTURE(what);
    CAPTURE(bytes);
    CHECK(has(kind_of_file(bytes).what, what));
    CHECK_FALSE(kind_of_file(bytes).hint.empty());
    CHECK(has(error_of([&] { refuse_other_kinds("f", bytes); }), "[f] "s + what));
    CHECK(has(kind_of_file(bytes + (bytes[0] ? "more" : "\0\0")).what, what));
    if (bytes.size() > 1)  // all but the last byte is another thing
      CHECK(kind_of_file(bytes.substr(0, bytes.size() - 1)).what.empty());
  }
  CHECK(kind_of_file("").what == "is empty");
  CHECK(kind_of_file("\x80\x02"sv.substr(0, 1)).what.empty());
  CHECK(has(error_of([] { refuse_other_kinds("f", ""); }), "[f] is empty\n  hint: fetch"));
  CHECK(has(kind_of_file(std::string(4096, '\0') + "x").what, "nothing but zeros"));
  for (const std::string& bytes :
       {"{}"s, "text"s, "\x80\x01"s, "\x80\x06"s, " "s, "x<html"s, std::string(4095, '\0') + "x",
        std::string(256, 'x') + "ustar", std::string(258, 'x') + "ustar"}) {
    CAPTURE(bytes);
    CHECK(kind_of_file(bytes).what.empty());
    CHECK_NOTHROW(refuse_other_kinds("f", bytes));
  }
}

TEST_CASE("files: a text may be empty, and what is none is refused with a hint that helps") {
  const TempFolder folder;
  const auto error = [&](const std::string& bytes) {
    write_file_atomically(folder / "f", bytes);
    return error_of([&] { CHECK(read_text(folder / "f") == bytes); });
  };
  CHECK(error("").empty());
  CHECK(error("a text\n").empty());
  CHECK(error("GGUF") ==
        "[" + folder / "f" + "] is a GGUF file\n  hint: give a text file, in UTF-8");
  CHECK(error("BZh") == "[" + folder / "f" + "] is compressed\n  hint: unpack it");
  CHECK(has_file(folder / "f"));
  CHECK_FALSE(has_file(folder / "g"));
  CHECK_FALSE(has_file(folder / "f/g"));
}
