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
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

class WordPiece {
 public:
  static constexpr int64_t longest_word = 100;  // code points; a longer word is one [UNK]

  // The id of a token is its place in `tokens`; `unk` is [UNK]'s. Error if the tokens have more
  // than 16 million different beginnings.
  WordPiece(const std::vector<std::string>& tokens, int32_t unk);

  // Appends the ids of the pieces of `word`, which is valid UTF-8 without blanks.
  void append(std::string_view word, std::vector<int32_t>& ids) const;
  void append_greedily(std::string_view word, std::vector<int32_t>& ids) const;

 private:
  static constexpr int32_t none = -1;
  static constexpr int32_t root = 0;

  // A node stands for a beginning of tokens. When no child fits, `pieces` are certain, and what
  // they leave over of the beginning, after a "##", is the node `fail`.
  struct Node {
    int32_t token = none;  // the token that ends here
    int32_t fail = none;   // none: the word has no pieces
    int32_t pieces = 0;    // in pieces_, from here
    int32_t piece_count = 0;
    uint32_t edge = 0;  // parent * 256 + byte: the way here
  };
  struct Edge {
    uint32_t key = no_edge;  // node * 256 + byte
    int32_t child = 0;
  };
  static constexpr uint32_t no_edge = 0xFFFFFFFF;

  void insert(std::string_view token, int32_t id);
  int32_t child(int32_t node, char byte) const;  // or none
  int32_t add_child(int32_t node, char byte);
  void place(Edge edge);
  void link_all();
  void link(int32_t node);
  bool walk(std::string_view word, std::vector<int32_t>& ids) const;
  bool walk_greedily(std::string_view word, std::vector<int32_t>& ids) const;

  int32_t unk_;
  int32_t suffix_;  // the node of "##", where every continuation starts
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;  // a hash table: open addressing, a power of two, at most half full
  std::vector<int32_t> pieces_;
};

}  // namespace cairn
