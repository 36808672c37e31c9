// affine: y = factor x + shift, both plain numbers. dx = factor dy. Saves nothing.
// PyTorch: x * factor + shift. The scalar operators (x + 2, 1 - x, -x, x / 3) are this op.
#include "core/autograd/node.h"
#include "core/kernels/kernels.h"
#include "core/ops/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct AffineNode final : OpsNode {
  real factor = 1;
  void backward(Grads& g) override;
  void visit(SavedVisitor&) override {}
};

}  // namespace

Tensor affine(const Tensor& x, real factor, real shift, Where where) {
  Tensor y = Tensor::empty(x.shape());
  kernels().scale(y.write(where), Contiguous(x), factor, shift, x.numel());
  if (auto node = record<AffineNode>("affine", {&x}, y, where)) node->factor = factor;
  return y;
}

void AffineNode::backward(Grads& g) { g.add(0, affine(g.dout(), factor, 0)); }

OpInfo affine_info() {
  return {.name = "affine",
          .formula = "y = factor x + shift",
          .derivative = "dx = factor dy",
          .pytorch = "x * factor + shift",
          .cases = {CASE(x[0] * -1.75 + 2.5, unary_shapes)}};
}

}}  // namespace cairn::CAIRN_PRECISION
