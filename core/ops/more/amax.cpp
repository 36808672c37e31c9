// amax, amin: the largest (smallest) number over the axes; NaN if one is NaN.
//   dx = dy / count where x = y, else 0: the `count` numbers that tie share the gradient
// Saves x and y. PyTorch: torch.amax, torch.amin.
#include <cmath>

#include "core/autograd/node.h"
#include "core/ops.h"
#include "core/ops/axes.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct AmaxNode final : OpsNode {
  Saved x, y;  // y with size 1 at each reduced axis
  void backward(Grads& g) override;
  void visit(SavedVisitor& v) override {
    v("x", x);
    v("y", y);
  }
};

bool is_larger(real a, real b) { return a > b; }
bool is_smaller(real a, real b) { return a < b; }

Tensor best_of(const char* op, bool (*better)(real a, real b), const Tensor& x, const Axes& axes,
               bool keepdim, Where where) {
  const Shape kept = keepdim_shape(x.shape(), axes, op, where);
  const int64_t outputs = numel(kept), terms = outputs ? x.numel() / outputs : 0;
  if (outputs > 0 && terms == 0)
    fail(op, "x is " + to_string(x.shape()) + ": there is no number to choose from", "", where);
  Tensor best = Tensor::empty(kept);
  const Contiguous from(permute(x.detach(), reduced_last(x.shape(), kept)));
  real* to = best.write(where);
  for (int64_t i = 0; i < outputs; ++i) {
    const real* row = from + i * terms;
    to[i] = row[0];
    for (int64_t j = 1; j < terms; ++j)
      if (better(row[j], to[i]) || std::isnan(row[j])) to[i] = row[j];
  }
  const Shape shape = keepdim ? kept : without(kept, axes);
  const Tensor y = alias(best, shape, contiguous_strides(shape), 0);
  if (auto node = record<AmaxNode>(op, {&x}, y, where)) {
    node->x = x;
    node->y = best;
  }
  return y;
}

}  // namespace

Tensor amax(const Tensor& x, const Axes& axes, bool keepdim, Where where) {
  return best_of("amax", is_larger, x, axes, keepdim, where);
}

Tensor amin(const Tensor& x, const Axes& axes, bool keepdim, Where where) {
  return best_of("amin", is_smaller, x, axes, keepdim, where);
}

void AmaxNode::backward(Grads& g) {
  const Tensor best = equal(g.value(x), g.value(y));
  const Shape& kept = y.tensor.shape();
  const Tensor share = reshape(g.dout(), kept) / sum_to(best, kept);
  g.add(0, cairn::where(best, share, Tensor::scalar(0)));
}

OpInfo amax_info() {
  return {.name = "amax",
          .formula = "y = the largest x over the axes",
          .derivative = "dx = dy / ties where x = y, else 0",
          .cases = reduction_cases(
              "amax", [](auto& x, auto& axes, bool keepdim) { return amax(x, axes, keepdim); })};
}
OpInfo amin_info() {
  return {.name = "amin",
          .formula = "y = the smallest x over the axes",
          .derivative = "dx = dy / ties where x = y, else 0",
          .cases = reduction_cases(
              "amin", [](auto& x, auto& axes, bool keepdim) { return amin(x, axes, keepdim); })};
}

}}  // namespace cairn::CAIRN_PRECISION
