// What the ops along one axis share.
#include "core/ops/more/lanes.h"

#include <limits>

namespace cairn { inline namespace CAIRN_PRECISION {

void check_countable(int64_t size, const char* op, Where where) {
  if (size > std::numeric_limits<int32_t>::max())
    fail(op, std::to_string(size) + " numbers are more than an index can count", "below 2^31",
         where);
}

Lanes::Lanes(const Shape& shape, int axis) : size(shape[axis]) {
  const int64_t* at = shape.begin() + axis;
  outer = numel(Shape(shape.begin(), static_cast<size_t>(axis)));
  step = numel(Shape(at + 1, static_cast<size_t>(shape.end() - at - 1)));
}

}}  // namespace cairn::CAIRN_PRECISION
