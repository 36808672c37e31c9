// Making and reading Ids; core/more/create_ids.cpp has the rest.
#include "core/ids.h"

#include <exception>

#include "core/error.h"

namespace cairn {

Ids::Ids(Shape shape, std::vector<int32_t> values)
    : shape_(shape), values_(std::make_shared<const std::vector<int32_t>>(std::move(values))) {
  check_shape(shape_, "Ids");
  if (cairn::numel(shape_) != numel())
    fail("Ids", std::to_string(numel()) + " values for the shape " + to_string(shape_));
}

Ids::Ids(std::vector<int32_t> values)
    : shape_{static_cast<int64_t>(values.size())},
      values_(std::make_shared<const std::vector<int32_t>>(std::move(values))) {}

std::vector<int32_t> Ids::room(int64_t count) {
  try {
    return std::vector<int32_t>(static_cast<size_t>(count));
  } catch (const std::exception&) {  // bad_alloc, or length_error for more than a vector can count
    fail("Ids", "no memory for " + std::to_string(count) + " ids");
  }
}

int64_t Ids::size(int axis) const { return shape_[normal_axis(axis, axes(), "size")]; }

int32_t Ids::item() const {
  if (numel() != 1)
    fail("item", "there are " + std::to_string(numel()) + " ids: " + to_string(shape_),
         "ids[i] reads the i-th");
  return values().front();
}

Ids Ids::reshape(Shape shape) const {
  Ids other = *this;
  other.shape_ = resolved(shape, shape_, "Ids");
  check_shape(other.shape_, "Ids");
  return other;
}

void Ids::fail_index(int64_t i) const {
  fail("Ids", "index " + std::to_string(i) + " of " + std::to_string(numel()) + " values");
}

}  // namespace cairn
