// The history as a graph of ops, the tree of its dominators, and both as text.
#include "core/inspect/graph.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <unordered_map>

#include "core/autograd/node.h"
#include "core/io/files.h"
#include "core/io/json.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

constexpr size_t columns = 80;

bool begins_character(char c) { return (c & 0xC0) != 0x80; }  // of UTF-8

size_t width(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

// The text filled or cut to so many columns.
std::string fitted(const std::string& text, size_t room) {
  const size_t have = width(text);
  if (have <= room) return text + std::string(room - have, ' ');
  size_t end = 0;
  for (size_t characters = 0; characters < room; ++end) characters += begins_character(text[end]);
  return text.substr(0, end - 1) + "…";
}

// The ops below y, newest first, numbered from the oldest: 1, 2, ...
class Graph {
 public:
  Graph(const Tensor& y, const GraphOptions& options) : options_(options) {
    add(y.impl().node.get());
    for (size_t i = 0; i < ops.size(); ++i)
      for (const Edge& edge : ops[i]->inputs) add(edge.node.get());
    std::sort(ops.begin(), ops.end(), [](auto* a, auto* b) { return a->id > b->id; });
    for (size_t i = 0; i < ops.size(); ++i) index_[ops[i]] = i;
  }

  size_t index(const Node* op) const { return index_.at(op); }
  std::string number(size_t i) const { return "#" + std::to_string(ops.size() - i); }

  std::string leaf(const TensorImpl& x) const {
    for (const NamedTensor& named : options_.names)
      if (named.tensor.defined() && &named.tensor.impl() == &x)
        return named.name + " " + to_string(x.shape);
    return "leaf " + to_string(x.shape);
  }

  std::vector<const Node*> ops;

 private:
  void add(const Node* op) {
    if (op && index_.emplace(op, 0).second) ops.push_back(op);
  }

  const GraphOptions& options_;
  std::unordered_map<const Node*, size_t> index_;
};

// The ops as a tree: each below its immediate dominator. Users come before what they use, so one
// pass suffices: an op's dominator is where the paths up from all its users meet.
std::vector<std::vector<size_t>> dominated(const Graph& graph) {
  constexpr size_t none = SIZE_MAX;
  std::vector<size_t> parent(graph.ops.size(), none);
  for (size_t user = 0; user < graph.ops.size(); ++user)
    for (const Edge& edge : graph.ops[user]->inputs) {
      if (!edge.node) continue;
      const size_t op = graph.index(edge.node.get());
      size_t a = parent[op] == none ? user : parent[op], b = user;
      while (a != b) (a > b ? a : b) = parent[std::max(a, b)];
      parent[op] = a;
    }
  std::vector<std::vector<size_t>> children(graph.ops.size());
  for (size_t op = 1; op < graph.ops.size(); ++op) children[parent[op]].push_back(op);
  return children;
}

// The tree as lines. An op's oldest child follows it in the same column, the others are branches.
class Tree {
 public:
  Tree(const Graph& graph, int depth) : graph_(graph), children_(dominated(graph)), depth_(depth) {
    chain(0, "", "", 0);
  }

  std::vector<std::string> lines;

 private:
  void chain(size_t op, std::string first, const std::string& rest, int depth) {
    for (;; first = rest) {
      lines.push_back(line(op, first));
      const std::vector<size_t>& below = children_[op];
      for (size_t i = 0; i + 1 < below.size(); ++i) {
        if (depth < depth_) chain(below[i], rest + "├─ ", rest + "│  ", depth + 1);
        else lines.push_back(summary(below[i], rest + "├─ "));
      }
      if (below.empty()) return;
      op = below.back();
    }
  }

  // A branch that is not drawn: "#9 linear (2, 4), 12 ops in all: 4 linear, 3 add, ..."
  std::string summary(size_t op, const std::string& before) const {
    std::vector<size_t> all{op};
    std::map<std::string, int> counts;
    for (size_t i = 0; i < all.size(); ++i) {
      ++counts[graph_.ops[all[i]]->op];
      all.insert(all.end(), children_[all[i]].begin(), children_[all[i]].end());
    }
    if (all.size() == 1) return line(op, before);
    std::string text = before + graph_.number(op) + " " + graph_.ops[op]->op + " " +
                       to_string(graph_.ops[op]->y_shape) + ", " + std::to_string(all.size()) +
                       " ops in all";
    const char* comma = ": ";
    for (const auto& [name, count] : counts) {
      text += comma + std::to_string(count) + " " + name;
      comma = ", ";
    }
    return width(text) > columns ? fitted(text, columns) : text;
  }

  std::string line(size_t i, const std::string& before) const {
    const Node& op = *graph_.ops[i];
    std::string text = before + graph_.number(i) + " " + op.op + " " + to_string(op.y_shape);
    const char* comma = " of ";
    for (const Edge& edge : op.inputs) {
      if (edge.node) text += comma + graph_.number(graph_.index(edge.node.get()));
      else text += comma + (edge.leaf ? graph_.leaf(*edge.leaf) : "constant");
      comma = ", ";
    }
    const std::string where = to_string(op.where);
    return fitted(text, columns - std::min(columns / 2, where.size() + 2)) + "  " + where;
  }

  const Graph& graph_;
  const std::vector<std::vector<size_t>> children_;
  const int depth_;
};

// Drawn as deep as options.lines allows; if not even one column fits, without its middle.
std::vector<std::string> tree_lines(const Graph& graph, const GraphOptions& options) {
  const auto max_lines = static_cast<size_t>(std::max(options.lines, 3));
  int depth = std::clamp(options.depth, 0, static_cast<int>(columns) / 6);
  std::vector<std::string> lines = Tree(graph, depth).lines;
  while (lines.size() > max_lines && depth > 0) lines = Tree(graph, --depth).lines;
  if (lines.size() <= max_lines) return lines;
  const size_t head = max_lines / 2, tail = max_lines - head - 1;
  const size_t left_out = lines.size() - head - tail;
  std::vector<std::string> shown(lines.begin(), lines.begin() + static_cast<int64_t>(head));
  shown.push_back("... " + std::to_string(left_out) + " more lines ...");
  shown.insert(shown.end(), lines.end() - static_cast<int64_t>(tail), lines.end());
  return shown;
}

}  // namespace

