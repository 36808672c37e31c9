// The walk over the history, from the result down to the leaves.
#include "core/autograd/unnamed_leaves.h"

#include <algorithm>
#include <set>

#include "core/autograd/node.h"

namespace cairn { inline namespace CAIRN_PRECISION {

std::vector<UnnamedLeaf> unnamed_leaves(const Tensor& y, const NamedTensors& named) {
  std::set<const TensorImpl*> known;
  for (const NamedTensor& x : named)
    if (x.tensor.defined()) known.insert(&x.tensor.impl());
  std::vector<UnnamedLeaf> unnamed;
  if (!y.requires_grad()) return unnamed;
  if (y.is_leaf()) {
    if (!known.contains(&y.impl())) unnamed.push_back({y.shape(), "no op", {}});
    return unnamed;
  }

  std::set<const Node*> seen{y.impl().node.get()};
  std::vector<const Node*> nodes(seen.begin(), seen.end());
  for (size_t i = 0; i < nodes.size(); ++i)
    for (const Edge& edge : nodes[i]->inputs)
      if (edge.node && seen.insert(edge.node.get()).second) nodes.push_back(edge.node.get());
  std::sort(nodes.begin(), nodes.end(), [](auto* a, auto* b) { return a->id < b->id; });
  for (const Node* node : nodes)
    for (const Edge& edge : node->inputs)
      if (edge.leaf && known.insert(edge.leaf.get()).second)
        unnamed.push_back({edge.leaf->shape, node->op, node->where});
  return unnamed;
}

std::string to_string(const UnnamedLeaf& leaf) {
  const std::string text = "a tensor of shape " + to_string(leaf.shape) + ", in ";
  return leaf.where.line ? text + "[" + leaf.op + "] at " + to_string(leaf.where) : text + leaf.op;
}

}}  // namespace cairn::CAIRN_PRECISION
