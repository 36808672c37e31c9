// The reverse pass: collect the nodes below the outputs, run them newest first (creation order is a
// topological order), and let each add to the gradients of its inputs. No counting, no recursion.
#include <algorithm>

#include "core/autograd.h"
#include "core/node.h"
#include "core/ops.h"

namespace cairn::inline CAIRN_PRECISION {
namespace {

std::atomic<uint64_t> passes{0};

std::string line(Where where) {
  const std::string file = where.file;
  return file.substr(file.find_last_of('/') + 1) + ":" + std::to_string(where.line);
}

bool solely_ours(const Tensor& x) {
  return x.handle().use_count() == 1 && x.impl().storage.use_count() == 1 && x.is_contiguous();
}

// All nodes that the outputs depend on, newest first.
std::vector<Node*> collect(const std::vector<Tensor>& outputs) {
  const uint64_t pass = ++passes;
  std::vector<Node*> nodes;
  const auto visit = [&](Node* node) {
    if (!node || node->pass == pass) return;
    node->pass = pass;
    nodes.push_back(node);
  };
  for (const Tensor& y : outputs) visit(y.impl().node.get());
  for (size_t i = 0; i < nodes.size(); ++i)
    for (const Edge& edge : nodes[i]->inputs) visit(edge.node.get());
  std::sort(nodes.begin(), nodes.end(), [](Node* a, Node* b) { return a->id > b->id; });
  return nodes;
}

// The nodes of one pass. A Node's backward may start a pass of its own, over other nodes. The
// gradients of a pass that an Error ended are cleared, so that they do not leak into the next one.
struct Pass {
  const std::vector<Node*> nodes;

