// diagonal: y[.., i] = x[i, i + offset] of two axes, a view. dx = zeros, dy written to the
// diagonal. Saves only shapes. PyTorch: torch.diagonal.
#include <algorithm>

#include "core/ops.h"
#include "core/ops/part.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Tensor diagonal(const Tensor& x, int64_t offset, int axis0, int axis1, Where where) {
  const int i = normal_axis(axis0, x.axes(), "diagonal", where);
  const int j = normal_axis(axis1, x.axes(), "diagonal", where);
  if (i == j)
    fail("diagonal", "both axes are axis " + std::to_string(i) + " of " + to_string(x.shape()), "",
         where);
  offset = std::clamp(offset, -x.shape()[i], x.shape()[j]);  // there the diagonal is empty already
  const int64_t row = std::max<int64_t>(-offset, 0), col = std::max<int64_t>(offset, 0);
  const int64_t rows = x.shape()[i] - row, cols = x.shape()[j] - col;
  const int64_t length = std::max<int64_t>(std::min(rows, cols), 0);
  Shape shape = x.shape(), strides = x.strides();
  const int64_t step = strides[i] + strides[j];
  const int64_t start = length && x.numel() ? row * strides[i] + col * strides[j] : 0;
  for (int axis : {std::max(i, j), std::min(i, j)}) {
    shape.erase(axis);
    strides.erase(axis);
  }
  shape.push_back(length);
  strides.push_back(step);
  const Tensor y = alias(x, shape, strides, x.impl().offset + start);
  if (auto node = record<PartNode>("diagonal", {&x}, y, where))
    node->part = [=](const Tensor& whole) { return diagonal(whole, offset, i, j); };
  return y;
}

OpInfo diagonal_info() {
  return {.name = "diagonal",
          .formula = "y[i] = x[i, i + offset]",
          .derivative = "dx = zeros, dy written to the diagonal",
          .cases = {CASE(diagonal(x[0]), {{3, 3}}, {{3, 5}}, {{1, 1}}, {{0, 3}}),
                    CASE(diagonal(x[0], 1), {{4, 3}}), CASE(diagonal(x[0], -2), {{4, 3}}),
                    CASE(diagonal(x[0], 0, -2, -1), {{2, 3, 4}}),
                    CASE(diagonal(x[0], 1, 2, 0), {{3, 2, 4}}), CASE(diagonal(x[0], 7), {{2, 3}})}};
}

}}  // namespace cairn::CAIRN_PRECISION
