// UTF-8 by the table "Well-Formed UTF-8 Byte Sequences" of the Unicode standard (table 3-7):
//
//   first byte  second   third    fourth
//   00..7F
//   C2..DF      80..BF
//   E0          A0..BF   80..BF            (80..9F would be overlong)
//   E1..EC      80..BF   80..BF
//   ED          80..9F   80..BF            (A0..BF would be surrogates)
//   EE..EF      80..BF   80..BF
//   F0          90..BF   80..BF   80..BF   (80..8F would be overlong)
//   F1..F3      80..BF   80..BF   80..BF
//   F4          80..8F   80..BF   80..BF   (90..BF would be above U+10FFFF)
#include "core/io/utf8.h"

#include <cstring>

#include "core/error.h"

namespace cairn {
namespace {

bool between(unsigned char byte, unsigned low, unsigned high) {
  return low <= byte && byte <= high;
}

// The length of the valid sequence at the start of `s`, which has n > 0 bytes; 0 if it is invalid.
size_t sequence_length(const unsigned char* s, size_t n) {
  const unsigned char first = s[0];
  if (first < 0x80) return 1;
  if (!between(first, 0xC2, 0xF4)) return 0;
  const size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (n < length) return 0;
  const unsigned low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (!between(s[1], low, high)) return 0;
  for (size_t i = 2; i < length; i++)
    if (!between(s[i], 0x80, 0xBF)) return 0;
  return length;
}

// Do the next eight bytes hold ASCII only? Most text does, and is skipped eight bytes at a time.
bool eight_ascii(const unsigned char* s) {
  uint64_t word;
  std::memcpy(&word, s, 8);
  return (word & 0x8080808080808080u) == 0;
}

}  // namespace

int64_t utf8_error(std::string_view text) {
  const auto* s = reinterpret_cast<const unsigned char*>(text.data());
  const size_t n = text.size();
  for (size_t i = 0; i < n;) {
    if (n - i >= 8 && eight_ascii(s + i)) {
      i += 8;
      continue;
    }
    const size_t length = sequence_length(s + i, n - i);
    if (length == 0) return static_cast<int64_t>(i);
    i += length;
  }
  return -1;
}

void append_utf8(std::string& text, char32_t point) {
  const auto put = [&text](char32_t byte) { text += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xC0 | (point >> 6));
    put(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    put(0xE0 | (point >> 12));
    put(0x80 | ((point >> 6) & 0x3F));
    put(0x80 | (point & 0x3F));
  } else {
    put(0xF0 | (point >> 18));
    put(0x80 | ((point >> 12) & 0x3F));
    put(0x80 | ((point >> 6) & 0x3F));
    put(0x80 | (point & 0x3F));
  }
}

void check_utf8(const std::string& place, std::string_view text, const std::string& what) {
  if (const int64_t bad = utf8_error(text); bad >= 0)
    fail(place, "byte " + std::to_string(bad) + " of " + what + " is not UTF-8",
         "convert it to UTF-8 from what it is, e.g. with iconv -f LATIN1 -t UTF-8");
}

}  // namespace cairn
