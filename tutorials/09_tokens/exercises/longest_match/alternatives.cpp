// Other ways to write it, as good.
#include <algorithm>
#include <string>

#include "text/unicode.h"
#include "tutorials/09_tokens/exercises/longest_match/longest_match.h"

namespace alternatives {
namespace {

using cairn::WordPiece;
using Ids = std::vector<int32_t>;

bool too_long(std::string_view word, const WordPiece& vocabulary) {
  const auto continues = [](char byte) { return (byte & 0xC0) == 0x80; };
  return static_cast<int64_t>(word.size()) - std::count_if(word.begin(), word.end(), continues) >
         vocabulary.options().max_input_chars_per_word;
}

// Along the trie, as the library does it.
void along_the_trie(std::string_view word, const WordPiece& vocabulary, Ids& ids) {
  const size_t before = ids.size();
  const char* p = word.data();
  const char* const end = p + word.size();
  bool known = !too_long(word, vocabulary);
  while (known && p != end) {
    int32_t node = ids.size() == before ? WordPiece::root : vocabulary.continuation();
    int32_t longest = WordPiece::none;
    const char* rest = p;
    for (const char* q = p; q != end && (node = vocabulary.child(node, *q)) != WordPiece::none;) {
      ++q;
      if (vocabulary.token_at(node) != WordPiece::none)
        longest = vocabulary.token_at(node), rest = q;
    }
    known = longest != WordPiece::none;
    if (known) ids.push_back(longest);
    p = rest;
  }
  if (known) return;
  ids.resize(before);
  ids.push_back(vocabulary.unk());
}

// A piece, and then the rest by the same function. False if there is none.
bool pieces_from(std::string_view word, bool begins, const WordPiece& vocabulary, Ids& pieces) {
  if (word.empty()) return true;
  for (size_t size = word.size(); size > 0; --size) {
    std::string part(word.substr(0, size));
    if (!begins) part.insert(0, vocabulary.options().prefix);
    if (const auto id = vocabulary.find(part)) {
      pieces.push_back(*id);
      return pieces_from(word.substr(size), false, vocabulary, pieces);
    }
  }
  return false;
}
void recursive(std::string_view word, const WordPiece& vocabulary, Ids& ids) {
  Ids pieces;
  if (too_long(word, vocabulary) || !pieces_from(word, true, vocabulary, pieces))
    pieces = {vocabulary.unk()};
  std::copy(pieces.begin(), pieces.end(), std::back_inserter(ids));
}

// From the shortest part to the longest, character by character; the last that was found counts.
void upwards(std::string_view word, const WordPiece& vocabulary, Ids& ids) {
  const Ids before = ids;
  if (!too_long(word, vocabulary)) {
    std::string start;
    while (!word.empty()) {
      std::string part = start;
      size_t longest = 0;
      int32_t id = -1;
      for (const char *p = word.data(), *const end = p + word.size(); p != end;) {
        const char* const at = p;
        cairn::next_code_point(p);
        part.append(at, p);
        if (const auto found = vocabulary.find(part))
          id = *found, longest = static_cast<size_t>(p - word.data());
      }
      if (longest == 0) break;
      ids.push_back(id);
      word.remove_prefix(longest);
      start = vocabulary.options().prefix;
    }
    if (word.empty()) return;
  }
  ids = before;
  ids.push_back(vocabulary.unk());
}

}  // namespace

const std::vector<check::Alternative<LongestMatch>> list = {
    {"along the trie", along_the_trie},
    {"recursively", recursive},
    {"upwards, character by character", upwards},
};

}  // namespace alternatives
