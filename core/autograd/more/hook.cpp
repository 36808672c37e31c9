// hook: y = x, a view; dx = f(dy). Saves f.
#include "core/autograd/more/hook.h"

#include "core/autograd/node.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct HookNode final : Node {
  std::function<Tensor(const Tensor&)> f;
  void backward(Grads& g) override;
  void backward_in_ops(Grads& g) override { backward(g); }
  void visit(SavedVisitor&) override {}
};

}  // namespace

Tensor hook(const Tensor& x, std::function<Tensor(const Tensor&)> f, Where where) {
  if (!f) fail("hook", "the function is null", "pass one that takes the gradient", where);
  const Tensor y = alias(x, x.shape(), x.strides(), x.impl().offset);
  if (auto node = record<HookNode>("hook", {&x}, y, where)) node->f = std::move(f);
  return y;
}

void HookNode::backward(Grads& g) {
  const Tensor dx = f(g.dout());
  if (dx.defined() && !(dx.shape() == g.dout().shape()))
    fail("hook",
         "it was given a gradient of shape " + to_string(g.dout().shape()) +
             " and returned one of " + to_string(dx.shape()),
         "", where);
  g.add(0, dx.defined() ? dx : g.dout());
}

}}  // namespace cairn::CAIRN_PRECISION
