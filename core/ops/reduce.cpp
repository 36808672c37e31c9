// sum, mean, sum_to.
//   sum:    y = sum of x over the axes;             dx = dy, repeated along them
//   mean:   y = sum / count                         dx = dy / count, repeated
//   sum_to: y = sum over the axes that broadcasting from `shape` repeated; dx = dy, repeated
// All save only shapes. PyTorch: torch.sum, torch.mean, Tensor.sum_to_size.
#include <algorithm>

#include "core/kernels/kernels.h"
#include "core/node.h"
#include "core/op_info.h"
#include "core/ops.h"

namespace cairn::inline CAIRN_PRECISION {
namespace {

struct SumNode final : Node {
  Shape x_shape, kept;  // kept: x_shape with 1 at each summed axis
  void backward(Grads& g) override { g.add(0, expand(reshape(g.dout(), kept), x_shape)); }
  void backward_in_ops(Grads& g) override { backward(g); }
};

// x_shape with size 1 at each of the axes; no axes means all.
Shape with_ones(const Shape& x_shape, const Axes& axes, const char* op, Where where) {
  Shape kept = x_shape;
  for (int i = 0; i < x_shape.size() && axes.empty(); ++i) kept[i] = 1;
  for (int axis : axes) kept[normal_axis(axis, x_shape.size(), op, where)] = 1;
  return kept;
}

// Sums x over the axes where `kept` has size 1; the result has the shape `kept`, and no history.
Tensor summed(const Tensor& x, const Shape& kept) {
  Tensor y = Tensor::zeros(kept);
  const int64_t outputs = y.numel();
  if (x.numel() == 0) return y;
  const int64_t terms = x.numel() / outputs;
  int first = 0;  // the axes before this one are all summed, those from it on all kept
  while (first < kept.size() && (kept[first] == 1)) ++first;
  bool leading = true;
  for (int i = first; i < kept.size(); ++i) leading &= kept[i] == x.shape()[i];
  if (leading && outputs > 1) {
    kernels().column_sums(y.write(), Contiguous(x), terms, outputs, 0);
    return y;
  }
  Axes order;  // kept axes first, then the summed ones
  for (int i = 0; i < kept.size(); ++i)
    if (kept[i] == x.shape()[i]) order.push_back(i);
  for (int i = 0; i < kept.size(); ++i)
    if (kept[i] != x.shape()[i]) order.push_back(i);
  kernels().row_sums(y.write(), Contiguous(permute(x.detach(), order)), outputs, terms);
  return y;
}

Shape without(const Shape& kept, const Axes& axes) {
  Shape shape;
  for (int i = 0; i < kept.size(); ++i) {
    const auto is_summed = [&](int axis) { return (axis < 0 ? axis + kept.size() : axis) == i; };
    if (!axes.empty() && std::none_of(axes.begin(), axes.end(), is_summed))
      shape.push_back(kept[i]);
  }
  return shape;
}

}  // namespace

Tensor sum(const Tensor& x, const Axes& axes, bool keepdim, Where where) {
  const Shape kept = with_ones(x.shape(), axes, "sum", where);
  Tensor y = summed(x, kept);
  if (!keepdim) y = alias(y, without(kept, axes), contiguous_strides(without(kept, axes)), 0);
  if (auto node = record<SumNode>("sum", {&x}, y, where))
    node->x_shape = x.shape(), node->kept = kept;
  return y;
}

Tensor mean(const Tensor& x, const Axes& axes, bool keepdim, Where where) {
  const int64_t outputs = numel(with_ones(x.shape(), axes, "mean", where));
  return affine(sum(x, axes, keepdim, where),
                static_cast<real>(outputs) / static_cast<real>(x.numel()), 0, where);
}

Tensor sum_to(const Tensor& x, const Shape& shape, Where where) {
  if (x.shape() == shape) return x;
  if (!(broadcast(shape, x.shape(), "sum_to", where) == x.shape()))
    fail("sum_to", to_string(shape) + " does not broadcast to " + to_string(x.shape()), "", where);
  Shape kept = shape;
  while (kept.size() < x.axes()) kept.insert(0, 1);
  Tensor y = summed(x, kept);
  y = alias(y, shape, contiguous_strides(shape), 0);
  if (auto node = record<SumNode>("sum_to", {&x}, y, where))
    node->x_shape = x.shape(), node->kept = kept;
  return y;
}

OpInfo sum_info() {
  return {"sum", "y = sum of x over the axes", "dx = dy, repeated along the axes", "nothing",
          "torch.sum", "core/ops/reduce.cpp",
          {{"sum(x)", {{3, 4}}, [](auto& x) { return sum(x[0]); }},
           {"sum(x, {0})", {{3, 4}}, [](auto& x) { return sum(x[0], {0}); }},
           {"sum(x, {-1}, true)", {{2, 3, 4}}, [](auto& x) { return sum(x[0], {-1}, true); }},
           {"sum(x, {0, 2})", {{2, 3, 4}}, [](auto& x) { return sum(x[0], {0, 2}); }},
           {"sum(x, {1})", {{2, 0, 4}}, [](auto& x) { return sum(x[0], {1}); }},
           {"sum(x, {1})", {{2, 1, 4}}, [](auto& x) { return sum(x[0], {1}); }},
           {"sum(x)", {{}}, [](auto& x) { return sum(x[0]); }}}};
}
OpInfo mean_info() {
  return {"mean", "y = sum of x over the axes / count", "dx = dy / count, repeated", "nothing",
          "torch.mean", "core/ops/reduce.cpp",
          {{"mean(x)", {{3, 4}}, [](auto& x) { return mean(x[0]); }},
           {"mean(x, {1, 2}, true)", {{2, 3, 4}}, [](auto& x) { return mean(x[0], {1, 2}, true); }},
           {"mean(x, {0})", {{1, 4}}, [](auto& x) { return mean(x[0], {0}); }}}};
}
OpInfo sum_to_info() {
  return {"sum_to", "y = sum over the axes that broadcasting repeated", "dx = dy, repeated",
          "nothing", "Tensor.sum_to_size", "core/ops/reduce.cpp",
          {{"sum_to(x, (3, 1))", {{2, 3, 4}}, [](auto& x) { return sum_to(x[0], {3, 1}); }},
           {"sum_to(x, (4,))", {{2, 3, 4}}, [](auto& x) { return sum_to(x[0], {4}); }},
           {"sum_to(x, ())", {{2, 3}}, [](auto& x) { return sum_to(x[0], {}); }}}};
}

}  // namespace cairn::inline CAIRN_PRECISION
