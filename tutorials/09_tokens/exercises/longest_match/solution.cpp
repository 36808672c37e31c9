// WordPiece, in the place of the library's function.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/unicode.h"
#include "text/wordpiece.h"

namespace cairn {

// Appends the ids of the pieces of `word`, which is valid UTF-8, or [UNK]'s if it has none or too
// many characters: greedy, the longest match first, without ever going back.
void longest_match(std::string_view word, const WordPiece& vocabulary, std::vector<int32_t>& ids) {
  if (count_code_points(word) > vocabulary.options().max_input_chars_per_word)
    return ids.push_back(vocabulary.unk());
  std::vector<int32_t> pieces;
  size_t begin = 0;
  while (begin < word.size()) {
    const std::string start = begin == 0 ? "" : vocabulary.options().prefix;
    std::optional<int32_t> found;
    size_t end = word.size();
    for (; end > begin; --end) {
      found = vocabulary.find(start + std::string(word.substr(begin, end - begin)));
      if (found) break;
    }
    if (!found) return ids.push_back(vocabulary.unk());
    pieces.push_back(*found);
    begin = end;
  }
  ids.insert(ids.end(), pieces.begin(), pieces.end());
}

}  // namespace cairn
