// What people write instead.
#include <string>

#include "core/io/utf8.h"
#include "text/unicode.h"
#include "tutorials/09_tokens/exercises/split_words/split_words.h"

namespace mistakes {
namespace {

using cairn::BertWordOptions;
using cairn::Words;

enum {
  nothing_removed = 1,
  removed_is_space,
  ascii_spaces,
  space_is_dropped,
  space_stays,
  punctuation_within_words,
  punctuation_is_dropped,
  punctuation_runs,
  ascii_punctuation,
  unicode_punctuation_alone,
  symbols_apart,
  accents_kept,
  marks_kept,
  composed_stay,
  letter_dropped,
  only_ascii,
  ascii_lower_case,
  lower_second_lost,
  always_lower,
  strip_goes_with_lower,
  strip_always,
  chinese_together,
  chinese_always,
  space_before_alone,
  space_behind_alone,
  all_letters_apart,
  ends_are_lengths,
  starts_for_ends,
  words_cleared,
  empty_words,
  first_word_from_0,
  stops_at_zero,
  last_word_open,
  first_word_joined,
};

bool is(int mistake) { return check::mistake == mistake; }
bool has(char32_t c, uint8_t flag) { return (cairn::unicode_flags()[c] & flag) != 0; }

bool is_space(char32_t c) {
  return is(ascii_spaces) ? c == ' ' || c == '\t' || c == '\n' || c == '\r'
                          : has(c, cairn::unicode_space);
}

bool is_apart(char32_t c, const BertWordOptions& options) {
  if (is(chinese_together)) return false;
  if (is(all_letters_apart) && c >= 0x3040 && c < 0xE000) return true;
  return has(c, cairn::unicode_chinese) && (options.space_chinese || is(chinese_always));
}

bool is_alone(char32_t c) {
  if (is(punctuation_within_words)) return false;
  const bool symbol = std::u32string(U"$+<=>^`|~").find(c) != std::u32string::npos;
  if (is(unicode_punctuation_alone) && symbol) return false;
  if (is(ascii_punctuation) && c > 127) return false;
  if (is(symbols_apart) && (c == U'€' || c == U'×')) return true;
  return has(c, cairn::unicode_punctuation);
}

std::u32string cleaned(std::string_view text, const BertWordOptions& options) {
  std::u32string clean;
  for (const char *p = text.data(), *end = p + text.size(); p != end;) {
    const char32_t c = cairn::next_code_point(p);
    if (is(stops_at_zero) && c == 0) break;
    if (is(only_ascii) && c > 127) continue;
    if (has(c, cairn::unicode_removed) && !is(nothing_removed)) {
      if (is(removed_is_space)) clean += U' ';
    } else if (is_space(c)) {
      if (!is(space_is_dropped) || c == ' ') clean += is(space_stays) ? c : U' ';
    } else if (is_apart(c, options)) {
      if (!is(space_behind_alone)) clean += U' ';
      clean += c;
      if (!is(space_before_alone)) clean += U' ';
    } else {
      clean += c;
    }
  }
  return clean;
}

std::u32string lowered(const std::u32string& text) {
  std::u32string lower;
  for (const char32_t c : text) {
    const cairn::CodePair pair =
        is(ascii_lower_case) && c > 127 ? cairn::CodePair{c, 0} : cairn::lower_case(c);
    lower += pair.first;
    if (pair.second && !is(lower_second_lost)) lower += pair.second;
  }
  return lower;
}

std::u32string stripped(const std::u32string& text) {
  std::u32string result;
  for (const char32_t c : text) {
    std::u32string parts;
    if (is(composed_stay)) parts = c;
    else cairn::decompose(c, parts);
    if (is(letter_dropped) && parts.size() > 1 && has(parts[1], cairn::unicode_mark)) continue;
    for (const char32_t part : parts)
      if (!has(part, cairn::unicode_mark) || is(marks_kept)) result += part;
  }
  return result;
}

void end_word(Words& words, size_t words_before) {
  const bool first = words.ends.size() == words_before && is(first_word_from_0);
  const size_t begin = words.ends.empty() || first ? 0 : words.ends.back();
  if (words.bytes.size() > begin || is(empty_words)) words.ends.push_back(words.bytes.size());
}

}  // namespace

void split_words(std::string_view text, const BertWordOptions& options, Words& words) {
  if (is(words_cleared)) words = {};
  const size_t before = words.ends.size(), bytes_before = words.bytes.size();
  if (is(first_word_joined) && before > 0) words.ends.pop_back();
  std::u32string plain = cleaned(text, options);
  const bool lower = options.lower_case || is(always_lower);
  const bool strip = is(strip_goes_with_lower) ? options.lower_case
                     : is(strip_always)        ? true
                                               : options.strip_accents && !is(accents_kept);
  if (strip) plain = stripped(plain);
  if (lower) plain = lowered(plain);
  bool was_alone = false;
  for (const char32_t c : plain) {
    const bool alone = is_alone(c);
    if (c == U' ' || (alone ? !is(punctuation_runs) || !was_alone : was_alone))
      end_word(words, before);
    if (c != U' ' && !(alone && is(punctuation_is_dropped))) cairn::append_utf8(words.bytes, c);
    if (alone && !is(punctuation_runs)) end_word(words, before);
    was_alone = alone && is(punctuation_runs);
  }
  if (!is(last_word_open)) end_word(words, before);
  if (is(ends_are_lengths) || is(starts_for_ends)) {
    size_t begin = bytes_before;
    for (size_t i = before; i < words.ends.size(); ++i) {
      const size_t end = words.ends[i];
      words.ends[i] = is(starts_for_ends) ? begin : end - begin;
      begin = end;
    }
  }
}

const std::vector<check::Mistake> list = {
    {nothing_removed, "nothing is removed",
     "characters that nobody sees stay in your words: drop those that are unicode_removed."},
    {removed_is_space, "removed characters become spaces",
     "you put a space where a character is removed, and so split the word. Drop it."},
    {ascii_spaces, "ASCII's spaces alone",
     "there are more spaces than ASCII has, such as the no-break space: unicode_space knows them."},
    {space_is_dropped, "only a space is a space",
     "tabs and line ends are dropped in your words, which joins their neighbours. They become "
     "spaces."},
    {space_stays, "white space stays what it is",
     "tabs, line ends and other white space stay in your words. Each unicode_space character "
     "becomes a space (or ends the word as one)."},
    {punctuation_within_words, "punctuation within words",
     "punctuation stays in your words. Each such character is a word of its own."},
    {punctuation_is_dropped, "punctuation is dropped",
     "punctuation has vanished. Each such character is a word of its own."},
    {punctuation_runs, "runs of punctuation",
     "neighbouring punctuation is one word in your answer. Each character is one by itself."},
    {ascii_punctuation, "ASCII's punctuation alone",
     "there is more punctuation than ASCII has, such as quotation marks and dashes: "
     "unicode_punctuation "
     "knows it."},
    {unicode_punctuation_alone, "what Unicode calls punctuation",
     "Unicode calls $ + < = > ^ ` | ~ symbols. BERT takes them for punctuation, and "
     "unicode_punctuation "
     "does, too."},
    {symbols_apart, "every symbol by itself",
     "symbols such as the euro sign stand by themselves in your answer. BERT leaves them in the "
     "word, "
     "if they are not ASCII."},
    {accents_kept, "accents are kept",
     "the accents are all there. With strip_accents: decompose each character, and drop the "
     "marks."},
    {marks_kept, "decomposed, but not stripped",
     "you decompose, but the marks stay. Drop those that are unicode_mark."},
    {composed_stay, "marks alone are dropped",
     "you drop marks, but an é that is one character has none yet: decompose it first."},
    {letter_dropped, "the letter goes with its accent",
     "a letter with an accent has vanished altogether. Only its mark is dropped."},
    {only_ascii, "ASCII alone", "you drop all that is not ASCII, whole languages among it."},
    {ascii_lower_case, "ASCII's capitals alone",
     "your lower case knows the letters of ASCII alone: cairn::lower_case knows all."},
    {lower_second_lost, "the second letter of a lower case",
     "lower_case() may give two characters, as for the Turkish capital I: .second is missing."},
    {always_lower, "always in lower case", "without lower_case, capitals stay as they are."},
    {strip_goes_with_lower, "accents go with capitals",
     "you strip accents where lower_case is set. strip_accents is an option of its own."},
    {strip_always, "accents are always stripped",
     "without strip_accents, accents stay as they are (and nothing is decomposed)."},
    {chinese_together, "ideographs together",
     "each ideograph is a word of its own: a space before and after it."},
    {chinese_always, "ideographs always apart",
     "without space_chinese, ideographs are letters as others."},
    {space_before_alone, "a space before an ideograph alone",
     "an ideograph joins what comes after it: a space belongs behind it, too."},
    {space_behind_alone, "a space behind an ideograph alone",
     "an ideograph joins what comes before it: a space belongs before it, too."},
    {all_letters_apart, "kana and Hangul apart",
     "BERT sets ideographs apart, and no other Asian letters: unicode_chinese says which they "
     "are."},
    {ends_are_lengths, "lengths for ends",
     "words.ends says where each word ends in words.bytes, not how long it is."},
    {starts_for_ends, "beginnings for ends",
     "words.ends says where each word ends in words.bytes, not where it begins."},
    {words_cleared, "words is cleared", "`words` may hold earlier words: append to it."},
    {empty_words, "empty words",
     "your answer has a word without bytes, as between two spaces or behind the last full stop. "
     "There are no empty words."},
    {first_word_from_0, "the first word begins at 0",
     "where `words` holds words already, you end a word that has no bytes: your first one begins "
     "at words.bytes.size(), not at 0."},
    {stops_at_zero, "a character that is 0 ends the text",
     "a character that is 0 ends the text for you. The text ends where text.size() says."},
    {last_word_open, "the last word has no end",
     "the last word is never finished: behind it comes no space. End it after the loop."},
    {first_word_joined, "the first word joins the last",
     "your first word is joined to the last one that `words` held before."},
};

}  // namespace mistakes
