#pragma once
// Observers see the ops as they run: a trace, a search for the first NaN, an account of memory. An
// Observer is notified of what happens on the thread that made it, for as long as it lives; without
// any there is next to no cost.
#include <span>

#include "core/rows.h"
#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct Node;
class Grads;

class Observer {
 public:
  Observer();
  virtual ~Observer();
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  // An op has computed y. If y has a node, it is linked to it, but has saved nothing yet. Some
  // inputs may be undefined.
  virtual void forward(const char* op, std::span<const Tensor* const> inputs, const Tensor& y,
                       Where where) {
    (void)op, (void)inputs, (void)y, (void)where;
  }
  // Called before attention's forward(): the rows of its ragged batches, which no shape tells.
  virtual void attention(const Rows& q_rows, const Rows& k_rows, bool causal, int64_t columns) {
    (void)q_rows, (void)k_rows, (void)causal, (void)columns;
  }
  // Around a node's backward. Afterwards grads.sum(i) is what has arrived at input i.
  virtual void before_backward(const Node& node) { (void)node; }
  virtual void after_backward(const Node& node, const Grads& grads) { (void)node, (void)grads; }
  // Around an optimiser's step.
  virtual void before_step(Where where) { (void)where; }
  virtual void after_step() {}
  // A block of numbers was allocated, or is about to be freed.
  virtual void born(const Storage& storage) { (void)storage; }
  virtual void died(const Storage& storage) { (void)storage; }

  Observer* next;  // the one made before, which is notified too
};

// The newest of this thread, or null.
inline constinit thread_local Observer* observers = nullptr;

}}  // namespace cairn::CAIRN_PRECISION
