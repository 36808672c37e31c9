#pragma once
// Shared by the ops whose gradient depends on the range that a number is in.
#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// 1 where holds(number), else 0; it has no history.
template <class F>
Tensor indicator(const Tensor& x, const F& holds) {
  Tensor y = Tensor::empty(x.shape());
  const Contiguous from(x);
  real* to = y.write();
  for (int64_t i = 0; i < y.numel(); ++i) to[i] = holds(from[i]);
  return y;
}
inline Tensor positive(const Tensor& x) {
  return indicator(x, [](real number) { return number > 0; });
}

}}  // namespace cairn::CAIRN_PRECISION
