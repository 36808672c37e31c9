// The reverse pass, in two parts: which nodes run and when (Pass), and how the gradients that they
// give are added up (Grads). No counting of uses, no recursion.
#include "core/autograd/backward.h"

#include <algorithm>
#include <mutex>
#include <thread>

#include "core/autograd/observer.h"
#include "core/ops/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// A node belongs to one pass at a time, of whatever thread. Held while a pass takes its nodes and
// while it lets go of them; guards Node::pass and Node::running.
std::mutex taking_nodes;
uint64_t passes = 0;

// Held for the moment in which a leaf's gradient is taken out or put in, because several threads
// may add to one leaf. In between the gradient is its taker's alone.
class GradLock {
 public:
  explicit GradLock(TensorImpl& leaf) : flag_(leaf.grad_lock) {
    while (flag_.test_and_set(std::memory_order_acquire)) std::this_thread::yield();
  }
  ~GradLock() { flag_.clear(std::memory_order_release); }
  GradLock(const GradLock&) = delete;
  GradLock& operator=(const GradLock&) = delete;

 private:
  std::atomic_flag& flag_;
};

bool solely_ours(const Tensor& x) {
  return x.handle().use_count() == 1 && x.impl().storage.use_count() == 1 && x.is_contiguous();
}

// All nodes that the outputs depend on, newest first; none beyond those that made the `ends`.
std::vector<Node*> collect(const std::vector<Tensor>& outputs, const std::vector<Tensor>& ends) {
  const uint64_t pass = ++passes;
  std::vector<Node*> nodes;
  const auto visit = [&](Node* node) {
    if (!node || node->pass == pass) return;
    node->pass = pass;
    nodes.push_back(node);
  };
  for (const Tensor& y : outputs) visit(y.impl().node.get());
  for (size_t i = 0; i < nodes.size(); ++i)
    if (ends.empty() || !made_one_of(nodes[i], ends))
      for (const Edge& edge : nodes[i]->inputs) visit(edge.node.get());
  std::sort(nodes.begin(), nodes.end(), [](Node* a, Node* b) { return a->id > b->id; });
  return nodes;
}

struct FreeSaved : SavedVisitor {
  void operator()(const char*, Saved& saved) override { saved.tensor = Tensor(); }
};

}  // namespace

bool made_one_of(const Node* node, const std::vector<Tensor>& tensors) {
  return std::any_of(tensors.begin(), tensors.end(),
                     [&](const Tensor& x) { return x.impl().node.get() == node; });
}

bool contains(const LeafGrads& leaves, const TensorImpl* x) {
  return std::any_of(leaves.begin(), leaves.end(),
                     [&](const auto& leaf) { return leaf.first == x; });
}

Pass::Pass(const std::vector<Tensor>& outputs, const PassOptions& options, Where where,
           const std::vector<Tensor>& ends)
    : options_(options), where_(where) {
  const std::lock_guard lock(taking_nodes);
  nodes = collect(outputs, ends);
  for (const Node* node : nodes)
    if (node->running)
      fail("backward",
           std::string("[") + node->op + "] at " + to_string(node->where) +
               " belongs to a backward that is under way",
           "detach() what this one shares with it; two threads run one after the other through "
           "a graph that they share",
           where);
  for (Node* node : nodes) node->running = true;
}

Pass::~Pass() {
  const std::lock_guard lock(taking_nodes);
  for (Node* node : nodes) {
    for (Tensor& dout : node->douts) dout = Tensor();
    node->running = false;
    node->needed = node->runs = true;
  }
}

void Pass::seed(const Tensor& y, const Tensor& dy) const {
  if (const NotDifferentiable* culprit = y.impl().not_differentiable.get())
    fail("backward",
         std::string("[") + culprit->op + "] is not differentiable; it was used at " +
             to_string(culprit->where),
         "", where_);
  if (!y.requires_grad())
    fail("backward", "the tensor does not require grad",
         "set_requires_grad() on a leaf before the computation, outside of NoGrad", where_);
  if (!(y.shape() == dy.shape()))
    fail("backward",
         "the tensor is " + to_string(y.shape()) + ", its gradient " + to_string(dy.shape()), "",
         where_);
  struct Start final : Node {
    void backward(Grads&) override {}
    void visit(SavedVisitor&) override {}
  } start;
  start.inputs.push_back(Edge::of(y));
  Grads(start, options_.asked_for).add(0, dy);
}

