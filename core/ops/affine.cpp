// affine: y = factor x + shift, both plain numbers. dx = factor dy. Saves nothing.
// PyTorch: x * factor + shift. The scalar operators (x + 2, 1 - x, -x, x / 3) are this op.
#include "core/kernels/kernels.h"
#include "core/autograd/node.h"
#include "core/ops/records/op_info.h"
#include "core/ops/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct AffineNode final : Node {
  real factor = 1;
  void backward(Grads& g) override { g.add(0, affine(g.dout(), factor, 0)); }
  void backward_in_ops(Grads& g) override { backward(g); }
  void visit(SavedVisitor&) override {}
};

}  // namespace

Tensor affine(const Tensor& x, real factor, real shift, Where where) {
  Tensor y = Tensor::empty(x.shape());
  kernels().scale(y.write(where), Contiguous(x), factor, shift, x.numel());
  if (auto node = record<AffineNode>("affine", {&x}, y, where)) node->factor = factor;
  return y;
}

OpInfo affine_info() {
  return {"affine", "y = factor x + shift", "dx = factor dy", "nothing", "x * factor + shift",
          "core/ops/affine.cpp", "1",
          {CASE(x[0] * -1.75 + 2.5, unary_shapes)}};
}

}}  // namespace cairn::CAIRN_PRECISION
