// cumsum: y_i = x_0 + ... + x_i along an axis; dx_i = dy_i + ... + dy_last. Saves nothing.
// PyTorch: torch.cumsum.
#include "core/autograd/node.h"
#include "core/ops.h"
#include "core/ops/more/lanes.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct CumsumNode final : OpsNode {
  int axis = 0;
  void backward(Grads& g) override;
  void visit(SavedVisitor&) override {}
};

}  // namespace

Tensor cumsum(const Tensor& x, int axis, Where where) {
  const int at = normal_axis(axis, x.axes(), "cumsum", where);
  const Lanes lanes(x.shape(), at);
  Tensor y = Tensor::empty(x.shape());
  const Contiguous from(x);
  real* to = y.write(where);
  for (int64_t o = 0; y.numel() > 0 && o < lanes.outer; ++o)
    for (int64_t k = 0; k < lanes.step; ++k) {
      double total = 0;
      for (int64_t i = 0; i < lanes.size; ++i) {
        const int64_t offset = (o * lanes.size + i) * lanes.step + k;
        total += static_cast<double>(from[offset]);
        to[offset] = static_cast<real>(total);
      }
    }
  if (auto node = record<CumsumNode>("cumsum", {&x}, y, where)) node->axis = at;
  return y;
}

void CumsumNode::backward(Grads& g) {
  g.add(0, flip(cumsum(flip(g.dout(), {axis}), axis), {axis}));
}

OpInfo cumsum_info() {
  return {.name = "cumsum",
          .formula = "y_i = x_0 + ... + x_i",
          .derivative = "dx_i = dy_i + ... + dy_last",
          .cases = axis_cases("cumsum", [](auto& x, int axis) { return cumsum(x, axis); })};
}

}}  // namespace cairn::CAIRN_PRECISION
