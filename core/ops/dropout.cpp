// dropout: zeroes each element with probability p and scales the others by 1 / (1 - p), so that the
// expectation stays (Srivastava et al. 2014). dx = dy with the same mask. Saves no mask: seed,
// stream and p make it anew, element by element, whatever the threads.
// PyTorch: torch.nn.functional.dropout.
#include "core/kernels/kernels.h"
#include "core/autograd/node.h"
#include "core/ops/records/op_info.h"
#include "core/ops/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

Tensor masked(const Tensor& x, const DropoutMask& mask, Where where);

struct DropoutNode final : Node {
  DropoutMask mask{};
  void backward(Grads& g) override { g.add(0, masked(g.dout(), mask, where)); }
  void backward_in_ops(Grads& g) override { backward(g); }
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

OpInfo dropout_info() {
  const auto call = [](const std::vector<Tensor>& x) {
    Random random(7);
    return dropout(x[0], 0.3, random);
  };
  return {"dropout", "y = x mask / (1 - p)", "dx = dy mask / (1 - p)", "seed, stream, p",
          "torch.nn.functional.dropout", "core/ops/dropout.cpp", "",
          {{"dropout(x[0], 0.3)", unary_shapes, call}},
          {{"dropout(x[0], 0.3)", {{{1024, 768}}}, call}}};
}

}}  // namespace cairn::CAIRN_PRECISION
