#pragma once
// WordPiece: a word becomes the longest token that starts it, then the longest "##" token that
// continues it, and so on; a word for which that fails is one [UNK] (Wu et al. 2016, section 4.1).
//
//   "unaffable" -> "un" "##aff" "##able"
//
// The tokens form a trie, whose nodes are the beginnings of tokens: one walk along the word finds
// the longest token. Hugging Face: BertTokenizer's WordpieceTokenizer.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn {

struct WordPieceOptions {
  std::string prefix = "##";               // how a token begins that continues a word
  int64_t max_input_chars_per_word = 100;  // in code points; a longer word is one [UNK]
};

// A vocabulary, as longest_match reads it.
class WordPiece {
 public:
  static constexpr int32_t none = -1;
  static constexpr int32_t root = 0;  // the node of "", the beginning of every token

  // The id of a token is its index in `tokens`; of equal tokens the last counts. `unk` is [UNK]'s
  // id. Takes some 20 bytes for each different beginning of tokens; Error if there are more than 16
  // million of them.
  WordPiece(const std::vector<std::string>& tokens, int32_t unk, WordPieceOptions options = {});

  int32_t unk() const { return unk_; }
  const WordPieceOptions& options() const { return options_; }

  // The id of a token, if there is one.
  std::optional<int32_t> find(std::string_view token) const;

  // The trie: the node of a beginning that is one byte longer, or none if no token begins like
  // that; the id of the token that ends at a node, or none; the node of the prefix "##".
  int32_t child(int32_t node, char byte) const;
  int32_t token_at(int32_t node) const { return tokens_[static_cast<size_t>(node)]; }
  int32_t continuation() const { return continuation_; }

 private:
  static constexpr uint32_t no_edge = 0xFFFFFFFF;
  struct Edge {
    uint32_t key = no_edge;  // node * 256 + byte
    int32_t child = 0;
  };

  size_t slot_of(uint32_t key) const;       // where the edge is in edges_, or belongs
  int32_t add(std::string_view beginning);  // its node, made where it is missing

  int32_t unk_;
  WordPieceOptions options_;
  int32_t continuation_ = root;
  std::vector<int32_t> tokens_;  // by node: the id of the token that ends there, or none
  std::vector<Edge> edges_;      // a hash table: open addressing, at most two thirds full
};

// Appends the ids of the pieces of `word`, which is valid UTF-8, or [UNK]'s if it has none or too
// many characters: greedy, the longest match first, without ever going back.
void longest_match(std::string_view word, const WordPiece& vocabulary, std::vector<int32_t>& ids);

}  // namespace cairn
