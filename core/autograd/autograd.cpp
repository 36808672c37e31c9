// backward() and grad(), by way of a Pass; and Grads::through, which is how a fused op's node gives
// its second derivative: grad() of the op's definition in other ops.
#include "core/autograd/autograd.h"

#include <algorithm>

#include "core/autograd/backward.h"
#include "core/ops/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

Tensor one_for(const Tensor& y, Where where) {
  if (y.numel() != 1)
    fail("backward", "the loss has shape " + to_string(y.shape()) + ", not one number",
         "reduce it with sum() or mean(), or pass the gradient: backward(y, dy)", where);
  return Tensor::ones(y.shape());
}

}  // namespace

void backward(const Tensor& loss, const Tensor& dloss, bool retain_graph, Where where) {
  const NoGrad no_grad;
  const Pass pass({loss}, {.retain_graph = retain_graph}, where);
  pass.seed(loss, dloss);
  for (Node* node : pass.nodes) pass.run(*node);
}

void backward(const Tensor& loss, bool retain_graph, Where where) {
  backward(loss, one_for(loss, where), retain_graph, where);
}

namespace {

// In grad(): only nodes above an asked-for tensor run. Oldest first, so inputs are decided before.
void mark_needed(const std::vector<Node*>& nodes, const std::vector<Tensor>& inputs,
                 const std::vector<Tensor>& ends, const LeafGrads& leaves) {
  for (auto it = nodes.rbegin(); it != nodes.rend(); ++it) {
    Node* node = *it;
    const auto is_needed = [&](const Edge& edge) {
      return edge.node ? edge.node->needed : edge.leaf && contains(leaves, edge.leaf.get());
    };
    node->runs = !made_one_of(node, ends) &&
                 std::any_of(node->inputs.begin(), node->inputs.end(), is_needed);
    node->needed = node->runs || made_one_of(node, inputs);
  }
}

void check_grad(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                const std::vector<Tensor>& douts, Where where) {
  if (!douts.empty() && douts.size() != outputs.size())
    fail("grad",
         std::to_string(douts.size()) + " douts for " + std::to_string(outputs.size()) + " outputs",
         "one for each, or none at all", where);
  for (size_t i = 0; i < inputs.size(); ++i)
    if (!inputs[i].requires_grad())
      fail("grad", "input " + std::to_string(i) + " does not require grad",
           "set_requires_grad() before the computation", where);
}

// grad(), stopping at the nodes that made the `ends`.
std::vector<Tensor> grad_until(const std::vector<Tensor>& outputs,
                               const std::vector<Tensor>& inputs, const std::vector<Tensor>& ends,
                               const GradOptions& options, Where where) {
  const GradMode mode(options.create_graph);
  check_grad(outputs, inputs, options.douts, where);
  LeafGrads leaves;
  for (const Tensor& x : inputs)
    if (x.is_leaf() && !contains(leaves, &x.impl())) leaves.emplace_back(&x.impl(), Tensor());
  const PassOptions pass_options{options.retain_graph, options.create_graph, &leaves};
  const Pass pass(outputs, pass_options, where, ends);
  mark_needed(pass.nodes, inputs, ends, leaves);
  for (size_t i = 0; i < outputs.size(); ++i)
    pass.seed(outputs[i], options.douts.empty() ? one_for(outputs[i], where) : options.douts[i]);

  std::vector<Tensor> result(inputs.size());
  for (Node* node : pass.nodes) {
    for (size_t i = 0; i < inputs.size(); ++i)
      if (inputs[i].impl().node.get() == node) {
        const Tensor& dx = node->douts[static_cast<size_t>(inputs[i].impl().output)];
        if (dx.defined()) result[i] = copy(dx);  // it may be the gradient of other tensors too
      }
    pass.run(*node);
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    for (auto& [leaf, sum] : leaves)
      if (leaf == &inputs[i].impl()) result[i] = sum;
    if (!result[i].defined()) result[i] = Tensor::zeros(inputs[i].shape());
  }
  return result;
}

// What through() puts before its inputs, so that its pass ends there.
struct EndNode final : Node {
  void backward(Grads& g) override { g.add(0, g.dout()); }
  void backward_in_ops(Grads& g) override { backward(g); }
  void visit(SavedVisitor&) override {}
};

}  // namespace

std::vector<Tensor> grad(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                         const GradOptions& options, Where where) {
  return grad_until(outputs, inputs, {}, options, where);
}

void Grads::through(const std::function<Tensor(const std::vector<Tensor>&)>& composed,
                    const std::vector<Tensor>& inputs) const {
  std::vector<Tensor> x = inputs, ends, wanted;
  for (size_t i = 0; i < x.size(); ++i) {
    if (!x[i].defined() || !x[i].requires_grad()) continue;
    x[i] = alias(inputs[i], inputs[i].shape(), inputs[i].strides(), inputs[i].impl().offset);
    record<EndNode>("alias", {&inputs[i]}, x[i], node_.where);
    ends.push_back(x[i]);
    if (needs(static_cast<int>(i))) wanted.push_back(x[i]);
  }
  const GradOptions options{.douts = {dout()}, .create_graph = true};
  const std::vector<Tensor> dx = grad_until({composed(x)}, wanted, ends, options, node_.where);
  for (size_t i = 0, k = 0; i < x.size(); ++i)
    if (x[i].defined() && x[i].requires_grad() && needs(static_cast<int>(i)))
      add(static_cast<int>(i), dx[k++]);
}

}}  // namespace cairn::CAIRN_PRECISION
