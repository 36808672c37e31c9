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

size_t slot_of(uint32_t key, size_t slots) {  // Fibonacci hashing
  const uint64_t hash = key * 0x9E3779B97F4A7C15u >> 32;
  return static_cast<size_t>(hash * slots >> 32);
}

bool too_long(std::string_view text, int64_t max_points) {
  return static_cast<int64_t>(text.size()) > max_points && count_code_points(text) > max_points;
}

size_t common_beginning(std::string_view a, std::string_view b) {
  return static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first -
                             a.begin());
}

}  // namespace

// Makes the trie, level by level from the sorted tokens: so a node has a larger number than its
// parent, and all sizes are known beforehand. Then the links.
class WordPiece::Builder {
 public:
  Builder(WordPiece& made, const std::vector<std::string>& tokens);
  void build();

 private:
  struct Token {
    std::string_view text;
    int32_t id;
  };
  struct Range {  // the tokens that begin as a node says
    int32_t node;
    size_t begin, end;
  };

  size_t count_nodes() const;
  void add_children(const Range& range, size_t depth, std::vector<Range>& children);
  void place(uint32_t key, int32_t child);
  void link(int32_t node);

  WordPiece& made_;
  std::vector<Token> tokens_;   // sorted
  std::vector<uint32_t> ways_;  // of each node: parent * 256 + byte
};

WordPiece::Builder::Builder(WordPiece& made, const std::vector<std::string>& tokens)
    : made_(made) {
  tokens_.reserve(tokens.size() + 1);
  tokens_.push_back({made.options_.prefix, none});  // its node is needed in any case
  for (size_t i = 0; i < tokens.size(); ++i)
    tokens_.push_back({tokens[i], static_cast<int32_t>(i)});
  std::sort(tokens_.begin(), tokens_.end(), [](const Token& a, const Token& b) {
    return a.text != b.text ? a.text < b.text : a.id < b.id;
  });
}

size_t WordPiece::Builder::count_nodes() const {
  size_t count = 1;
  std::string_view before;
  for (const Token& token : tokens_) {
    count += token.text.size() - common_beginning(token.text, before);
    before = token.text;
  }
  return count;
}

void WordPiece::Builder::build() {
  const size_t count = count_nodes();
  size_t bytes = 0;
  for (const Token& token : tokens_) bytes += token.text.size() + 1;
  constexpr size_t node_bytes =
      sizeof(Node) + sizeof(uint32_t) + sizeof(Piece) + 3 * sizeof(Edge) / 2;
  const size_t needed = tokens_.size() * (sizeof(std::string) + sizeof(Token)) + count * node_bytes;
  check_memory("vocabulary", bytes, needed, "beginnings of tokens", 8 * bytes + (64 << 20));
  if (count > max_nodes)
    fail("WordPiece", "the tokens have more than 16 million different beginnings",
         "is this a vocabulary, one token a line?");
  made_.nodes_.reserve(count);
  ways_.reserve(count);
  made_.edges_.resize(count + count / 2 + 1);
  made_.nodes_.push_back({});
  ways_.push_back(no_edge);
  std::vector<Range> level = {{root, 0, tokens_.size()}}, next;
  for (size_t depth = 0; !level.empty(); ++depth) {
    next.clear();
    for (const Range& range : level) add_children(range, depth, next);
    level.swap(next);
  }
  for (char byte : made_.options_.prefix) made_.suffix_ = made_.child(made_.suffix_, byte);

  // A link leads below "##", to a node that is less deep there: those nodes first.
  const auto nodes = static_cast<int32_t>(count);
  std::vector<bool> below(count);
  below[static_cast<size_t>(made_.suffix_)] = true;
  for (int32_t node = made_.suffix_ + 1; node < nodes; ++node)
    if (below[ways_[static_cast<size_t>(node)] >> 8]) {
      below[static_cast<size_t>(node)] = true;
      link(node);
    }
  for (int32_t node = 1; node < nodes; ++node)
    if (!below[static_cast<size_t>(node)]) link(node);
  made_.pieces_.shrink_to_fit();
}

