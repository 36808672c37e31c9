#pragma once
// Shared by the losses: the check of the shapes, and the mean or sum over the numbers.
#include "core/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// The mean or sum of the losses, or all of them.
inline Tensor reduced(const Tensor& loss, Reduction reduction) {
  if (reduction == Reduction::none) return loss;
  return reduction == Reduction::sum ? sum(loss) : mean(loss);
}

// A loss that broadcast (N, 1) against (N) would be N x N differences, which nobody wants.
inline void check_one_shape(const char* op, const Tensor& x, const Tensor& y, Where where) {
  if (!(x.shape() == y.shape()))
    fail(op, "shapes differ: " + to_string(x.shape()) + " and " + to_string(y.shape()),
         "expand() or reshape() one of them", where);
}

}}  // namespace cairn::CAIRN_PRECISION
