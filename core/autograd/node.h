#pragma once
// The history: one Node for each executed op, its inputs as edges, what it saved for backward as
// named fields. Each op derives one Node; core/autograd/backward.cpp runs them, newest first.
#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/autograd/grad_mode.h"
#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

class Grads;

// Where a gradient goes: output `output` of the op `node`, or a leaf, or nowhere. An edge keeps no
// intermediate result's numbers alive.
struct Edge {
  std::shared_ptr<Node> node;
  std::shared_ptr<TensorImpl> leaf;
  int32_t output = 0;
  Shape shape;  // of the input, and so of its gradient

  static Edge of(const Tensor& input);  // nowhere if it requires no grad
  explicit operator bool() const { return node || leaf; }
};

// A tensor kept for backward, with the version its storage had then.
struct Saved {
  Saved() = default;
  Saved(const Tensor& input) : tensor(input), version(input.impl().storage->version) {}
  // An op's own output: its numbers without the cycle output -> node -> output.
  static Saved output(const Tensor& y) {
    Saved saved(y.detach());
    saved.own_output = true;
    return saved;
  }

  Tensor tensor;
  int64_t version = 0;
  bool own_output = false;
};

// Walks what a node saved, by name: to free it, count its bytes, or show it.
struct SavedVisitor {
  virtual ~SavedVisitor() = default;
  virtual void operator()(const char* name, Saved& saved) = 0;
};

struct Node : std::enable_shared_from_this<Node> {
  const char* op = "";
  uint64_t id = 0;  // creation order, which is a topological order
  Where where;      // the user's line; errors quote it
  std::vector<Edge> inputs;
  Shape y_shape;              // of its first output, for display
  std::vector<Tensor> douts;  // d(loss)/d(output), one per output, filled during a pass
  bool freed = false;         // its saved tensors are gone
  // Of the latest pass that collected this node:
  uint64_t pass = 0;
  bool running = false;  // it has not finished, on some thread
  bool needed = true;    // the gradient of an output is wanted
  bool runs = true;      // and so is that of an input

  virtual ~Node();
  // Adds to g the gradients of the inputs, from g.dout() and what was saved.
  virtual void backward(Grads& g) = 0;
  // The same in recorded ops, so that the gradients have a history of their own: for second
  // derivatives. It reads g.tensor(..) instead of g.value(..). By default an Error says that the op
  // has no second derivative.
  virtual void backward_in_ops(Grads& g);
  // Calls v(name, field) for each Saved, so that backward can free it; empty if there is none.
  virtual void visit(SavedVisitor& v) = 0;
};

// A node whose backward is in recorded ops already, and reads g.tensor(..).
struct OpsNode : Node {
  void backward_in_ops(Grads& g) final { backward(g); }
};

// Gradients asked for by grad(outputs, inputs); backward() writes to .grad of the leaves instead.
using LeafGrads = std::vector<std::pair<TensorImpl*, Tensor>>;

// What a Node's backward reads and writes.
class Grads {
 public:
  Grads(Node& node, LeafGrads* asked_for, bool create_graph = false)
      : node_(node), asked_for_(asked_for), create_graph_(create_graph) {}

  const Tensor& dout(int output = 0) const { return node_.douts[static_cast<size_t>(output)]; }
  bool needs(int input) const;  // is this input's gradient needed?
  const Shape& shape(int input) const { return node_.inputs[static_cast<size_t>(input)].shape; }
  const Tensor& value(const Saved& saved) const;  // Error if its numbers changed since
  Tensor tensor(const Saved& saved) const;        // the same with its history, for ops
  void add(int input, Tensor dx) const;           // gradient of `input` += dx, of its shape
  Tensor sum(int input) const;                    // what has arrived at `input`, or undefined

  // Adds the gradients of `composed`, a fused op's definition in other ops, at the node's inputs.
  // For backward_in_ops.
  void through(const std::function<Tensor(const std::vector<Tensor>&)>& composed,
               const std::vector<Tensor>& inputs) const;

  // For products that accumulate themselves: write beta * data + product to data, which is
  // contiguous. The input gets the sum when the Target is destroyed.
  class Target {
   public:
    real* const data;
    const real beta;  // 0 or 1
    ~Target() { grads_.put(edge_, std::move(sum_)); }
    Target(const Target&) = delete;
    Target& operator=(const Target&) = delete;

   private:
    friend class Grads;
    Target(const Grads& grads, const Edge& edge, Tensor sum, real beta)
        : data(sum.write()), beta(beta), grads_(grads), edge_(edge), sum_(std::move(sum)) {}
    const Grads& grads_;
    const Edge& edge_;
    Tensor sum_;
  };
  Target into(int input) const;  // Error unless needs(input)

 private:
  Tensor* slot(const Edge& edge) const;  // where its sum is kept; null: in leaf->grad
  Tensor take(const Edge& edge) const;   // what has arrived there so far, or undefined
  bool put_first(const Edge& edge, Tensor& sum) const;  // false if something is there
  void put(const Edge& edge, Tensor sum) const;         // adds up with what is there
  Tensor plus(Tensor sum, const Tensor& dx) const;

  Node& node_;
  LeafGrads* asked_for_;
  bool create_graph_;
};

// The steps of record(), below: notes in y that `op` made it, and returns whether an input needs a
// gradient; fills what all nodes have; links the node into y; tells the observers.
bool begin_record(const char* op, std::span<const Tensor* const> inputs, const Tensor& y);
void fill_node(Node& node, const char* op, std::span<const Tensor* const> inputs, int outputs,
               Where where);
void link(const std::shared_ptr<Node>& node, const Tensor& y, int32_t output = 0);
void tell_observers(const char* op, std::span<const Tensor* const> inputs, const Tensor& y,
                    Where where);

// Called by each op when it has computed y: makes its node and links it to y, or returns null if no
// input needs a gradient. The op then fills the node's named fields.
template <class N>
N* record(const char* op, std::span<const Tensor* const> inputs, const Tensor& y, Where where) {
  static_assert(!std::is_abstract_v<N>,
                "a Node overrides backward(Grads&) and visit(SavedVisitor&); visit names what it "
                "saved, so that backward can free it, and is empty if that is nothing");
  std::shared_ptr<N> node;
  if (begin_record(op, inputs, y)) {
    node = std::make_shared<N>();
    fill_node(*node, op, inputs, 1, where);
    link(node, y);
  }
  tell_observers(op, inputs, y, where);
  return node.get();
}
template <class N>
N* record(const char* op, std::initializer_list<const Tensor*> inputs, const Tensor& y,
          Where where) {
  return record<N>(op, std::span(inputs.begin(), inputs.size()), y, where);
}
// For an op without a derivative: its result does not require grad, and backward() from it, or from
// what is computed from it alone, is an Error that names the op.
void record_undifferentiable(const char* op, std::initializer_list<const Tensor*> inputs,
                             const Tensor& y, Where where);

}}  // namespace cairn::CAIRN_PRECISION
