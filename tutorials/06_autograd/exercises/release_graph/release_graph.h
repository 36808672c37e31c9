#pragma once
// The function of this exercise, in its three places.
#include <vector>

#include "tutorials/06_autograd/exercises/release_graph/graph_node.h"
#include "tutorials/check/check.h"

using ReleaseGraph = void(std::shared_ptr<GraphNode>& result);

namespace mine {
ReleaseGraph release_graph;
}
namespace mistakes {
ReleaseGraph release_graph;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<ReleaseGraph>> list;
}
