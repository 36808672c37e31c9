#include "core/ids.h"

#include "core/error.h"

namespace cairn {

Ids::Ids(Shape shape, std::vector<int32_t> values)
    : shape_(shape), values_(std::make_shared<const std::vector<int32_t>>(std::move(values))) {
  check_shape(shape_, "Ids");
  if (cairn::numel(shape_) != numel())
    fail("Ids", std::to_string(numel()) + " values for the shape " + to_string(shape_));
}

Ids::Ids(std::vector<int32_t> values)
    : Ids(Shape{static_cast<int64_t>(values.size())}, std::vector<int32_t>(values)) {}

Ids Ids::reshape(Shape shape) const {
  check_shape(shape, "Ids");
  Ids other = *this;
  other.shape_ = shape;
  if (cairn::numel(shape) != numel())
    fail("Ids", "cannot reshape " + to_string(shape_) + " to " + to_string(shape));
  return other;
}

void Ids::fail_index(int64_t i) const {
  fail("Ids", "index " + std::to_string(i) + " of " + std::to_string(numel()) + " values");
}

}  // namespace cairn
