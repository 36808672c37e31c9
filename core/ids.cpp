#include "core/ids.h"

#include "core/error.h"

namespace cairn {

Ids::Ids(Shape shape, std::vector<int32_t> values)
    : shape_(shape), values_(std::make_shared<const std::vector<int32_t>>(std::move(values))) {
  if (cairn::numel(shape_) != numel())
    fail("Ids", std::to_string(numel()) + " values for the shape " + to_string(shape_));
}

Ids::Ids(std::vector<int32_t> values)
    : Ids(Shape{static_cast<int64_t>(values.size())}, std::vector<int32_t>(values)) {}

Ids Ids::reshape(Shape shape) const {
  Ids other = *this;
  other.shape_ = shape;
  if (cairn::numel(shape) != numel())
    fail("Ids", "cannot reshape " + to_string(shape_) + " to " + to_string(shape));
  return other;
}

}  // namespace cairn
