#pragma once
// Added tokens: those that are found verbatim in a text, before it is split into words, as
// `tokenizers` finds them. A folder names them beside its vocabulary: special ones such as [CLS],
// and those that a user has added.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

struct AddedToken {
  std::string text;
  int32_t id = -1;
  bool special = false;      // omitted by decode
  bool normalized = false;   // looked for, itself normalised, in the normalised text
  bool lstrip = false;       // includes the whitespace before it
  bool rstrip = false;       // and after it
  bool single_word = false;  // not next to a letter, a digit or an underscore

  bool operator==(const AddedToken&) const = default;
};

// Finds tokens in texts: from left to right, of several that begin at one offset the longest.
class TokenFinder {
 public:
  static constexpr size_t max_pattern_bytes = 1000;

  // A token, or (id -1) the text between tokens. Never empty.
  struct Piece {
    std::string_view text;
    int32_t id = -1;
  };

  // What to look for, and the token that it stands for.
  struct Pattern {
    std::string text;
    AddedToken token;
  };

  // Of equal patterns the first counts. Error if one is empty or longer than 1,000 bytes.
  explicit TokenFinder(std::vector<Pattern> patterns = {});

  // The text, cut at the tokens.
  std::vector<Piece> split(std::string_view text) const;

  bool empty() const { return patterns_.empty(); }

 private:
  const Pattern* longest_at(std::string_view text, size_t offset) const;

  std::vector<Pattern> patterns_;              // sorted by text
  std::array<bool, 256> starts_pattern_ = {};  // by first byte
};

}  // namespace cairn
