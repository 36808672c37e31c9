// sum, mean, sum_to.
//   sum:    y = sum of x over the axes;             dx = dy, repeated along them
//   mean:   y = sum / count                         dx = dy / count, repeated
//   sum_to: y = sum over the axes that broadcasting from `shape` repeated; dx = dy, repeated
// All save only shapes. PyTorch: torch.sum, torch.mean, Tensor.sum_to_size.
#include "core/autograd/node.h"
#include "core/ops/axes.h"
#include "core/ops/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct SumNode final : OpsNode {
  Shape kept;  // x's shape with 1 at each summed axis; leading ones may be missing
  void backward(Grads& g) override;
  void visit(SavedVisitor&) override {}
};

}  // namespace

Tensor sum(const Tensor& x, const Axes& axes, bool keepdim, Where where) {
  const Shape kept = keepdim_shape(x.shape(), axes, "sum", where);
  Tensor y = summed(x, kept);
  if (!keepdim) y = alias(y, without(kept, axes), contiguous_strides(without(kept, axes)), 0);
  if (auto node = record<SumNode>("sum", {&x}, y, where)) node->kept = kept;
  return y;
}

Tensor mean(const Tensor& x, const Axes& axes, bool keepdim, Where where) {
  const int64_t outputs = numel(keepdim_shape(x.shape(), axes, "mean", where));
  return affine(sum(x, axes, keepdim, where),
                static_cast<real>(outputs) / static_cast<real>(x.numel()), 0, where);
}

Tensor sum_to(const Tensor& x, const Shape& shape, Where where) {
  if (x.shape() == shape) return x;
  if (!(broadcast(shape, x.shape(), "sum_to", where) == x.shape()))
    fail("sum_to", to_string(shape) + " does not broadcast to " + to_string(x.shape()), "", where);
  const Tensor y = unbroadcast(x, shape);
  if (auto node = record<SumNode>("sum_to", {&x}, y, where)) node->kept = shape;
  return y;
}

void SumNode::backward(Grads& g) { g.add(0, expand(reshape(g.dout(), kept), g.shape(0))); }

OpInfo sum_info() {
  const auto call = [](auto& x, auto& axes, bool keepdim) { return sum(x, axes, keepdim); };
  return {.name = "sum",
          .formula = "y = sum of x over the axes",
          .derivative = "dx = dy, repeated along the axes",
          .cases = joined(reduction_cases("sum", call), {CASE(sum(x[0], {1}), {{2, 0, 4}})})};
}
OpInfo mean_info() {
  const auto call = [](auto& x, auto& axes, bool keepdim) { return mean(x, axes, keepdim); };
  return {.name = "mean",
          .formula = "y = sum of x over the axes / count",
          .derivative = "dx = dy / count, repeated",
          .cases = reduction_cases("mean", call)};
}
OpInfo sum_to_info() {
  return {.name = "sum_to",
          .formula = "y = sum over the axes that broadcasting repeated",
          .derivative = "dx = dy, repeated",
          .pytorch = "Tensor.sum_to_size",
          .cases = {CASE(sum_to(x[0], {3, 1}), {{2, 3, 4}}), CASE(sum_to(x[0], {4}), {{2, 3, 4}}),
                    CASE(sum_to(x[0], {2, 1, 4}), {{2, 3, 4}}),
                    CASE(sum_to(x[0], {2, 3}), {{2, 3}}), CASE(sum_to(x[0], {1, 3}), {{0, 3}}),
                    CASE(sum_to(x[0], {0}), {{2, 0}}), CASE(sum_to(x[0], {}), {{1, 1}}, {{2, 3}})}};
}

}}  // namespace cairn::CAIRN_PRECISION
