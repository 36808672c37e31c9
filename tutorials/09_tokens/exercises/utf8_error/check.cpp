// Texts by name, and then every sequence of two bytes and the borders of longer ones, against a text
// that is written anew from the numbers.
#include <algorithm>
#include <string>

#include "tutorials/09_tokens/exercises/utf8_error/utf8_error.h"

namespace {

std::string hexadecimal(const std::string& text) {
  std::string digits;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    digits += (digits.empty() ? "" : " ") + std::string(1, "0123456789abcdef"[byte >> 4]) +
              "0123456789abcdef"[byte & 15];
  }
  return digits;
}

std::string bytes(std::initializer_list<int> list) {
  std::string text;
  for (const int byte : list) text += static_cast<char>(byte);
  return text;
}

// Reads what stands at `begin` as if it were valid, writes that, and compares.
size_t valid_at(const std::string& text, size_t begin) {
  const auto at = [&](size_t i) {
    return begin + i < text.size() ? static_cast<unsigned char>(text[begin + i]) : 0u;
  };
  const char32_t numbers[] = {
      at(0), (at(0) & 31) << 6 | (at(1) & 63),
      (at(0) & 15) << 12 | (at(1) & 63) << 6 | (at(2) & 63),
      (at(0) & 7) << 18 | (at(1) & 63) << 12 | (at(2) & 63) << 6 | (at(3) & 63)};
  for (const char32_t number : numbers) {
    if (number > 0x10FFFF || (number >= 0xD800 && number < 0xE000)) continue;
    std::string written;
    cairn::append_utf8(written, number);
    if (text.compare(begin, written.size(), written) == 0) return written.size();
  }
  return 0;
}

int64_t expected_of(const std::string& text) {
  for (size_t begin = 0, size = 0; begin < text.size(); begin += size)
    if ((size = valid_at(text, begin)) == 0) return static_cast<int64_t>(begin);
  return -1;
}

void check_utf8_error(Utf8Error* utf8_error, check::Judge& judge) {
  const auto run = [&](const std::string& what, const std::string& text) {
    judge.input(what);
    const std::vector<char> exact(text.begin(), text.end());  // nothing may be read behind it
    judge.equal(what, utf8_error({exact.data(), exact.size()}), expected_of(text));
  };
  run("ASCII", "A cat sits.");
  run("the same once more", "A cat sits.");
  run("an empty text", "");
  run("letters of two, three and four bytes", "é€中😀a");
  run("a byte that is 0 within", std::string("a\0é", 4));
  run("a byte that is 0, then a wrong one", std::string("a\0b\xff", 4));
  run("the smallest and the largest numbers", "\u007f\u0080\u07ff\u0800\uffff\U00010000\U0010ffff");
  run("U+FFFD, U+FFFE and U+FFFF", "\ufffd\ufffe\uffff");
  run("a byte order mark",
      "\ufeff"
      "a");
  run("neighbours of the surrogates", "\ud7ff\ue000");
  run("Latin-1's Zo\xc3\xab", "Zo\xeb soup");
  run("é without its second byte, at the end", "Zo\xc3");
  run("é without its second byte, within", "Zo\xc3 soup");
  run("61 e2 82: € without its third byte", "a\xe2\x82");
  run("an emoji without its fourth byte", "é\xf0\x9f\x98");
  run("€ with a letter for its third byte",
      "\xe2\x82"
      "a");
  run("€ with a letter for its second byte",
      "\xe2"
      "a\xac");
  run("an emoji with a letter for its fourth byte",
      "\xf0\x9f\x98"
      "a");
  run("a later byte without a first one", "ab\x82");
  run("c1 81: an A in two bytes", "a\xc1\x81");
  run("e0 82 ac: a number of 7 bits in three bytes", "\xe0\x82\xac");
  run("e0 9f bf: a number of 11 bits in three bytes", "\xe0\x9f\xbf");
  run("f0 82 82 ac: € in four bytes", "\xf0\x82\x82\xac");
  run("ed a0 80: U+D800", "a\xed\xa0\x80");
  run("ed bf bf: U+DFFF", "\xed\xbf\xbf");
  run("f4 90 80 80: U+110000", "a\xf4\x90\x80\x80");
  run("f7 bf bf bf", "\xf7\xbf\xbf\xbf");
  run("fb bf bf bf bf: five bytes", "\xfb\xbf\xbf\xbf\xbf");
  run("fe and ff", "a\xfe\xff");
  run("a wrong byte after 40 right ones", "é, sixteen of these and more: éééééé \xff");
  const auto sequence = [&](const std::string& text) { run(hexadecimal(text), text); };
  for (int first = 0; first < 256; ++first)
    for (int second = 0; second < 256; second += first < 0xC0 ? 15 : 1)
      sequence(bytes({first, second}));
  for (int first = 0xE0; first < 256; ++first)
    for (const int second : {0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0})
      for (const int third : {0x41, 0x7F, 0x80, 0xBF, 0xC0}) {
        sequence(bytes({first, second, third}));
        for (const int fourth : {0x7F, 0x80, 0xBF, 0xC0})
          sequence(bytes({first, second, third, fourth}));
      }
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Utf8Error>({.name = "utf8_error",
                                .check = check_utf8_error,
                                .mine = cairn::utf8_error,
                                .mistaken = mistakes::utf8_error,
                                .mistakes = mistakes::list,
                                .alternatives = alternatives::list},
                               argc, argv);
}
