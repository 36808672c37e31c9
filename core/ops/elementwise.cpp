// How the elementwise ops reach their kernels.
#include "core/ops/elementwise.h"

#include "core/autograd/node.h"
#include "core/ops/axes.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct KernelFunctionNode final : Node {
  Saved saved;
  const KernelFunction* function = nullptr;
  void backward(Grads& g) override;
  void backward_in_ops(Grads& g) override;
  void visit(SavedVisitor& v) override { v(function->saves == Saves::x ? "x" : "y", saved); }
};

struct ScalarFunctionNode final : Node {
  Saved x;
  const ScalarFunction* function = nullptr;
  real p = 0;
  void backward(Grads& g) override;
  void backward_in_ops(Grads& g) override;
  void visit(SavedVisitor& v) override { v("x", x); }
};

}  // namespace

Tensor apply(const KernelFunction& function, const Tensor& x, Where where) {
  Tensor y = Tensor::empty(x.shape());
  (kernels().*function.forward)(y.write(where), Contiguous(x), x.numel());
  if (auto node = record<KernelFunctionNode>(function.name, {&x}, y, where)) {
    node->function = &function;
    node->saved = function.saves == Saves::x ? Saved(x) : Saved::output(y);
  }
  return y;
}

void KernelFunctionNode::backward(Grads& g) {
  Tensor dx = Tensor::empty(saved.tensor.shape());
  function->backward()(dx.write(), Contiguous(g.dout()), Contiguous(g.value(saved)), dx.numel());
  g.add(0, dx);
}
void KernelFunctionNode::backward_in_ops(Grads& g) {
  g.add(0, g.dout() * function->slope(g.tensor(saved)));
}

Tensor apply(const ScalarFunction& function, const Tensor& x, real p, Where where) {
  Tensor y = Tensor::empty(x.shape());
  const Contiguous from(x);
  real* to = y.write(where);
  for (int64_t i = 0; i < x.numel(); ++i) to[i] = function.f(from[i], p);
  if (auto node = record<ScalarFunctionNode>(function.name, {&x}, y, where)) {
    node->x = x;
    node->function = &function;
    node->p = p;
  }
  return y;
}

void ScalarFunctionNode::backward(Grads& g) {
  Tensor dx = Tensor::empty(x.tensor.shape());
  const Contiguous dy(g.dout()), values(g.value(x));
  real* to = dx.write();
  for (int64_t i = 0; i < dx.numel(); ++i) to[i] = dy[i] * function->slope(values[i], p);
  g.add(0, dx);
}
void ScalarFunctionNode::backward_in_ops(Grads& g) {
  g.add(0, g.dout() * function->slope_in_ops(g.tensor(x), p));
}

namespace {

// Kernels read columns that are adjacent or all the same; other layouts are copied first.
Tensor readable(const Tensor& x, const Shape& wider) {
  if (x.axes() == 0 || wider.empty() || x.shape().back() == 1 || x.strides().back() <= 1) return x;
  return copy(x.detach());
}

}  // namespace

Tensor apply_binary(BinaryKernel* kernel, const Tensor& a_any, const Tensor& b_any, const char* op,
                    Where where) {
  const Shape shape = broadcast(a_any.shape(), b_any.shape(), op, where);
  const Tensor y = Tensor::empty(shape);
  if (y.numel() == 0) return y;
  real* out = y.impl().storage->data;
  const Tensor a = readable(a_any, shape), b = readable(b_any, shape);
  if (a.is_contiguous() && b.is_contiguous() && a.shape() == b.shape()) {
    kernel(out, {a.strided_data(), 0, 1}, {b.strided_data(), 0, 1}, 1, y.numel());
    return y;
  }

  // One kernel call for the last two axes at each index of those before them.
  const Shape as = broadcast_strides(a.shape(), a.strides(), shape);
  const Shape bs = broadcast_strides(b.shape(), b.strides(), shape);
  const Shape lead = leading(shape);
  const int axes = shape.size();
  const int64_t cols = axes > 0 ? shape[axes - 1] : 1, rows = axes > 1 ? shape[axes - 2] : 1;
  const auto operand = [&](const Tensor& x, const Shape& strides, int64_t i) {
    return Operand{x.strided_data() + offset_of(i, lead, strides), axes > 1 ? strides[axes - 2] : 0,
                   cols > 1 ? strides[axes - 1] : 0};
  };
  for (int64_t i = 0; i < numel(lead); ++i, out += rows * cols)
    kernel(out, operand(a, as, i), operand(b, bs, i), rows, cols);
  return y;
}

}}  // namespace cairn::CAIRN_PRECISION
