// copy: the same numbers, contiguous, in a storage of their own. dx = dy. PyTorch: torch.clone.
// contiguous: x itself if it is contiguous, else a copy. PyTorch: Tensor.contiguous.
#include "core/autograd/node.h"
#include "core/ops/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct CopyNode final : OpsNode {
  void backward(Grads& g) override;
  void visit(SavedVisitor&) override {}
};

}  // namespace

Tensor copy(const Tensor& x, Where where) {
  Tensor y = Tensor::empty(x.shape());
  copy_numbers(y.write(where), y.strides(), x.strided_data(), x.strides(), x.shape());
  record<CopyNode>("copy", {&x}, y, where);
  return y;
}

Tensor contiguous(const Tensor& x, Where where) { return x.is_contiguous() ? x : copy(x, where); }

void CopyNode::backward(Grads& g) { g.add(0, g.dout()); }

OpInfo copy_info() {
  return {.name = "copy",
          .formula = "y = x, in a storage of its own",
          .derivative = "dx = dy",
          .pytorch = "torch.clone",
          .cases = {CASE(copy(x[0]), unary_shapes)}};
}

}}  // namespace cairn::CAIRN_PRECISION
