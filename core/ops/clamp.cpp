// clamp: y = x, but at least `low` and at most `high`.
//   dx = dy where low <= x <= high, else 0      saves x
// PyTorch: torch.clamp. If low > high, y = high; if either is NaN, so is y.
#include <cmath>

#include "core/autograd/node.h"
#include "core/ops/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct ClampNode final : OpsNode {
  Saved x;
  real low = 0, high = 0;
  void backward(Grads& g) override;
  void visit(SavedVisitor& v) override { v("x", x); }
};

}  // namespace

Tensor clamp(const Tensor& x, real low, real high, Where where) {
  Tensor y = Tensor::empty(x.shape());
  const Contiguous from(x);
  real* to = y.write(where);
  // Comparisons with NaN are false, so each keeps a NaN that is its first operand.
  for (int64_t i = 0; i < x.numel(); ++i) {
    const real at_least = from[i] < low || std::isnan(low) ? low : from[i];
    to[i] = at_least > high || std::isnan(high) ? high : at_least;
  }
  if (auto node = record<ClampNode>("clamp", {&x}, y, where)) {
    node->x = x;
    node->low = low;
    node->high = high;
  }
  return y;
}

void ClampNode::backward(Grads& g) {
  Tensor inside = Tensor::empty(g.shape(0));  // 1 where the gradient passes, else 0
  const Contiguous numbers(g.value(x));
  real* to = inside.write();
  for (int64_t i = 0; i < inside.numel(); ++i) to[i] = low <= numbers[i] && numbers[i] <= high;
  g.add(0, cairn::where(inside, g.dout(), Tensor::scalar(0)));
}

OpInfo clamp_info() {
  return {.name = "clamp",
          .formula = "y = min(max(x, low), high)",
          .derivative = "dx = dy where low <= x <= high, else 0",
          .cases = {CASE(clamp(x[0], -0.5, 0.75), unary_shapes)}};
}

}}  // namespace cairn::CAIRN_PRECISION
