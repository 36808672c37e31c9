#include "text/wordpiece.h"

#include <algorithm>

#include "core/error.h"
#include "text/unicode.h"

namespace cairn {
namespace {

constexpr size_t most_nodes = (size_t{1} << 24) - 1;  // node * 256 + byte must fit 32 bits

uint32_t key_of(int32_t node, char byte) {
  return static_cast<uint32_t>(node) << 8 | static_cast<unsigned char>(byte);
}

size_t slot_of(uint32_t key, size_t slots) {  // Fibonacci hashing
  return static_cast<size_t>(key * 0x9E3779B97F4A7C15u >> 32) & (slots - 1);
}

bool too_long(std::string_view text, int64_t most) {
  return static_cast<int64_t>(text.size()) > most && count_code_points(text) > most;
}

}  // namespace

WordPiece::WordPiece(const std::vector<std::string>& tokens, int32_t unk)
    : unk_(unk), nodes_(1), edges_(1024) {
  suffix_ = add_child(add_child(root, '#'), '#');
  for (size_t i = 0; i < tokens.size(); ++i) insert(tokens[i], static_cast<int32_t>(i));
  link_all();
}

void WordPiece::insert(std::string_view token, int32_t id) {
  if (token.empty() || too_long(token, longest_word + 2)) return;  // matches no word
  int32_t node = root;
  for (char byte : token) {
    const int32_t next = child(node, byte);
    node = next != none ? next : add_child(node, byte);
  }
  nodes_[static_cast<size_t>(node)].token = id;
}

int32_t WordPiece::child(int32_t node, char byte) const {
  const uint32_t key = key_of(node, byte);
  for (size_t i = slot_of(key, edges_.size());; i = (i + 1) & (edges_.size() - 1)) {
    if (edges_[i].key == key) return edges_[i].child;
    if (edges_[i].key == no_edge) return none;
  }
}

int32_t WordPiece::add_child(int32_t node, char byte) {
  if (nodes_.size() >= most_nodes)
    fail("WordPiece", "the tokens have more than 16 million different beginnings",
         "is this a vocabulary, one token a line?");
  const auto added = static_cast<int32_t>(nodes_.size());
  nodes_.push_back({});
  nodes_.back().edge = key_of(node, byte);
  if (2 * nodes_.size() <= edges_.size()) {
    place({key_of(node, byte), added});
  } else {
    edges_.assign(2 * edges_.size(), {});
    for (int32_t i = 1; i <= added; ++i) place({nodes_[static_cast<size_t>(i)].edge, i});
  }
  return added;
}

void WordPiece::place(Edge edge) {
  size_t i = slot_of(edge.key, edges_.size());
  while (edges_[i].key != no_edge) i = (i + 1) & (edges_.size() - 1);
  edges_[i] = edge;
}

// Links by growing depth below the root or below "##", as a node's link needs its parent's.
void WordPiece::link_all() {
  std::vector<int32_t> order, depth(nodes_.size());
  for (int32_t node = 1; node < static_cast<int32_t>(nodes_.size()); ++node) {
    if (node == suffix_) continue;  // like the root it has no link, and depth 0
    order.push_back(node);
    const size_t parent = nodes_[static_cast<size_t>(node)].edge >> 8;  // made before its child
    depth[static_cast<size_t>(node)] = depth[parent] + 1;
  }
  std::stable_sort(order.begin(), order.end(), [&depth](int32_t a, int32_t b) {
    return depth[static_cast<size_t>(a)] < depth[static_cast<size_t>(b)];
  });
  for (int32_t node : order) link(node);
}

void WordPiece::link(int32_t node) {
  Node& own = nodes_[static_cast<size_t>(node)];
  if (own.token != none) {  // the whole beginning is a token: no longer one can be meant
    own.fail = suffix_;
    own.pieces = static_cast<int32_t>(pieces_.size());
    own.piece_count = 1;
    pieces_.push_back(own.token);
    return;
  }
  const Node& parent = nodes_[own.edge >> 8];
  const auto byte = static_cast<char>(own.edge & 255);
  own.pieces = parent.pieces;
  own.piece_count = parent.piece_count;
  std::vector<int32_t> more;  // pieces beyond the parent's
  int32_t from = parent.fail;
  while (from != none && child(from, byte) == none) {
    const Node& passed = nodes_[static_cast<size_t>(from)];
    for (int32_t i = 0; i < passed.piece_count; ++i)
      more.push_back(pieces_[static_cast<size_t>(passed.pieces + i)]);
    from = passed.fail;
  }
  if (from == none) return;
  own.fail = child(from, byte);
  if (more.empty()) return;
  own.pieces = static_cast<int32_t>(pieces_.size());
  own.piece_count += static_cast<int32_t>(more.size());
  for (int32_t i = 0; i < parent.piece_count; ++i)
    pieces_.push_back(pieces_[static_cast<size_t>(parent.pieces + i)]);
  pieces_.insert(pieces_.end(), more.begin(), more.end());
}

void WordPiece::append(std::string_view word, std::vector<int32_t>& ids) const {
  const size_t before = ids.size();
  // A word that itself begins with "##" could be taken for a continuation. Words of BERT never do.
  const bool ok = !too_long(word, longest_word) &&
                  (word.starts_with("##") ? walk_greedily(word, ids) : walk(word, ids));
  if (ok) return;
  ids.resize(before);
  ids.push_back(unk_);
}

bool WordPiece::walk(std::string_view word, std::vector<int32_t>& ids) const {
  int32_t at = root;
  const auto follow_link = [&] {
    const Node& node = nodes_[static_cast<size_t>(at)];
    if (node.fail == none) return false;
    for (int32_t i = 0; i < node.piece_count; ++i)
      ids.push_back(pieces_[static_cast<size_t>(node.pieces + i)]);
    at = node.fail;
    return true;
  };
  for (char byte : word) {
    int32_t next = child(at, byte);
    for (; next == none; next = child(at, byte))
      if (!follow_link()) return false;
    at = next;
  }
  while (at != suffix_ && at != root)  // the word is over: all that was read must be pieces
    if (!follow_link()) return false;
  return true;
}

void WordPiece::append_greedily(std::string_view word, std::vector<int32_t>& ids) const {
  const size_t before = ids.size();
  if (!too_long(word, longest_word) && walk_greedily(word, ids)) return;
  ids.resize(before);
  ids.push_back(unk_);
}

bool WordPiece::walk_greedily(std::string_view word, std::vector<int32_t>& ids) const {
  for (size_t begin = 0; begin < word.size();) {
    int32_t node = begin == 0 ? root : suffix_;
    int32_t longest = none;
    size_t end = begin;
    for (size_t i = begin; i < word.size() && node != none; ++i) {
      node = child(node, word[i]);
      if (node == none || nodes_[static_cast<size_t>(node)].token == none) continue;
      longest = nodes_[static_cast<size_t>(node)].token;
      end = i + 1;
    }
    if (longest == none) return false;
    ids.push_back(longest);
    begin = end;
  }
  return true;
}

}  // namespace cairn
