#pragma once
// Views that show a part of x, as slice and diagonal do: dx = zeros, dy written to the part.
#include <functional>

#include "core/autograd/node.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// The part that an op shows of any tensor of one shape.
using Part = std::function<Tensor(const Tensor& x)>;

// The node of y = part(x).
struct PartNode final : OpsNode {
  Part part;
  void backward(Grads& g) override;
  void visit(SavedVisitor&) override {}
};

}}  // namespace cairn::CAIRN_PRECISION
