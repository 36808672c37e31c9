// What people write instead.
#include <algorithm>
#include <optional>
#include <string>

#include "text/unicode.h"
#include "tutorials/09_tokens/exercises/longest_match/longest_match.h"

namespace mistakes {
namespace {

using cairn::WordPiece;
using Ids = std::vector<int32_t>;

enum {
  shortest = 1,
  no_prefix,
  prefix_or_not,
  prefix_at_the_beginning,
  fixed_prefix,
  pieces_kept,
  unknown_vanishes,
  unknown_is_skipped,
  rest_is_unknown,
  fixed_unknown,
  limit_in_bytes,
  limit_too_small,
  no_limit,
  fixed_limit,
  limit_goes_on,
  ids_cleared,
  unknown_clears_ids,
  goes_back,
  fewest_pieces,
  from_the_end,
  ends_in_characters,
  not_the_whole_word,
  last_byte_left_out,
  empty_is_unknown,
  whole_words_alone,
  two_pieces_at_most,
  letters_for_unknown,
};

bool is(int mistake) { return check::mistake == mistake; }

std::optional<int32_t> find(const WordPiece& vocabulary, std::string_view part, bool begins) {
  const std::string text(part), prefix = is(fixed_prefix) ? "##" : vocabulary.options().prefix;
  if (is(no_prefix)) return vocabulary.find(text);
  if (is(prefix_at_the_beginning)) return vocabulary.find(prefix + text);
  if (begins) return vocabulary.find(text);
  const std::optional<int32_t> found = vocabulary.find(prefix + text);
  return found || !is(prefix_or_not) ? found : vocabulary.find(text);
}

// A way to split word[begin..]: with a step back where nothing fits, or with the fewest pieces.
std::optional<Ids> searched(std::string_view word, size_t begin, const WordPiece& vocabulary) {
  if (begin == word.size()) return Ids();
  std::optional<Ids> best;
  for (size_t end = word.size(); end > begin; --end) {
    const auto found = find(vocabulary, word.substr(begin, end - begin), begin == 0);
    if (!found) continue;
    std::optional<Ids> rest = searched(word, end, vocabulary);
    if (!rest) continue;
    rest->insert(rest->begin(), *found);
    if (!best || rest->size() < best->size()) best = rest;
    if (is(goes_back)) break;
  }
  return best;
}

// The longest token that ends the word, then the one before it.
std::optional<Ids> from_behind(std::string_view word, const WordPiece& vocabulary) {
  Ids pieces;
  for (size_t end = word.size(); end > 0;) {
    size_t begin = 0;
    std::optional<int32_t> found;
    for (; begin < end && !found; ++begin)
      found = find(vocabulary, word.substr(begin, end - begin), begin == 0);
    if (!found) return std::nullopt;
    pieces.insert(pieces.begin(), *found);
    end = begin - 1;
  }
  return pieces;
}

bool too_long(std::string_view word, const WordPiece& vocabulary) {
  const int64_t limit = is(fixed_limit) ? 100 : vocabulary.options().max_input_chars_per_word;
  const int64_t size =
      is(limit_in_bytes) ? static_cast<int64_t>(word.size()) : cairn::count_code_points(word);
  if (is(no_limit)) return false;
  return is(limit_too_small) ? size >= limit : size > limit;
}

// Where the next piece ends, and its id; `begin` if there is none.
size_t next_piece(std::string_view word, size_t begin, const WordPiece& vocabulary,
                  std::optional<int32_t>& found) {
  const size_t last =
      is(ends_in_characters) ? static_cast<size_t>(cairn::count_code_points(word)) : word.size();
  const auto fits = [&](size_t end) {
    found = find(vocabulary, word.substr(begin, end - begin), begin == 0);
    return found.has_value();
  };
  if (is(shortest)) {
    for (size_t end = begin + 1; end <= last; ++end)
      if (fits(end)) return end;
    return begin;
  }
  size_t end = is(not_the_whole_word) && begin == 0 && last > 1 ? last - 1 : last;
  if (is(last_byte_left_out) && end > begin + 1) --end;
  for (; end > begin; --end)
    if (fits(end)) return end;
  return begin;
}

}  // namespace

void longest_match(std::string_view word, const WordPiece& vocabulary, Ids& ids) {
  const int32_t unk = is(fixed_unknown) ? 1 : vocabulary.unk();
  if (is(ids_cleared)) ids.clear();
  if (too_long(word, vocabulary) || (is(empty_is_unknown) && word.empty())) {
    ids.push_back(unk);
    if (!is(limit_goes_on)) return;
  }
  if (is(goes_back) || is(fewest_pieces) || is(from_the_end)) {
    const bool long_word = word.size() > 60;  // where a search would take its time
    const auto pieces = is(from_the_end) || long_word ? from_behind(word, vocabulary)
                                                      : searched(word, 0, vocabulary);
    if (!pieces) return ids.push_back(unk);
    ids.insert(ids.end(), pieces->begin(), pieces->end());
    return;
  }
  Ids pieces;
  for (size_t begin = 0; begin < word.size();) {
    std::optional<int32_t> found;
    size_t end = next_piece(word, begin, vocabulary, found);
    if (is(whole_words_alone) && end < word.size()) end = begin;
    if (is(two_pieces_at_most) && pieces.size() == 2) end = begin;
    if (end > begin) {
      pieces.push_back(*found);
      begin = end;
      continue;
    }
    if (is(unknown_vanishes)) return;
    if (is(unknown_clears_ids)) ids.clear();
    if (is(unknown_is_skipped) || is(letters_for_unknown)) {
      if (is(letters_for_unknown)) pieces.push_back(unk);
      do ++begin;
      while (begin < word.size() && (word[begin] & 0xC0) == 0x80);
      continue;
    }
    if (!is(pieces_kept) && !is(rest_is_unknown)) pieces.clear();
    if (!is(rest_is_unknown) || pieces.empty()) pieces.push_back(unk);
    break;
  }
  if (is(unknown_is_skipped) && pieces.empty() && !word.empty()) pieces.push_back(unk);
  ids.insert(ids.end(), pieces.begin(), pieces.end());
}

const std::vector<check::Mistake> list = {
    {shortest, "the shortest match",
     "you take the shortest token that fits. Try the ends from the end of the word downwards."},
    {no_prefix, "without the prefix",
     "a piece that continues a word stands in the vocabulary with ## before it: look for prefix + "
     "part, wherever begin is not 0."},
    {prefix_or_not, "with the prefix or without",
     "in the middle of a word you also take a token without ##. Such a token only begins words."},
    {prefix_at_the_beginning, "the prefix at the beginning",
     "you look for the first piece with ## before it. It has none. (`ids` is not empty there: it "
     "may hold the pieces of earlier words. Ask where in the word the piece begins.)"},
    {fixed_prefix, "a fixed prefix",
     "your prefix is always ##. A vocabulary may have another: vocabulary.options().prefix."},
    {pieces_kept, "pieces before an unknown part",
     "the pieces before the place where nothing fits have stayed. The whole word is one [UNK]."},
    {unknown_vanishes, "an unknown word vanishes",
     "a word with a part that no token fits leaves nothing behind. It is one [UNK]."},
    {unknown_is_skipped, "an unknown letter is left out",
     "where nothing fits you leave out a letter and go on. The whole word is one [UNK]."},
    {rest_is_unknown, "the rest is left out",
     "where nothing fits you stop, and keep what was found. The whole word is one [UNK]."},
    {letters_for_unknown, "[UNK] for a letter",
     "where nothing fits you append an [UNK] for the letter and go on. The whole word is one "
     "[UNK]."},
    {fixed_unknown, "a fixed [UNK]",
     "your [UNK] is always 1. It may have another id: vocabulary.unk()."},
    {limit_in_bytes, "the limit in bytes",
     "you compare the number of bytes with the limit. An ö is one character and two bytes: "
     "cairn::count_code_points."},
    {limit_too_small, "the limit itself",
     "a word of exactly as many characters as the limit still has pieces: compare with >."},
    {no_limit, "no limit",
     "a word of more than max_input_chars_per_word characters is one [UNK], even if pieces fit."},
    {fixed_limit, "a fixed limit",
     "your limit is always 100. It may be another: vocabulary.options().max_input_chars_per_word."},
    {limit_goes_on, "[UNK] and the pieces",
     "a word that is too long gets its [UNK], and then its pieces, too: return after the [UNK]."},
    {unknown_clears_ids, "ids is cleared at [UNK]",
     "where nothing fits you clear all of ids. It may hold the pieces of earlier words: drop only "
     "those of this word."},
    {ids_cleared, "ids is cleared", "ids may hold the pieces of earlier words: append to it."},
    {goes_back, "a step back",
     "where nothing fits you go back and try a shorter token before. WordPiece does not: it would "
     "find more, but a model was trained with what WordPiece finds."},
    {fewest_pieces, "the fewest pieces",
     "you look for the fewest pieces. WordPiece takes the longest token at each place, and does "
     "not "
     "look further."},
    {from_the_end, "from the end of the word",
     "you begin at the end of the word. WordPiece begins at its beginning."},
    {ends_in_characters, "ends counted in characters",
     "your ends are counted in characters, and substr counts bytes: what is behind is cut off."},
    {not_the_whole_word, "never the whole word",
     "a word that is a token is never found as a whole: the first end to try is word.size()."},
    {last_byte_left_out, "the last byte is left out",
     "the last byte of the word is not part of what you look for first: the first end to try is "
     "word.size()."},
    {empty_is_unknown, "an empty word is [UNK]", "an empty word has no pieces, not even [UNK]."},
    {whole_words_alone, "whole words alone",
     "you find a word only if it is a token as a whole. Where it is not, a shorter beginning may "
     "be."},
    {two_pieces_at_most, "two pieces at most",
     "you look for one beginning and one rest. A word may have more pieces: a loop goes on until "
     "it "
     "is used up."},
};

}  // namespace mistakes
