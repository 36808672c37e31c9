// The trie of the tokens, and the walks along it.
#include "text/wordpiece.h"

#include <algorithm>

#include "core/error.h"
#include "core/io/files.h"
#include "text/unicode.h"

namespace cairn {
namespace {

constexpr size_t max_nodes = (size_t{1} << 24) - 1;  // node * 256 + byte must fit 32 bits

uint32_t key_of(int32_t node, char byte) {
  return static_cast<uint32_t>(node) << 8 | static_cast<unsigned char>(byte);
}

bool is_longer(std::string_view text, int64_t max_chars) {
  return static_cast<int64_t>(text.size()) > max_chars && count_code_points(text) > max_chars;
}

// How many different beginnings the tokens have, the empty one included. Sorted, each token adds
// what it does not share with the one before.
size_t count_nodes(std::vector<std::string_view> tokens) {
  std::sort(tokens.begin(), tokens.end());
  size_t count = 1;
  std::string_view before;
  for (const std::string_view token : tokens) {
    const auto differs = std::mismatch(token.begin(), token.end(), before.begin(), before.end());
    count += static_cast<size_t>(token.end() - differs.first);
    before = token;
  }
  return count;
}

// False if a part of the word has no token; some pieces may have been appended by then.
bool append_pieces(std::string_view word, const WordPiece& vocabulary, std::vector<int32_t>& ids) {
  for (size_t begin = 0; begin < word.size();) {
    int32_t node = begin == 0 ? WordPiece::root : vocabulary.continuation();
    int32_t longest = WordPiece::none;
    size_t end = begin;
    for (size_t i = begin; i < word.size(); ++i) {
      node = vocabulary.child(node, word[i]);
      if (node == WordPiece::none) break;
      if (vocabulary.token_at(node) == WordPiece::none) continue;
      longest = vocabulary.token_at(node);
      end = i + 1;
    }
    if (longest == WordPiece::none) return false;
    ids.push_back(longest);
    begin = end;
  }
  return true;
}

}  // namespace

WordPiece::WordPiece(const std::vector<std::string>& tokens, int32_t unk, WordPieceOptions options)
    : unk_(unk), options_(std::move(options)) {
  std::vector<std::string_view> views(tokens.begin(), tokens.end());
  views.push_back(options_.prefix);  // its node is needed in any case
  const size_t nodes = count_nodes(views);
  size_t bytes = 0;
  for (const std::string_view token : views) bytes += token.size() + 1;
  constexpr size_t token_bytes = sizeof(std::string) + sizeof(std::string_view);
  constexpr size_t node_bytes = sizeof(int32_t) + 3 * sizeof(Edge) / 2;
  check_memory("vocabulary", bytes, views.size() * token_bytes + nodes * node_bytes,
               "prefixes of tokens", 8 * bytes + (64 << 20));
  if (nodes > max_nodes)
    fail("WordPiece", "the tokens have more than 16 million different prefixes",
         "is this a vocabulary, one token per line?");
  tokens_.reserve(nodes);
  tokens_.push_back(none);
  edges_.resize(nodes + nodes / 2 + 1);
  continuation_ = add(options_.prefix);
  for (size_t i = 0; i < tokens.size(); ++i)
    tokens_[static_cast<size_t>(add(tokens[i]))] = static_cast<int32_t>(i);
}

int32_t WordPiece::add(std::string_view beginning) {
  int32_t node = root;
  for (const char byte : beginning) {
    const uint32_t key = key_of(node, byte);
    Edge& edge = edges_[slot_of(key)];
    if (edge.key == no_edge) {
      edge = {key, static_cast<int32_t>(tokens_.size())};
      tokens_.push_back(none);
    }
    node = edge.child;
  }
  return node;
}

size_t WordPiece::slot_of(uint32_t key) const {
  const uint64_t hash = key * 0x9E3779B97F4A7C15u >> 32;  // Fibonacci hashing
  size_t i = static_cast<size_t>(hash * edges_.size() >> 32);
  while (edges_[i].key != key && edges_[i].key != no_edge) i = i + 1 < edges_.size() ? i + 1 : 0;
  return i;
}

int32_t WordPiece::child(int32_t node, char byte) const {
  const Edge& edge = edges_[slot_of(key_of(node, byte))];
  return edge.key == no_edge ? none : edge.child;
}

std::optional<int32_t> WordPiece::find(std::string_view token) const {
  int32_t node = root;
  for (size_t i = 0; i < token.size() && node != none; ++i) node = child(node, token[i]);
  if (node == none || token_at(node) == none) return std::nullopt;
  return token_at(node);
}

void longest_match(std::string_view word, const WordPiece& vocabulary, std::vector<int32_t>& ids) {
  const size_t before = ids.size();
  if (!is_longer(word, vocabulary.options().max_input_chars_per_word) &&
      append_pieces(word, vocabulary, ids))
    return;
  ids.resize(before);
  ids.push_back(vocabulary.unk());
}

}  // namespace cairn
