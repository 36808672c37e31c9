#pragma once
// The reverse pass that backward() and grad() share; internal. A Pass collects the nodes below the
// outputs. Its caller runs them newest first (creation order is a topological order), and each adds
// to the gradients of its inputs.
#include <vector>

#include "core/autograd/node.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct PassOptions {
  bool retain_graph = false;
  bool create_graph = false;       // the gradients have a history: backward_in_ops. Frees nothing
  LeafGrads* asked_for = nullptr;  // the leaves whose gradients go here; null: all, to their .grad
};

// The nodes of one pass. A Node's backward may start a pass of its own, over other nodes. The
// gradients of a pass that an Error ended are cleared, so that they do not leak into the next one.
class Pass {
 public:
  // All nodes that the outputs depend on; none beyond those that made the `ends`. Error if one of
  // them belongs to a pass that is under way.
  Pass(const std::vector<Tensor>& outputs, const PassOptions& options, Where where,
       const std::vector<Tensor>& ends = {});
  ~Pass();
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;

  void seed(const Tensor& y, const Tensor& dy) const;  // hands dy to y's node, or to the leaf y
  void run(Node& node) const;  // its backward, if a gradient has arrived; then frees what it saved

  std::vector<Node*> nodes;  // newest first

 private:
  PassOptions options_;
  Where where_;
};

// Is one of the tensors an output of the node?
bool made_one_of(const Node* node, const std::vector<Tensor>& tensors);
// Is x one of the leaves?
bool contains(const LeafGrads& leaves, const TensorImpl* x);

}}  // namespace cairn::CAIRN_PRECISION
