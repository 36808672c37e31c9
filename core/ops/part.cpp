// The way back from a view of a part, which is an op as well: x = zeros, y written to the part.
// dy = the part of dx.
#include "core/ops/part.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct PlaceNode final : OpsNode {
  Part part;
  void backward(Grads& g) override;
  void visit(SavedVisitor&) override {}
};

Tensor place(const Tensor& y, const Shape& x_shape, const Part& part, Where where) {
  const Tensor x = Tensor::zeros(x_shape);
  part(x).copy_(y.detach());
  if (auto node = record<PlaceNode>("place", {&y}, x, where)) node->part = part;
  return x;
}

}  // namespace

void PartNode::backward(Grads& g) { g.add(0, place(g.dout(), g.shape(0), part, where)); }

void PlaceNode::backward(Grads& g) { g.add(0, part(g.dout())); }

}}  // namespace cairn::CAIRN_PRECISION
