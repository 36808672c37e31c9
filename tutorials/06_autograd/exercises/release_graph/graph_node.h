#pragma once
// What a node of the history is in this exercise.
#include <cstdint>
#include <memory>
#include <vector>

struct GraphNode {
  std::vector<std::shared_ptr<GraphNode>> inputs;

  GraphNode() { ++alive; }
  ~GraphNode() { --alive; }
  GraphNode(const GraphNode&) = delete;
  GraphNode& operator=(const GraphNode&) = delete;

  static inline int64_t alive = 0;  // how many there are
};
