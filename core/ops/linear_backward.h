#pragma once
// The gradients of linear (core/ops/linear.cpp), as numbers: where they go is for its node to say.
#include <cstdint>

#include "core/real.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Of y = x W^T + b, with x (rows, in), W (out, in), b (out), y and dy (rows, out), all contiguous.
// Each of the three results may be null; x may be null if dw is, and weight if dx is.
struct LinearBackwardArgs {
  real* dx = nullptr;  // dy W; written
  real* dw = nullptr;  // beta dw + dy^T x
  real* db = nullptr;  // beta db + the column sums of dy
  const real* dy;
  const real* x = nullptr;
  const real* weight = nullptr;
  int64_t rows, in, out;
  real beta = 0;  // 0 ignores what dw and db held, 1 adds to it
};
void linear_backward(const LinearBackwardArgs& args);

}}  // namespace cairn::CAIRN_PRECISION
