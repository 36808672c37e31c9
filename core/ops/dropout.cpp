// dropout: zeroes each element with probability p and scales the others by 1 / (1 - p), so that the
// expectation stays (Srivastava et al. 2014). dx = dy with the same mask. Saves no mask: seed,
// stream and p give it again, element by element, whatever the number of threads.
// PyTorch: torch.nn.functional.dropout.
#include "core/autograd/node.h"
#include "core/kernels/kernels.h"
#include "core/ops/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct DropoutNode final : OpsNode {
  DropoutMask mask{};
  void backward(Grads& g) override;
  void visit(SavedVisitor&) override {}
};

Tensor masked(const Tensor& x, const DropoutMask& mask, Where where) {
  Tensor y = Tensor::empty(x.shape());
  kernels().dropout(y.write(where), Contiguous(x), mask, x.numel());
  if (auto node = record<DropoutNode>("dropout", {&x}, y, where)) node->mask = mask;
  return y;
}

}  // namespace

Tensor dropout(const Tensor& x, real p, Random& random, Where where) {
  if (!(p >= 0 && p < 1))
    fail("dropout", "p is " + std::to_string(p), "a probability in [0, 1)", where);
  if (p == 0) return x;
  return masked(x, {p, random.seed, random.next++}, where);
}

void DropoutNode::backward(Grads& g) { g.add(0, masked(g.dout(), mask, where)); }

OpInfo dropout_info() {
  const auto drop = [](const Tensor& x, real p) {
    Random random(7);
    return dropout(x, p, random);
  };
  return {.name = "dropout",
          .formula = "y = x mask / (1 - p)",
          .derivative = "dx = dy mask / (1 - p)",
          .saved = "seed, stream, p",
          .cases = {CASE(drop(x[0], 0.3), unary_shapes)},
          .timed = {CASE(drop(x[0], 0.3), {{1024, 768}})}};
}

}}  // namespace cairn::CAIRN_PRECISION
