// Looking up code points in the tables of unicode_tables.h.
#include "text/unicode.h"

#include <algorithm>
#include <iterator>

#include "text/unicode_tables.h"

namespace cairn {
namespace {

constexpr char32_t code_points = 0x110000;

// Hangul syllables are composed by arithmetic: 19 leading consonants, 21 vowels, 27 trailing
// consonants or none (Unicode standard, section 3.12).
constexpr char32_t hangul_first = 0xAC00, hangul_last = 0xD7A3;
constexpr char32_t leading = 0x1100, vowel = 0x1161, trailing = 0x11A7;
constexpr char32_t vowels = 21, trailings = 28;

constexpr char32_t capital_i_with_dot = 0x130;  // the one whose small form is two: i and U+0307

template <typename Range, size_t n>
void set_flag(std::vector<uint8_t>& flags, const Range (&ranges)[n], uint8_t flag) {
  for (const Range& range : ranges)
    for (uint32_t code = range.first; code <= range.last; ++code) flags[code] |= flag;
}

std::vector<uint8_t> make_flags() {
  std::vector<uint8_t> flags(code_points);
  set_flag(flags, removed_ranges, unicode_removed);
  set_flag(flags, space_ranges, unicode_space);
  set_flag(flags, punctuation_ranges, unicode_punctuation);
  set_flag(flags, chinese_ranges, unicode_chinese);
  set_flag(flags, mark_ranges, unicode_mark);
  set_flag(flags, class_ranges, unicode_reordered);
  for (const LowerRange& range : lower_ranges)
    for (uint32_t code = range.first; code <= range.last; code += range.step)
      flags[code] |= unicode_capital;
  flags[capital_i_with_dot] |= unicode_capital;
  for (const Decomposition& decomposition : decompositions)
    flags[decomposition.code] |= unicode_decomposed;
  for (char32_t code = hangul_first; code <= hangul_last; ++code) flags[code] |= unicode_decomposed;
  return flags;
}

// The range that holds c, or null. The tables are sorted.
template <typename Range, size_t n>
const Range* find_range(const Range (&ranges)[n], char32_t c) {
  const Range* found =
      std::lower_bound(std::begin(ranges), std::end(ranges), c,
                       [](const Range& range, char32_t code) { return range.last < code; });
  return found != std::end(ranges) && found->first <= c ? found : nullptr;
}

void decompose_hangul(char32_t c, std::u32string& out) {
  const char32_t index = c - hangul_first;
  out.push_back(leading + index / (vowels * trailings));
  out.push_back(vowel + index % (vowels * trailings) / trailings);
  if (index % trailings) out.push_back(trailing + index % trailings);
}

}  // namespace

const std::vector<uint8_t>& unicode_flags() {
  static const std::vector<uint8_t> flags = make_flags();
  return flags;
}

uint8_t combining_class(char32_t c) {
  const ClassRange* range = find_range(class_ranges, c);
  return range ? range->combining_class : 0;
}

CodePair lower_case(char32_t c) {
  if (c == capital_i_with_dot) return {U'i', 0x307};
  const LowerRange* range = find_range(lower_ranges, c);
  if (!range || (c - range->first) % range->step != 0) return {c, 0};
  return {static_cast<char32_t>(static_cast<int32_t>(c) + range->distance), 0};
}

void decompose(char32_t c, std::u32string& out) {
  if (hangul_first <= c && c <= hangul_last) return decompose_hangul(c, out);
  const Decomposition* found =
      std::lower_bound(std::begin(decompositions), std::end(decompositions), c,
                       [](const Decomposition& d, char32_t code) { return d.code < code; });
  if (found == std::end(decompositions) || found->code != c) return out.push_back(c);
  decompose(found->first, out);  // at most four deep
  if (found->second) decompose(found->second, out);
}

bool is_white_space(char32_t c) {
  return unicode_flags()[c] & unicode_space || c == 0xB || c == 0xC || c == 0x85;
}

std::string_view without_space_at_end(std::string_view text) {
  while (!text.empty()) {
    size_t begin = text.size() - 1;  // of the last code point; text need not be valid UTF-8
    while (begin > 0 && text.size() - begin < 3 && (text[begin] & 0xC0) == 0x80) --begin;
    const std::string_view last = text.substr(begin);
    const char* p = last.data();
    if (utf8_error(last) >= 0 || !is_white_space(next_code_point(p))) break;
    text.remove_suffix(last.size());
  }
  return text;
}

bool is_word_character(char32_t c) { return find_range(word_ranges, c) != nullptr; }

bool is_spacing_mark(char32_t c) { return find_range(spacing_mark_ranges, c) != nullptr; }

void order_marks(std::u32string& text) {
  const auto is_mark = [](char32_t c) { return combining_class(c) != 0; };
  for (auto begin = text.begin(); begin != text.end();) {
    begin = std::find_if(begin, text.end(), is_mark);
    const auto end = std::find_if_not(begin, text.end(), is_mark);
    std::stable_sort(
        begin, end, [](char32_t a, char32_t b) { return combining_class(a) < combining_class(b); });
    begin = end;
  }
}

char32_t next_code_point(const char*& p) {
  const auto byte = [&p] { return static_cast<unsigned char>(*p++); };
  const char32_t first = byte();
  if (first < 0x80) return first;
  const int more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
  char32_t c = first & (0x3Fu >> more);
  for (int i = 0; i < more; ++i) c = c << 6 | (byte() & 0x3Fu);
  return c;
}

int64_t count_code_points(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xC0) != 0x80; });
}

}  // namespace cairn
