#pragma once
// What can be seen of a history, and of how it ends.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/autograd/node.h"

// All nodes of a history, the newest first.
inline std::vector<cairn::Node*> nodes_of(const cairn::Tensor& y) {
  std::map<uint64_t, cairn::Node*, std::greater<>> found;
  if (cairn::Node* last = y.impl().node.get()) found[last->id] = last;
  for (const auto& [id, node] : found)
    for (const cairn::Edge& edge : node->inputs)
      if (edge.node) found[edge.node->id] = edge.node.get();  // which is older, so it comes later
  std::vector<cairn::Node*> nodes;
  for (const auto& [id, node] : found) nodes.push_back(node);
  return nodes;
}

// What a node keeps for its backward: as text, and all nodes' numbers, each counted once.
struct LookAtSaved : cairn::SavedVisitor {
  std::string text;
  std::set<const cairn::real*> seen;
  int64_t numbers = 0;
  void operator()(const char* name, cairn::Saved& saved) override {
    if (!saved.tensor.defined()) return;
    text += std::string(text.empty() ? "" : ", ") + name + " " + to_string(saved.tensor.shape());
    if (seen.insert(saved.tensor.strided_data()).second) numbers += saved.tensor.numel();
  }
};

inline void print_nodes(const cairn::Tensor& y) {
  const std::vector<cairn::Node*> nodes = nodes_of(y);
  std::map<const cairn::Node*, size_t> number;
  for (cairn::Node* node : nodes) number[node] = nodes.size() - number.size();
  for (cairn::Node* node : nodes) {
    LookAtSaved saved;
    node->visit(saved);
    std::string inputs;
    for (const cairn::Edge& edge : node->inputs)
      inputs += edge.node   ? " #" + std::to_string(number[edge.node.get()])
                : edge.leaf ? " leaf " + to_string(edge.leaf->shape)
                            : " -";
    std::printf("  #%zu %-8s %-14s keeps %s\n", number[node], node->op, inputs.c_str(),
                node->freed          ? "nothing more"
                : saved.text.empty() ? "nothing"
                                     : saved.text.c_str());
  }
}

// Does it end well? In a process of its own, whose stack is 1 MiB.
inline bool ends_well(const std::function<void()>& work) {
  std::fflush(stdout);
  if (const pid_t child = fork(); child != 0) {
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }
  const rlimit stack = {1 << 20, 1 << 20};
  setrlimit(RLIMIT_STACK, &stack);
  work();
  _exit(0);
}
