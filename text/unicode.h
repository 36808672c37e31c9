#pragma once
// The properties of Unicode code points that BERT's tokenizer needs, exactly as Hugging Face's
// library `tokenizers` 0.23.3 has them (scripts/make_unicode_tables.py says where that differs from
// the latest Unicode). Code points are char32_t; text is UTF-8.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/io/utf8.h"

namespace cairn {

// The properties of one code point, as bits.
enum UnicodeFlag : uint8_t {
  unicode_removed = 1,      // control, format and private-use characters, U+FFFD: dropped
  unicode_space = 2,        // whitespace, tab and line ends included
  unicode_punctuation = 4,  // always a word of its own
  unicode_chinese = 8,      // BERT's list of ideographs: each a word of its own
  unicode_mark = 16,        // a non-spacing mark (category Mn): an accent that can be stripped
  unicode_reordered = 32,   // has a combining class: canonical order sorts it among its neighbours
  unicode_decomposed = 64,  // has a canonical decomposition
  unicode_capital = 128,    // has a lower-case letter
};

// The flags of every code point below U+110000, one byte each; made from the tables at first use.
const std::vector<uint8_t>& unicode_flags();

// The order of a mark among the marks that follow one letter; 0 for everything else.
uint8_t combining_class(char32_t c);

// One or two code points, the result of a mapping.
struct CodePair {
  char32_t first;
  char32_t second;  // 0 if there is none
};

CodePair lower_case(char32_t c);  // {c, 0} if it has no lower case

// Appends the full canonical decomposition of c, not yet in canonical order; c itself if it has
// none.
void decompose(char32_t c, std::u32string& out);

// Whitespace (White_Space): that of the flags, and the control characters U+000B, U+000C, U+0085.
bool is_white_space(char32_t c);

// The text without trailing whitespace.
std::string_view without_space_at_end(std::string_view text);

// What the regular expression \w matches: letters, marks, digits, underscores and similar.
bool is_word_character(char32_t c);

// A spacing or enclosing mark (categories Mc, Me).
bool is_spacing_mark(char32_t c);

// Sorts each run of combining marks by their combining class: canonical order.
void order_marks(std::u32string& text);

// Reads the code point at `p` of valid UTF-8 and moves p behind it.
char32_t next_code_point(const char*& p);

// How many code points valid UTF-8 text has.
int64_t count_code_points(std::string_view text);

}  // namespace cairn
