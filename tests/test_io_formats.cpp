// The formats that files are made of, against definitions written out here: UTF-8, CRC-32, lines,
// and the first bytes of other kinds of files. Element types: test_io_dtype.cpp.
#include <doctest/doctest.h>

#include <random>

#include "core/io/crc32.h"
#include "core/io/file_kind.h"
#include "core/io/files.h"
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
