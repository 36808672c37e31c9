// logsumexp: y = m + ln sum e^(x - m) over the axes, m = max x, so that nothing overflows.
//   dx = dy e^(x - y): the softmax. Saves x and y.
// Over nothing, and over minus infinities alone, y is minus infinity, and dx 0.
// PyTorch: torch.logsumexp.
#include <cmath>

#include "core/autograd/grad_mode.h"
#include "core/autograd/node.h"
#include "core/ops.h"
#include "core/ops/axes.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// The definition, without the shift by the maximum.
Tensor composed_logsumexp(const Tensor& x) { return log(sum(exp(x))); }

struct LogSumExpNode final : OpsNode {
  Saved x, y;
  Shape kept;  // y's shape with 1 at each reduced axis
  void backward(Grads& g) override;
  void visit(SavedVisitor& v) override {
    v("x", x);
    v("y", y);
  }
};

// x, but 0 where it is `value`: of an infinite x, x - x would be NaN.
Tensor zero_where(const Tensor& x, real value) {
  return masked_fill(x, equal(x, Tensor::scalar(value)), 0);
}

// The numbers, without history, of the shape `kept`.
Tensor numbers(const Tensor& x, const Axes& axes, const Shape& kept) {
  const NoGrad no_grad;
  Tensor max = x.numel() ? amax(x, axes, true) : Tensor::zeros(kept);
  max = zero_where(zero_where(max, -INFINITY), INFINITY);
  return log(sum(exp(x - max), axes, true)) + max;
}

}  // namespace

Tensor logsumexp(const Tensor& x, const Axes& axes, bool keepdim, Where where) {
  const Shape kept = keepdim_shape(x.shape(), axes, "logsumexp", where);
  const Shape shape = keepdim ? kept : without(kept, axes);
  const Tensor y = alias(numbers(x, axes, kept), shape, contiguous_strides(shape), 0);
  if (auto node = record<LogSumExpNode>("logsumexp", {&x}, y, where)) {
    node->x = x;
    node->y = Saved::output(y);
    node->kept = kept;
  }
  return y;
}

void LogSumExpNode::backward(Grads& g) {
  const Tensor total = reshape(zero_where(g.tensor(y), -INFINITY), kept);
  g.add(0, reshape(g.dout(), kept) * exp(g.tensor(x) - total));
}

OpInfo logsumexp_info() {
  std::vector<OpCase> cases = reduction_cases(
      "logsumexp", [](auto& x, auto& axes, bool keepdim) { return logsumexp(x, axes, keepdim); });
  for (OpCase& c : cases)
    if (c.text == "logsumexp(x)") c.composed = [](auto& x) { return composed_logsumexp(x[0]); };
  return {.name = "logsumexp",
          .formula = "y = ln sum e^x over the axes",
          .derivative = "dx = dy e^(x - y)",
          .cases = cases};
}

}}  // namespace cairn::CAIRN_PRECISION
