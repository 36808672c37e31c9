// where: y = a where the mask is not 0, else b; all three broadcast.
//   da = dy where the mask is not 0, else 0      db = 0 where it is, else dy      saves the mask
// Chosen, not multiplied by the mask: what is not chosen may be infinite or NaN, and harms neither
// y nor its own gradient. PyTorch: torch.where.
#include "core/autograd/node.h"
#include "core/ops/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct WhereNode final : OpsNode {
  Saved mask;
  void backward(Grads& g) override;
  void visit(SavedVisitor& v) override { v("mask", mask); }
};

}  // namespace

Tensor where(const Tensor& mask, const Tensor& a, const Tensor& b, Where where) {
  const Shape shape =
      broadcast(broadcast(a.shape(), b.shape(), "where", where), mask.shape(), "where", where);
  const auto numbers = [&](const Tensor& x) { return Contiguous(expand(x.detach(), shape)); };
  const Contiguous m = numbers(mask), from_a = numbers(a), from_b = numbers(b);
  Tensor y = Tensor::empty(shape);
  real* to = y.write(where);
  for (int64_t i = 0; i < y.numel(); ++i) to[i] = m[i] != 0 ? from_a[i] : from_b[i];
  // The mask is an input that gets no gradient: it may say why the history ends there.
  const Tensor input = mask.requires_grad() ? mask.detach() : mask;
  if (auto node = record<WhereNode>("where", {&a, &b, &input}, y, where)) node->mask = input;
  return y;
}

void WhereNode::backward(Grads& g) {
  const Tensor zero = Tensor::scalar(0), &m = g.value(mask);
  if (g.needs(0)) g.add(0, sum_to(cairn::where(m, g.dout(), zero), g.shape(0)));
  if (g.needs(1)) g.add(1, sum_to(cairn::where(m, zero, g.dout()), g.shape(1)));
}

OpInfo where_info() {
  const auto full = [](auto& x) { return broadcast(x[0].shape(), x[1].shape(), ""); };
  return {.name = "where",
          .formula = "y = a where the mask is not 0, else b",
          .derivative = "da = dy where the mask is not 0, else 0; db the other way round",
          .cases = {CASE(where(alternating_mask(full(x)), x[0], x[1]), binary_shapes),
                    CASE(where(alternating_mask({3, 1}), x[0], x[1]), {{4}, {2, 1, 1}})}};
}

}}  // namespace cairn::CAIRN_PRECISION
