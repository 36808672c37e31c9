// sum, mean, sum_to.
//   sum:    y = sum of x over the axes;             dx = dy, repeated along them
//   mean:   y = sum / count                         dx = dy / count, repeated
//   sum_to: y = sum over the axes that broadcasting from `shape` repeated; dx = dy, repeated
// All save only shapes. PyTorch: torch.sum, torch.mean, Tensor.sum_to_size.
#include "core/kernels/kernels.h"
#include "core/autograd/node.h"
#include "core/ops/records/op_info.h"
#include "core/ops/ops.h"
#include "core/ops/axes.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct SumNode final : Node {
  Shape x_shape, kept;  // kept: x_shape with 1 at each summed axis
  void backward(Grads& g) override { g.add(0, expand(reshape(g.dout(), kept), x_shape)); }
  void backward_in_ops(Grads& g) override { backward(g); }
  void visit(SavedVisitor&) override {}
};

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
  const Tensor rows = permute(x.detach(), reduced_last(x.shape(), kept));
  kernels().row_sums(y.write(), Contiguous(rows), outputs, terms);
  return y;
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
  std::vector<OpCase> cases = reduction_cases("sum", [](auto& x, auto& axes, bool keepdim) {
    return sum(x, axes, keepdim);
  });
  cases.push_back(CASE(sum(x[0], {1}), {{2, 0, 4}}));
  return {"sum", "y = sum of x over the axes", "dx = dy, repeated along the axes", "nothing",
          "torch.sum", "core/ops/reduce.cpp", "1", cases};
}
OpInfo mean_info() {
  return {"mean", "y = sum of x over the axes / count", "dx = dy / count, repeated", "nothing",
          "torch.mean", "core/ops/reduce.cpp", "1",
          reduction_cases("mean", [](auto& x, auto& axes, bool keepdim) {
            return mean(x, axes, keepdim);
          })};
}
OpInfo sum_to_info() {
  return {"sum_to", "y = sum over the axes that broadcasting repeated", "dx = dy, repeated",
          "nothing", "Tensor.sum_to_size", "core/ops/reduce.cpp", "",
          {CASE(sum_to(x[0], {3, 1}), {{2, 3, 4}}),
           CASE(sum_to(x[0], {4}), {{2, 3, 4}}),
           CASE(sum_to(x[0], {2, 1, 4}), {{2, 3, 4}}),
           CASE(sum_to(x[0], {2, 3}), {{2, 3}}),
           CASE(sum_to(x[0], {1, 3}), {{0, 3}}),
           CASE(sum_to(x[0], {0}), {{2, 0}}),
           CASE(sum_to(x[0], {}), {{1, 1}}),
           CASE(sum_to(x[0], {}), {{2, 3}})}};
}

}}  // namespace cairn::CAIRN_PRECISION