std::string graph_text(const Tensor& y, const GraphOptions& options) {
  const Graph graph(y, options);
  if (graph.ops.empty()) return graph.leaf(y.impl()) + ", without history\n";
  std::string text;
  for (const std::string& line : tree_lines(graph, options)) text += line + "\n";
  return text;
}

void print_graph(const Tensor& y, const GraphOptions& options) {
  std::cout << graph_text(y, options);
}

std::string to_dot(const Tensor& y, const GraphOptions& options) {
  const Graph graph(y, options);
  std::string text = "digraph history {\n  node [shape=box, fontname=sans, fontsize=10];\n";
  std::map<const TensorImpl*, std::string> leaves;
  const auto leaf = [&](const TensorImpl& x) {
    const auto [found, is_new] = leaves.emplace(&x, "leaf" + std::to_string(leaves.size()));
    if (is_new)
      text +=
          "  " + found->second + " [shape=ellipse, label=" + json_string(graph.leaf(x)) + "];\n";
    return found->second;
  };
  if (graph.ops.empty()) leaf(y.impl());
  for (const Node* op : graph.ops) {
    const std::string id = "op" + graph.number(graph.index(op)).substr(1);
    text += "  " + id + " [label=" +
            json_string(std::string(op->op) + "\n" + to_string(op->y_shape) + "\n" +
                        to_string(op->where)) +
            "];\n";
    for (const Edge& edge : op->inputs) {
      if (edge.node) text += "  op" + graph.number(graph.index(edge.node.get())).substr(1);
      else if (edge.leaf) text += "  " + leaf(*edge.leaf);
      else continue;
      text += " -> " + id + ";\n";
    }
  }
  return text + "}\n";
}

void write_dot(const std::string& path, const Tensor& y, const GraphOptions& options) {
  write_file_atomically(path, to_dot(y, options));
}

}}  // namespace cairn::CAIRN_PRECISION
