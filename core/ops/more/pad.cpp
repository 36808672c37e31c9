// pad: a constant before and after x along each axis, or less of x where a width is negative.
// dx = dy without the constants. A composition of cat and slice; saves nothing.
// PyTorch: torch.nn.functional.pad.
#include <algorithm>

#include "core/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Tensor pad(const Tensor& x, const std::vector<int64_t>& widths, real value, Where where) {
  if (widths.size() % 2 != 0 || widths.size() / 2 > static_cast<size_t>(x.axes()))
    fail("pad", std::to_string(widths.size()) + " widths for " + to_string(x.shape()),
         "two for each axis, the last axis first", where);
  const Scope scope("pad", where);
  Tensor y = contiguous(x);  // an Error if there is no memory even for x
  for (size_t i = 0; i < widths.size(); i += 2) {
    const int axis = x.axes() - 1 - static_cast<int>(i / 2);
    const int64_t before = widths[i], after = widths[i + 1], size = x.shape()[axis];
    if (before > Shape::max_size || after > Shape::max_size)
      fail("pad", "a width is " + std::to_string(std::max(before, after)), "at most 2^60", where);
    if (before < -size || after < -size || size + before + after < 0)
      fail("pad",
           "the widths cut off more than there is: " + std::to_string(before) + " and " +
               std::to_string(after) + " of axis " + std::to_string(axis) + " of " +
               to_string(x.shape()),
           "", where);
    const auto side = [&](int64_t width) {
      Shape shape = y.shape();
      shape[axis] = std::max<int64_t>(width, 0);
      return Tensor::full(shape, value);
    };
    const int64_t start = std::max<int64_t>(-before, 0), stop = size + std::min<int64_t>(after, 0);
    y = cat({side(before), slice(y, axis, start, stop), side(after)}, axis);
  }
  return y;
}

OpInfo pad_info() {
  return {
      .name = "pad",
      .formula = "x between constants",
      .derivative = "dx = dy without them",
      .cases = {
          CASE(pad(x[0], {1, 2}, 0.5), {{3, 4}}), CASE(pad(x[0], {1, 0, 2, 1}, 0.5), {{2, 3, 4}}),
          CASE(pad(x[0], {-1, 2}, 0.5), {{2, 4}}), CASE(pad(x[0], {0, -2, -1, 0}, 0.5), {{3, 4}}),
          CASE(pad(x[0], {2, 1}, 0.5), {{5}}), CASE(pad(x[0], {}, 0.5), {{}}),
          CASE(pad(x[0], {1, 1}, 0.5), {{2, 0}}), CASE(pad(x[0], {0, 0, 1, 1}, 0.5), {{1, 1}})}};
}

}}  // namespace cairn::CAIRN_PRECISION