void Pass::run(Node& node) const {
  const auto defined = [](const Tensor& dout) { return dout.defined(); };
  if (node.runs && std::any_of(node.douts.begin(), node.douts.end(), defined)) {
    if (node.freed)
      fail("backward",
           std::string("what [") + node.op + "] saved at " + to_string(node.where) +
               " was freed by an earlier backward",
           "pass retain_graph = true to the earlier one", where_);
    Grads grads(node, options_.asked_for, options_.create_graph);
    for (Observer* o = observers; o; o = o->next) o->before_backward(node);
    if (options_.create_graph) {
      const Scope scope("backward", node.where);
      node.backward_in_ops(grads);
    } else {
      node.backward(grads);
    }
    for (Observer* o = observers; o; o = o->next) o->after_backward(node, grads);
  }
  for (Tensor& dout : node.douts) dout = Tensor();
  if (options_.retain_graph || options_.create_graph || !node.runs) return;
  FreeSaved free_saved;
  node.visit(free_saved);
  node.freed = true;
}

bool Grads::needs(int input) const {
  const Edge& edge = node_.inputs[static_cast<size_t>(input)];
  if (edge.node) return edge.node->needed;
  return edge.leaf && (!asked_for_ || contains(*asked_for_, edge.leaf.get()));
}

const Tensor& Grads::value(const Saved& saved) const {
  const Storage& storage = *saved.tensor.impl().storage;
  if (storage.version != saved.version)
    fail("backward",
         std::string("a tensor that [") + node_.op + "] saved at " + to_string(node_.where) +
             " was changed in place at " + to_string(storage.written_at),
         "change it after backward, or compute with a copy");
  return saved.tensor;
}

Tensor Grads::tensor(const Saved& saved) const {
  const Tensor& x = value(saved);
  if (!create_graph_ || !saved.own_output) return x;
  const Tensor y = alias(x, x.shape(), x.strides(), x.impl().offset);
  link(node_.shared_from_this(), y);
  return y;
}

Tensor* Grads::slot(const Edge& edge) const {
  if (edge.node) return &edge.node->douts[static_cast<size_t>(edge.output)];
  if (asked_for_)
    for (auto& [leaf, sum] : *asked_for_)
      if (leaf == edge.leaf.get()) return &sum;
  return nullptr;
}

Tensor Grads::take(const Edge& edge) const {
  if (Tensor* sum = slot(edge)) return std::move(*sum);
  const GradLock lock(*edge.leaf);
  return Tensor(std::move(edge.leaf->grad));
}

bool Grads::put_first(const Edge& edge, Tensor& sum) const {
  if (Tensor* there = slot(edge)) {
    if (there->defined()) return false;
    *there = std::move(sum);
    return true;
  }
  const GradLock lock(*edge.leaf);
  if (edge.leaf->grad) return false;
  edge.leaf->grad = sum.handle();
  return true;
}

void Grads::put(const Edge& edge, Tensor sum) const {
  while (!put_first(edge, sum)) {  // another thread was here since take()
    const Tensor theirs = take(edge);
    if (theirs.defined()) sum = plus(std::move(sum), theirs);
  }
}

Tensor Grads::plus(Tensor sum, const Tensor& dx) const {
  if (create_graph_ || !solely_ours(sum)) return cairn::add(sum, dx);
  sum.add_(dx);
  return sum;
}

Tensor Grads::sum(int input) const {
  if (!needs(input)) return Tensor();
  const Edge& edge = node_.inputs[static_cast<size_t>(input)];
  if (const Tensor* sum = slot(edge)) return *sum;
  const GradLock lock(*edge.leaf);
  return Tensor(edge.leaf->grad);
}

void Grads::add(int input, Tensor dx) const {
  if (!needs(input)) return;
  const Edge& edge = node_.inputs[static_cast<size_t>(input)];
  if (!(dx.shape() == edge.shape))
    fail("backward", std::string("[") + node_.op + "] gave a gradient of shape " +
                         to_string(dx.shape()) + " for an input of shape " + to_string(edge.shape));
  Tensor sum = take(edge);
  if (sum.defined()) sum = plus(std::move(sum), dx);
  else sum = edge.leaf && !solely_ours(dx) ? copy(dx) : std::move(dx);
  put(edge, std::move(sum));
}

Grads::Target Grads::into(int input) const {
  if (!needs(input))
    fail("backward",
         std::string("[") + node_.op + "] asks where to write a gradient that nobody wants",
         "ask needs() first");
  const Edge& edge = node_.inputs[static_cast<size_t>(input)];
  Tensor sum = take(edge);
  const real beta = sum.defined() ? 1 : 0;
  if (!sum.defined()) sum = Tensor::empty(edge.shape);
  else if (!solely_ours(sum)) sum = copy(sum);
  return Target(*this, edge, std::move(sum), beta);
}

}}  // namespace cairn::CAIRN_PRECISION
