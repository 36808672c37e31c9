// Unicode as BERT's tokenizer sees it: every code point against golden data of the oracle.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>

#include "core/io/crc32.h"
#include "core/io/files.h"
#include "text/bert_words.h"
#include "text/unicode.h"

using namespace cairn;

namespace {

const std::string data = std::string(CAIRN_SOURCE_DIR) + "/tests/data/";

std::string utf8(char32_t c) {
  std::string text;
  append_utf8(text, c);
  return text;
}

std::string words_of(std::string_view text, bool lower_case, bool strip_accents) {
  Words words;
  split_words(text, {lower_case, strip_accents, true}, words);
  std::string joined;
  for (size_t i = 0; i < words.size(); ++i) joined += (i ? " " : "") + std::string(words[i]);
  return joined;
}

bool is_surrogate(char32_t c) { return 0xD800 <= c && c < 0xE000; }

// The golden lines' checksum: see scripts/make_tokenizer_goldens.py.
uint32_t checksum_of_block(char32_t first) {
  uint32_t crc = 0;
  for (char32_t point = first; point < first + 512; ++point) {
    const std::string c = utf8(point);
    const std::string text =
        "Xa" + c + "b " + c + " e\u0301" + c + "\u0316\u302e\U0001D165 \u03a3" + c + "\u03a3";
    for (int setting = 0; setting < 4; ++setting) {
      const std::string words = words_of(text, setting < 2, setting % 2 == 0) + "\n";
      crc = crc32(words.data(), words.size(), crc);
    }
  }
  return crc;
}

double seconds_to_split(const std::string& text) {
  const auto start = std::chrono::steady_clock::now();
  words_of(text, true, true);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::string repeat(const std::string& text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("unicode: every code point becomes the words that the oracle makes of it") {
  const std::vector<std::string> lines = split_lines(read_file(data + "tokenizer_words.txt"));
  CHECK(lines.size() == (0x110000 - 0x800) / 512);
  for (const std::string& line : lines) {
    const auto first = static_cast<char32_t>(std::stoul(line, nullptr, 16));
    const auto expected = static_cast<uint32_t>(std::stoul(line.substr(7), nullptr, 16));
    INFO("code points from U+", line.substr(0, 6));
    CHECK(checksum_of_block(first) == expected);
  }
}

TEST_CASE("unicode: UTF-8 of every code point is read back") {
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (is_surrogate(c)) continue;
    const std::string text = utf8(c);
    const char* p = text.data();
    const char32_t back = next_code_point(p);
    if (back != c || p != text.data() + text.size() || count_code_points(text) != 1) FAIL(c);
  }
}

TEST_CASE("unicode: accents are stripped after decomposition") {
  CHECK(words_of("Ångström ÉTÉ naïve", true, true) == "angstrom ete naive");
  CHECK(words_of("Ångström ÉTÉ", true, false) == "ångström été");
  CHECK(words_of("Ångström", false, true) == "Angstrom");
  CHECK(words_of("\u1E69 s\u0323\u0307", true, true) == "s s");
  CHECK(words_of("\u01D6", true, true) == "u");  // two steps: ü and macron, u and diaeresis
}

TEST_CASE("unicode: lower-casing is character by character") {
  CHECK(words_of("ΟΔΟΣ", true, false) == "οδοσ");  // no final sigma
  CHECK(words_of("\u0130", true, false) == "i\u0307");
  CHECK(words_of("\u0130", true, true) == "i");
  CHECK(words_of("\u212A\u212B", true, true) == "ka");  // Kelvin and Angstrom signs
  CHECK(words_of("STRASSE ẞ ß", true, true) == "strasse ß ß");
}

TEST_CASE("unicode: marks of a letter are put into canonical order") {
  // Two marks that accent stripping keeps: classes 224 (U+302E) and 216 (U+1D165).
  CHECK(words_of("a\u302e\U0001D165", true, true) == "a\U0001D165\u302e");
  CHECK(words_of("a\u302eb\U0001D165", true, true) == "a\u302eb\U0001D165");
  CHECK(words_of("a\u302e\u0903\U0001D165", true, true) == "a\u302e\u0903\U0001D165");
  CHECK(words_of("a\u302e\U0001D165", true, false) == "a\u302e\U0001D165");
}

TEST_CASE("unicode: Hangul syllables are decomposed by accent stripping") {
  CHECK(words_of("한", true, true) == "\u1112\u1161\u11ab");
  CHECK(words_of("가", true, true) == "\u1100\u1161");
  CHECK(words_of("한", true, false) == "한");
}

TEST_CASE("unicode: cleaning, ideographs and punctuation") {
  CHECK(words_of(std::string("a\0b\u200dc\ufffd", 10), true, true) == "abc");
  CHECK(words_of("a\tb\u00a0c\u3000d\r\ne", true, true) == "a b c d e");
  CHECK(words_of("ab中国c", true, true) == "ab 中 国 c");
  CHECK(words_of("it's $5!", true, true) == "it ' s $ 5 !");
  CHECK(words_of("a\u037eb \u2260", true, true) == "a ; b =");  // punctuation only once decomposed
  CHECK(words_of("", true, true).empty());
  CHECK(words_of(" \u0301\u200b ", true, true).empty());
}

TEST_CASE("unicode: long words and long runs of marks take linear time") {
  for (const char* piece : {"a", "\u0301", "\u302e\U0001D165", "한", "a\u0301\u0316", "中", "é,"}) {
    const std::string text = repeat(piece, (1 << 20) / std::string(piece).size());
    INFO(piece, " repeated to 1 MB");
    CHECK(seconds_to_split(text) < 10);  // milliseconds; quadratic time would be hours
  }
}
