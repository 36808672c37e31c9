// Letting a graph go.
#include <memory>
#include <utility>
#include <vector>

#include "tutorials/06_autograd/exercises/release_graph/graph_node.h"

namespace mine {

// Lets go of the result, and with it of every node that nobody else holds; without recursion.
void release_graph(std::shared_ptr<GraphNode>& result) {
  std::vector<std::shared_ptr<GraphNode>> waiting;
  waiting.push_back(std::move(result));
  while (!waiting.empty()) {
    const std::shared_ptr<GraphNode> node = std::move(waiting.back());
    waiting.pop_back();
    if (node.use_count() != 1) continue;  // somebody else holds it, or it waits once more
    for (std::shared_ptr<GraphNode>& input : node->inputs) waiting.push_back(std::move(input));
  }
}

}  // namespace mine