  Pass(const std::vector<Tensor>& outputs, Where where) : nodes(collect(outputs)) {
    for (const Node* node : nodes)
      if (node->running)
        fail("backward", std::string("[") + node->op + "] at " + line(node->where) +
             " belongs to a backward that is under way",
             "detach() what the inner one shares with it", where);
    for (Node* node : nodes) node->running = true;
  }
  ~Pass() {
    for (Node* node : nodes) {
      for (Tensor& dout : node->douts) dout = Tensor();
      node->running = false;
      node->needed = node->runs = true;
    }
  }
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;
};

struct FreeSaved : SavedVisitor {
  void operator()(const char*, Saved& saved) override { saved.tensor = Tensor(); }
};

void run(Node& node, bool retain_graph, LeafGrads* asked_for, Where where) {
  const auto defined = [](const Tensor& dout) { return dout.defined(); };
  if (node.runs && std::any_of(node.douts.begin(), node.douts.end(), defined)) {
    if (node.freed)
      fail("backward", std::string("what [") + node.op + "] saved at " + line(node.where) +
           " was freed by an earlier backward", "pass retain_graph = true to the earlier one",
           where);
    Grads grads(node, asked_for);
    node.backward(grads);
  }
  for (Tensor& dout : node.douts) dout = Tensor();
  if (retain_graph || !node.runs) return;
  FreeSaved free_saved;
  node.visit(free_saved);
  node.freed = true;
}

// Hands dy to the node that made y, or to the leaf y.
void seed(const Tensor& y, const Tensor& dy, LeafGrads* asked_for, Where where) {
  if (const Cut* cut = y.impl().cut.get())
    fail("backward", std::string("[") + cut->op + "] is not differentiable; it was used at " +
         line(cut->where), "", where);
  if (!y.requires_grad())
    fail("backward", "the tensor does not require grad",
         "set_requires_grad() on a leaf before the computation, outside of NoGrad", where);
  if (!(y.shape() == dy.shape()))
    fail("backward", "the tensor is " + to_string(y.shape()) + ", its gradient " +
         to_string(dy.shape()), "", where);
  struct Start final : Node {
    void backward(Grads&) override {}
  } start;
  start.inputs.push_back(Edge::of(y));
  Grads(start, asked_for).add(0, dy);
}

Tensor one_for(const Tensor& y, Where where) {
  if (y.numel() != 1)
    fail("backward", "the loss has shape " + to_string(y.shape()) + ", not one number",
         "reduce it with sum() or mean(), or pass the gradient: backward(y, dy)", where);
  return Tensor::ones(y.shape());
}

bool contains(const LeafGrads& leaves, const TensorImpl* x) {
  return std::any_of(leaves.begin(), leaves.end(),
                     [&](const auto& leaf) { return leaf.first == x; });
}

// In grad(): only nodes above an asked-for tensor run. Oldest first, so inputs are decided before.
void mark_needed(const std::vector<Node*>& nodes, const std::vector<Tensor>& inputs,
                 const LeafGrads& leaves) {
  for (auto it = nodes.rbegin(); it != nodes.rend(); ++it) {
    Node* node = *it;
    const auto is_needed = [&](const Edge& edge) {
      return edge.node ? edge.node->needed : edge.leaf && contains(leaves, edge.leaf.get());
    };
    const auto is_output = [&](const Tensor& x) { return x.impl().node.get() == node; };
    node->runs = std::any_of(node->inputs.begin(), node->inputs.end(), is_needed);
    node->needed = node->runs || std::any_of(inputs.begin(), inputs.end(), is_output);
  }
}

void check_grad(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                const std::vector<Tensor>& douts, Where where) {
  if (!douts.empty() && douts.size() != outputs.size())
    fail("grad", std::to_string(douts.size()) + " douts for " + std::to_string(outputs.size()) +
         " outputs", "one for each, or none at all", where);
  for (size_t i = 0; i < inputs.size(); ++i)
    if (!inputs[i].requires_grad())
      fail("grad", "input " + std::to_string(i) + " does not require grad",
           "set_requires_grad() before the computation", where);
}

}  // namespace

bool Grads::needs(int input) const {
  const Edge& edge = node_.inputs[static_cast<size_t>(input)];
  if (edge.node) return edge.node->needed;
  return edge.leaf && (!asked_for_ || contains(*asked_for_, edge.leaf.get()));
}

const Tensor& Grads::value(const Saved& saved) const {
  const Storage& storage = *saved.tensor.impl().storage;
  if (storage.version != saved.version)
    fail("backward", std::string("a tensor that [") + node_.op + "] saved at " + line(node_.where) +
         " was changed in place at " + line(storage.written_at),
         "change it after backward, or compute with a copy");
  return saved.tensor;
}

Tensor Grads::take(const Edge& edge) const {
  if (edge.node) return std::move(edge.node->douts[static_cast<size_t>(edge.output)]);
  if (!asked_for_) return Tensor(std::move(edge.leaf->grad));
  for (auto& [leaf, sum] : *asked_for_)
    if (leaf == edge.leaf.get()) return std::move(sum);
  return Tensor();
}

void Grads::put(const Edge& edge, Tensor sum) const {
  if (edge.node) {
    edge.node->douts[static_cast<size_t>(edge.output)] = std::move(sum);
  } else if (!asked_for_) {
    edge.leaf->grad = sum.handle();
  } else {
    for (auto& [leaf, slot] : *asked_for_)
      if (leaf == edge.leaf.get()) slot = sum;
  }
}

void Grads::add(int input, Tensor dx) const {
  if (!needs(input)) return;
  const Edge& edge = node_.inputs[static_cast<size_t>(input)];
  if (edge.leaf && !(dx.shape() == edge.leaf->shape))
    fail("backward", std::string("[") + node_.op + "] gave a gradient of shape " +
         to_string(dx.shape()) + " for an input of shape " + to_string(edge.leaf->shape));
  Tensor sum = take(edge);
  if (!sum.defined()) sum = edge.leaf && !solely_ours(dx) ? copy(dx) : std::move(dx);
  else if (solely_ours(sum)) sum.add_(dx);
  else sum = cairn::add(sum, dx);
  put(edge, std::move(sum));
}

Grads::Target Grads::into(int input, const Shape& shape) const {
  const Edge& edge = node_.inputs[static_cast<size_t>(input)];
  Tensor sum = take(edge);
  const real beta = sum.defined() ? 1 : 0;
  if (!sum.defined()) sum = Tensor::empty(shape);
  else if (!solely_ours(sum)) sum = copy(sum);
  real* data = sum.write();
  put(edge, std::move(sum));
  return {data, beta};
}

void backward(const Tensor& loss, const Tensor& dloss, bool retain_graph, Where where) {
  const NoGrad no_grad;
  const Pass pass({loss}, where);
  seed(loss, dloss, nullptr, where);
  for (Node* node : pass.nodes) run(*node, retain_graph, nullptr, where);
}

void backward(const Tensor& loss, bool retain_graph, Where where) {
  backward(loss, one_for(loss, where), retain_graph, where);
}

std::vector<Tensor> grad(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                         const std::vector<Tensor>& douts, bool retain_graph, Where where) {
  const NoGrad no_grad;
  check_grad(outputs, inputs, douts, where);
  LeafGrads leaves;
  for (const Tensor& x : inputs)
    if (x.is_leaf()) leaves.emplace_back(&x.impl(), Tensor());
  const Pass pass(outputs, where);
  mark_needed(pass.nodes, inputs, leaves);
  for (size_t i = 0; i < outputs.size(); ++i)
    seed(outputs[i], douts.empty() ? one_for(outputs[i], where) : douts[i], &leaves, where);

  std::vector<Tensor> result(inputs.size());
  for (Node* node : pass.nodes) {
    for (size_t i = 0; i < inputs.size(); ++i)
      if (inputs[i].impl().node.get() == node) {
        const Tensor& dx = node->douts[static_cast<size_t>(inputs[i].impl().output)];
        if (dx.defined()) result[i] = copy(dx);  // it may be the gradient of other tensors too
      }
    run(*node, retain_graph, &leaves, where);
  }
  for (size_t i = 0; i < inputs.size(); ++i) {
    for (auto& [leaf, sum] : leaves)
      if (leaf == &inputs[i].impl()) result[i] = sum;
    if (!result[i].defined()) result[i] = Tensor::zeros(inputs[i].shape());
  }
  return result;
}

}  // namespace cairn::inline CAIRN_PRECISION
