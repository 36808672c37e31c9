// add, sub, mul, div: elementwise with broadcasting.
//
//   op     y        da              db                 saved     PyTorch
//   add    a + b    dy              dy                 nothing   torch.add
//   sub    a - b    dy              -dy                nothing   torch.sub
//   mul    a b      dy b            dy a               a, b      torch.mul
//   div    a / b    dy / b          -dy y / b          y, b      torch.div
//
// An input that was broadcast gets the sum over its copies: sum_to(.., its shape).
#include "core/autograd/node.h"
#include "core/ops/elementwise.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct AddNode final : OpsNode {
  void backward(Grads& g) override;
  void visit(SavedVisitor&) override {}
};

struct SubNode final : OpsNode {
  void backward(Grads& g) override;
  void visit(SavedVisitor&) override {}
};

struct MulNode final : OpsNode {
  Saved a, b;
  void backward(Grads& g) override;
  void visit(SavedVisitor& v) override {
    v("a", a);
    v("b", b);
  }
};

struct DivNode final : OpsNode {
  Saved y, b;
  void backward(Grads& g) override;
  void visit(SavedVisitor& v) override {
    v("y", y);
    v("b", b);
  }
};

}  // namespace

Tensor add(const Tensor& a, const Tensor& b, Where where) {
  const Tensor y = apply_binary(kernels().add, a, b, "add", where);
  record<AddNode>("add", {&a, &b}, y, where);
  return y;
}

Tensor sub(const Tensor& a, const Tensor& b, Where where) {
  const Tensor y = apply_binary(kernels().sub, a, b, "sub", where);
  record<SubNode>("sub", {&a, &b}, y, where);
  return y;
}

Tensor mul(const Tensor& a, const Tensor& b, Where where) {
  const Tensor y = apply_binary(kernels().mul, a, b, "mul", where);
  if (auto node = record<MulNode>("mul", {&a, &b}, y, where)) {
    node->a = a;
    node->b = b;
  }
  return y;
}

Tensor div(const Tensor& a, const Tensor& b, Where where) {
  const Tensor y = apply_binary(kernels().div, a, b, "div", where);
  if (auto node = record<DivNode>("div", {&a, &b}, y, where)) {
    node->y = Saved::output(y);
    node->b = b;
  }
  return y;
}

void AddNode::backward(Grads& g) {
  if (g.needs(0)) g.add(0, sum_to(g.dout(), g.shape(0)));
  if (g.needs(1)) g.add(1, sum_to(g.dout(), g.shape(1)));
}

void SubNode::backward(Grads& g) {
  if (g.needs(0)) g.add(0, sum_to(g.dout(), g.shape(0)));
  if (g.needs(1)) g.add(1, sum_to(-g.dout(), g.shape(1)));
}

void MulNode::backward(Grads& g) {
  if (g.needs(0)) g.add(0, sum_to(mul(g.dout(), g.tensor(b)), g.shape(0)));
  if (g.needs(1)) g.add(1, sum_to(mul(g.dout(), g.tensor(a)), g.shape(1)));
}

void DivNode::backward(Grads& g) {
  if (g.needs(0)) g.add(0, sum_to(div(g.dout(), g.tensor(b)), g.shape(0)));
  if (!g.needs(1)) return;
  // y / b first: dy / b may be infinite where y is 0.
  const Tensor slope = div(g.tensor(y), g.tensor(b));
  g.add(1, sum_to(-mul(g.dout(), slope), g.shape(1)));
}

OpInfo add_info() {
  return {.name = "add",
          .formula = "y = a + b",
          .derivative = "da = dy, db = dy",
          .cases = {CASE(x[0] + x[1], binary_shapes)},
          .timed = {CASE(x[0] + x[1], {{1024, 768}, {1024, 768}})}};
}
OpInfo sub_info() {
  return {.name = "sub",
          .formula = "y = a - b",
          .derivative = "da = dy, db = -dy",
          .cases = {CASE(x[0] - x[1], binary_shapes)}};
}
OpInfo mul_info() {
  return {.name = "mul",
          .formula = "y = a b",
          .derivative = "da = dy b, db = dy a",
          .cases = {CASE(x[0] * x[1], binary_shapes)}};
}
OpInfo div_info() {
  return {.name = "div",
          .formula = "y = a / b",
          .derivative = "da = dy / b, db = -dy y / b",
          .cases = {CASE(x[0] / x[1], binary_shapes)},
          .low = 0.5};
}

}}  // namespace cairn::CAIRN_PRECISION
