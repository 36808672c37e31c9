#pragma once
// WordPiece: a word becomes the longest token that starts it, then the longest "##" token that
// continues it, and so on; a word for which that fails is one [UNK].
//
//   "unaffable" -> "un" "##aff" "##able"
//
// append_greedily does just that, and where tokens overlap it reads the same characters again and
// again. append finds the same pieces in one walk along the word, through a trie of all tokens:
// where the trie has no way on, a failure link tells which pieces are certain by now and at which
// node to continue. This is LinMaxMatch of Song et al., "Fast WordPiece Tokenization", EMNLP 2021.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

struct WordPieceOptions {
  std::string prefix = "##";   // how a token begins that continues a word
  int64_t longest_word = 100;  // code points; a longer word is one [UNK]
};

class WordPiece {
 public:
  // The id of a token is its place in `tokens`; of equal tokens the last counts. `unk` is [UNK]'s
  // id. Takes some 30 bytes for each different beginning of tokens; Error if these are more than 16
  // million.
  WordPiece(const std::vector<std::string>& tokens, int32_t unk, WordPieceOptions options = {});

  // Appends the ids of the pieces of `word`, which is valid UTF-8.
  void append(std::string_view word, std::vector<int32_t>& ids) const;
  void append_greedily(std::string_view word, std::vector<int32_t>& ids) const;

  const WordPieceOptions& options() const { return options_; }

  // The id of a token, if there is one.
  std::optional<int32_t> find(std::string_view token) const;

 private:
  static constexpr int32_t none = -1;
  static constexpr int32_t root = 0;

  // A node stands for a beginning of tokens. When no child fits, its pieces are certain, and what
  // they leave over of the beginning, after a "##", is the node `fail`.
  struct Node {
    int32_t token = none;  // the token that ends here
    int32_t fail = none;   // none: the word has no pieces
    int32_t last = none;   // the last of the pieces, in pieces_
  };
  struct Piece {
    int32_t token;
    int32_t before;  // the piece before it, in pieces_, or none
  };
  struct Edge {
    uint32_t key = no_edge;  // node * 256 + byte
    int32_t child = 0;
  };
  static constexpr uint32_t no_edge = 0xFFFFFFFF;

  class Builder;
  int32_t child(int32_t node, char byte) const;  // or none
  void append_pieces(int32_t last, std::vector<int32_t>& ids) const;
  bool walk(std::string_view word, std::vector<int32_t>& ids) const;
  bool walk_greedily(std::string_view word, std::vector<int32_t>& ids) const;

  int32_t unk_;
  WordPieceOptions options_;
  int32_t suffix_ = root;  // the node of "##", where every continuation starts
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;  // a hash table: open addressing, at most two thirds full
  std::vector<Piece> pieces_;
};

}  // namespace cairn
