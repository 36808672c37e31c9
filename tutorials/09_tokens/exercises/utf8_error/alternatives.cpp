// Other ways to write it, as good.
#include <algorithm>
#include <string>

#include "tutorials/09_tokens/exercises/utf8_error/utf8_error.h"

namespace alternatives {
namespace {

// Which second byte may follow which first one: the Unicode standard's table.
int64_t by_table(std::string_view text) {
  struct Row {
    int first, last, low, high;
    size_t size;
  };
  constexpr Row rows[] = {
      {0x00, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
      {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
      {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};
  const auto byte = [&](size_t i) { return static_cast<int>(static_cast<unsigned char>(text[i])); };
  for (size_t at = 0; at < text.size();) {
    const Row* row = std::find_if(std::begin(rows), std::end(rows), [&](const Row& r) {
      return r.first <= byte(at) && byte(at) <= r.last;
    });
    if (row == std::end(rows) || text.size() - at < row->size) return static_cast<int64_t>(at);
    for (size_t i = 1; i < row->size; ++i)
      if (byte(at + i) < (i == 1 ? row->low : 0x80) || byte(at + i) > (i == 1 ? row->high : 0xBF))
        return static_cast<int64_t>(at);
    at += row->size;
  }
  return -1;
}

// A machine that takes one byte after the other, and knows where the character has begun.
int64_t by_state(std::string_view text) {
  int64_t begin = 0;
  int waiting = 0, low = 0x80, high = 0xBF;
  for (size_t i = 0; i < text.size(); ++i) {
    const int byte = static_cast<unsigned char>(text[i]);
    if (waiting > 0) {
      if (byte < low || byte > high) return begin;
      --waiting, low = 0x80, high = 0xBF;
      continue;
    }
    begin = static_cast<int64_t>(i);
    if (byte < 0x80) continue;
    if (byte < 0xC2 || byte > 0xF4) return begin;
    waiting = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
    if (byte == 0xE0) low = 0xA0;
    if (byte == 0xED) high = 0x9F;
    if (byte == 0xF0) low = 0x90;
    if (byte == 0xF4) high = 0x8F;
  }
  return waiting > 0 ? begin : -1;
}

// The number of the leading ones by counting bits, and what was read is written again.
int64_t written_again(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const unsigned first = static_cast<unsigned char>(text[at]);
    size_t ones = 0;
    while (ones < 8 && (first << ones & 0x80)) ++ones;
    const size_t size = ones == 0 ? 1 : ones;
    if (ones == 1 || ones > 4 || at + size > text.size()) return static_cast<int64_t>(at);
    char32_t number = first & (0xFFu >> ones);
    for (size_t i = 1; i < size; ++i) number = number * 64 + (text[at + i] & 0x3F);
    std::string again;
    if (number <= 0x10FFFF && number >> 11 != 0xD800 >> 11) cairn::append_utf8(again, number);
    if (again != text.substr(at, size)) return static_cast<int64_t>(at);
    at += size;
  }
  return -1;
}

}  // namespace

const std::vector<check::Alternative<Utf8Error>> list = {
    {"by the standard's table", by_table},
    {"a machine of one byte at a time", by_state},
    {"written again and compared", written_again},
};

}  // namespace alternatives