void WordPiece::Builder::add_children(const Range& range, size_t depth,
                                      std::vector<Range>& children) {
  size_t begin = range.begin;
  for (; begin < range.end && tokens_[begin].text.size() == depth; ++begin)
    made_.nodes_[static_cast<size_t>(range.node)].token = tokens_[begin].id;
  while (begin < range.end) {
    const char byte = tokens_[begin].text[depth];
    size_t end = begin + 1;
    while (end < range.end && tokens_[end].text[depth] == byte) ++end;
    const auto child = static_cast<int32_t>(made_.nodes_.size());
    made_.nodes_.push_back({});
    ways_.push_back(key_of(range.node, byte));
    place(ways_.back(), child);
    children.push_back({child, begin, end});
    begin = end;
  }
}

void WordPiece::Builder::place(uint32_t key, int32_t child) {
  std::vector<Edge>& edges = made_.edges_;
  size_t i = slot_of(key, edges.size());
  while (edges[i].key != no_edge) i = i + 1 < edges.size() ? i + 1 : 0;
  edges[i] = {key, child};
}

void WordPiece::Builder::link(int32_t node) {
  std::vector<Piece>& pieces = made_.pieces_;
  const auto add_piece = [&pieces](int32_t token, int32_t before) {
    pieces.push_back({token, before});
    return static_cast<int32_t>(pieces.size()) - 1;
  };
  Node& own = made_.nodes_[static_cast<size_t>(node)];
  if (own.token != none) {  // the whole beginning is a token: no longer one can be meant
    own.fail = made_.suffix_;
    own.last = add_piece(own.token, none);
    return;
  }
  const uint32_t way = ways_[static_cast<size_t>(node)];
  const auto byte = static_cast<char>(way & 255);
  const Node& parent = made_.nodes_[way >> 8];
  std::vector<int32_t> more;  // pieces beyond the parent's
  int32_t from = parent.fail;
  while (from != none && made_.child(from, byte) == none) {
    const Node& passed = made_.nodes_[static_cast<size_t>(from)];
    made_.append_pieces(passed.last, more);
    from = passed.fail;
  }
  if (from == none) return;
  own.fail = made_.child(from, byte);
  own.last = parent.last;
  for (int32_t token : more) own.last = add_piece(token, own.last);
}

WordPiece::WordPiece(const std::vector<std::string>& tokens, int32_t unk, WordPieceOptions options)
    : unk_(unk), options_(std::move(options)) {
  Builder(*this, tokens).build();
}

int32_t WordPiece::child(int32_t node, char byte) const {
  const uint32_t key = key_of(node, byte);
  for (size_t i = slot_of(key, edges_.size());; i = i + 1 < edges_.size() ? i + 1 : 0) {
    if (edges_[i].key == key) return edges_[i].child;
    if (edges_[i].key == no_edge) return none;
  }
}

std::optional<int32_t> WordPiece::find(std::string_view token) const {
  int32_t node = root;
  for (size_t i = 0; i < token.size() && node != none; ++i) node = child(node, token[i]);
  if (node == none || nodes_[static_cast<size_t>(node)].token == none) return std::nullopt;
  return nodes_[static_cast<size_t>(node)].token;
}

void WordPiece::append_pieces(int32_t last, std::vector<int32_t>& ids) const {
  const auto begin = static_cast<std::ptrdiff_t>(ids.size());
  for (; last != none; last = pieces_[static_cast<size_t>(last)].before)
    ids.push_back(pieces_[static_cast<size_t>(last)].token);
  std::reverse(ids.begin() + begin, ids.end());
}

void WordPiece::append(std::string_view word, std::vector<int32_t>& ids) const {
  const size_t before = ids.size();
  // A word that itself begins with "##" could be taken for a continuation. Words of BERT never do.
  const bool ok =
      !too_long(word, options_.longest_word) &&
      (word.starts_with(options_.prefix) ? walk_greedily(word, ids) : walk(word, ids));
  if (ok) return;
  ids.resize(before);
  ids.push_back(unk_);
}

bool WordPiece::walk(std::string_view word, std::vector<int32_t>& ids) const {
  int32_t at = root;
  const auto follow_link = [&] {
    const Node& node = nodes_[static_cast<size_t>(at)];
    if (node.fail == none) return false;
    append_pieces(node.last, ids);
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
  if (!too_long(word, options_.longest_word) && walk_greedily(word, ids)) return;
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
