// cumsum: y_i = x_0 + ... + x_i along an axis; dx_i = dy_i + ... + dy_last. Saves nothing.
// PyTorch: torch.cumsum.
#include "core/autograd/node.h"
#include "core/ops/records/op_info.h"
#include "core/ops.h"
#include "core/ops/axes.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct CumsumNode final : Node {
  int axis = 0;
  void backward(Grads& g) override { g.add(0, flip(cumsum(flip(g.dout(), {axis}), axis), {axis})); }
  void backward_in_ops(Grads& g) override { backward(g); }
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
        const int64_t place = (o * lanes.size + i) * lanes.step + k;
        to[place] = static_cast<real>(total += static_cast<double>(from[place]));
      }
    }
  if (auto node = record<CumsumNode>("cumsum", {&x}, y, where)) node->axis = at;
  return y;
}

OpInfo cumsum_info() {
  return {"cumsum",
          "y_i = x_0 + ... + x_i",
          "dx_i = dy_i + ... + dy_last",
          "nothing",
          "torch.cumsum",
          "core/ops/more/cumsum.cpp",
          "",
          axis_cases("cumsum", [](auto& x, int axis) { return cumsum(x, axis); })};
}

}}  // namespace cairn::CAIRN_PRECISION
