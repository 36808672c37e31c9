#pragma once
// Whole numbers with a shape: token ids, labels, indices. Ids are not reals: they have no gradient,
// are always contiguous, and copying the handle copies a pointer.
#include <cstdint>
#include <memory>
#include <vector>

#include "core/shape.h"

namespace cairn {

class Ids {
 public:
  Ids() : Ids(Shape{0}, {}) {}
  Ids(Shape shape, std::vector<int32_t> values);           // Error if the counts differ
  Ids(std::vector<int32_t> values);                        // one axis
  Ids(std::initializer_list<int32_t> values) : Ids(std::vector<int32_t>(values)) {}
  Ids(const Ids&) = default;  // and no move: what was moved from would have no values
  Ids& operator=(const Ids&) = default;

  const Shape& shape() const { return shape_; }
  int64_t numel() const { return static_cast<int64_t>(values_->size()); }
  const int32_t* data() const { return values_->data(); }
  const std::vector<int32_t>& values() const { return *values_; }
  int32_t operator[](int64_t i) const {                    // Error unless 0 <= i < numel()
    if (i < 0 || i >= numel()) fail_index(i);
    return (*values_)[static_cast<size_t>(i)];
  }
  Ids reshape(Shape shape) const;                          // shares the values

 private:
  [[noreturn]] void fail_index(int64_t i) const;

  Shape shape_;
  std::shared_ptr<const std::vector<int32_t>> values_;
};

}  // namespace cairn
