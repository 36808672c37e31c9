// Splitting a text into words, in the place of the library's function.
#include <string>
#include <string_view>

#include "core/io/utf8.h"
#include "text/bert_words.h"
#include "text/unicode.h"

namespace cairn {
namespace {

bool is(char32_t c, uint8_t flag) { return (unicode_flags()[c] & flag) != 0; }

void end_word(Words& words) {
  const size_t begin = words.ends.empty() ? 0 : words.ends.back();
  if (words.bytes.size() > begin) words.ends.push_back(words.bytes.size());
}

}  // namespace

// Appends the words of `text`, which is valid UTF-8: cleaned, ideographs apart, without accents, in
// lower case, as far as the options say so; split at spaces, punctuation by itself.
void split_words(std::string_view text, const BertWordOptions& options, Words& words) {
  std::u32string clean;
  for (const char* p = text.data(); p != text.data() + text.size();) {
    const char32_t c = next_code_point(p);
    if (is(c, unicode_removed)) continue;
    if (is(c, unicode_space)) clean += U' ';
    else if (is(c, unicode_chinese) && options.space_chinese) clean += {U' ', c, U' '};
    else clean += c;
  }

  std::u32string plain;
  if (options.strip_accents) {
    std::u32string decomposed;
    for (const char32_t c : clean) decompose(c, decomposed);
    for (const char32_t c : decomposed)
      if (!is(c, unicode_mark)) plain += c;
  } else {
    plain = clean;
  }

  std::u32string lower;
  for (const char32_t c : plain) {
    const CodePair pair = options.lower_case ? lower_case(c) : CodePair{c, 0};
    lower += pair.first;
    if (pair.second) lower += pair.second;
  }

  for (const char32_t c : lower) {
    const bool alone = is(c, unicode_punctuation);
    if (c == U' ' || alone) end_word(words);
    if (c != U' ') append_utf8(words.bytes, c);
    if (alone) end_word(words);
  }
  end_word(words);
}

}  // namespace cairn
