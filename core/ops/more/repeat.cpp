// repeat: copies side by side along each axis. dx = the sum of dy over the copies.
// A composition of reshape, expand and a copy; saves nothing. PyTorch: Tensor.repeat.
#include <algorithm>

#include "core/ops.h"
#include "core/ops/more/lanes.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// `count` copies along an axis: another axis in front of it, along which x is expanded.
Tensor repeated(const Tensor& x, int axis, int64_t count) {
  Shape shape = x.shape();
  const Lanes lanes(shape, axis);
  const int64_t block = numel(Shape{lanes.size, lanes.step});
  const Tensor copies = expand(reshape(x, {lanes.outer, 1, block}), {lanes.outer, count, block});
  shape[axis] = numel(Shape{lanes.size, count});
  return reshape(contiguous(copies), shape);
}

}  // namespace

Tensor repeat(const Tensor& x, const std::vector<int64_t>& counts, Where where) {
  const int added = static_cast<int>(counts.size()) - x.axes();
  if (added < 0 || std::any_of(counts.begin(), counts.end(), [](int64_t n) { return n < 0; }))
    fail("repeat", std::to_string(counts.size()) + " counts for " + to_string(x.shape()),
         "one for each axis or more, none negative", where);
  const Scope scope("repeat", where);
  Tensor y = x;
  for (int i = 0; i < added; ++i) y = unsqueeze(y, 0);
  for (int axis = 0; axis < y.axes(); ++axis) {
    const int64_t count = counts[static_cast<size_t>(axis)];
    if (count != 1) y = repeated(y, axis, count);
  }
  return y;
}

OpInfo repeat_info() {
  return {.name = "repeat",
          .formula = "counts[i] copies of x along axis i",
          .derivative = "dx = the sum of dy over the copies",
          .pytorch = "Tensor.repeat",
          .cases = {CASE(repeat(x[0], {2, 1}), {{3, 4}}), CASE(repeat(x[0], {2, 3}), {{2, 3}}),
                    CASE(repeat(x[0], {2, 1, 2}), {{2, 3}}), CASE(repeat(x[0], {3}), {{4}}),
                    CASE(repeat(x[0], {2}), {{}}), CASE(repeat(x[0], {0, 2}), {{2, 3}}),
                    CASE(repeat(x[0], {2, 2}), {{0, 3}}), CASE(repeat(x[0], {1, 4}), {{1, 1}})}};
}

}}  // namespace cairn::CAIRN_PRECISION
