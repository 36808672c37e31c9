// How an executed op becomes a Node, and how long chains of nodes are freed without recursion.
#include "core/autograd/node.h"

#include "core/autograd/observer.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

std::atomic<uint64_t> next_id{1};

// Lets a node go without recursion. Its destructor hands its inputs' nodes to this function again;
// while a release is under way on this thread, they wait in its list.
void release(std::shared_ptr<Node> node) {
  static thread_local std::vector<std::shared_ptr<Node>>* waiting = nullptr;
  if (!node || node.use_count() > 1) return;
  if (waiting) {
    waiting->push_back(std::move(node));
    return;
  }
  std::vector<std::shared_ptr<Node>> list;
  list.push_back(std::move(node));
  waiting = &list;
  while (!list.empty()) {
    const std::shared_ptr<Node> last = std::move(list.back());
    list.pop_back();
  }
  waiting = nullptr;
}

}  // namespace

TensorImpl::~TensorImpl() {
  if (node) release(std::move(node));
}

Node::~Node() {
  for (Edge& edge : inputs) release(std::move(edge.node));
}

Edge Edge::of(const Tensor& input) {
  Edge edge;
  edge.shape = input.shape();
  if (!input.requires_grad()) return edge;
  if (input.is_leaf()) edge.leaf = input.handle();
  else edge.node = input.impl().node;
  edge.output = input.impl().output;
  return edge;
}

void Node::backward_in_ops(Grads&) {
  fail(op, "this op has no second derivative", "leave create_graph out, or write the op in others",
       where);
}

bool begin_record(const char* op, std::span<const Tensor* const> inputs, const Tensor& y) {
  y.impl().op = op;
  if (!grad_enabled()) return false;
  for (const Tensor* x : inputs)
    if (x->defined() && x->requires_grad()) return true;
  for (const Tensor* x : inputs)
    if (x->defined() && x->impl().not_differentiable)
      y.impl().not_differentiable = x->impl().not_differentiable;
  return false;
}

void fill_node(Node& node, const char* op, std::span<const Tensor* const> inputs, int outputs,
               Where where) {
  node.op = op;
  node.id = next_id.fetch_add(1, std::memory_order_relaxed);
  node.where = Scope::outermost(where);
  node.inputs.reserve(inputs.size());
  for (const Tensor* x : inputs) node.inputs.push_back(x->defined() ? Edge::of(*x) : Edge{});
  node.douts.resize(static_cast<size_t>(outputs));
}

void link(const std::shared_ptr<Node>& node, const Tensor& y, int32_t output) {
  y.impl().op = node->op;
  y.impl().node = node;
  y.impl().output = output;
  y.impl().requires_grad = true;
  if (output == 0) node->y_shape = y.shape();
}

void tell_observers(const char* op, std::span<const Tensor* const> inputs, const Tensor& y,
                    Where where) {
  for (Observer* o = observers; o; o = o->next) o->forward(op, inputs, y, where);
}

void record_undifferentiable(const char* op, std::initializer_list<const Tensor*> inputs,
                             const Tensor& y, Where where) {
  y.impl().op = op;
  tell_observers(op, std::span(inputs.begin(), inputs.size()), y, where);
  y.impl().not_differentiable =
      std::make_shared<const NotDifferentiable>(NotDifferentiable{op, Scope::outermost(where)});
}

}}  // namespace cairn::CAIRN_PRECISION
