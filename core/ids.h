#pragma once
// Whole numbers with a shape: token ids, labels, indices. Ids are not reals: they have no gradient,
// are always contiguous, and copying the handle copies a pointer.
#include <cstdint>
#include <memory>
#include <vector>

#include "core/random.h"
#include "core/shape.h"

namespace cairn {

class Ids {
 public:
  Ids() : Ids(Shape{0}, {}) {}
  Ids(Shape shape, std::vector<int32_t> values);  // Error if the counts differ
  Ids(std::vector<int32_t> values);               // one axis
  Ids(std::initializer_list<int32_t> values) : Ids(std::vector<int32_t>(values)) {}
  Ids(const Ids&) = default;  // and no move, which would leave Ids without values
  Ids& operator=(const Ids&) = default;

  // `count` zeros, to be filled and turned into Ids. Error if there is no memory for them.
  static std::vector<int32_t> room(int64_t count);

  // In core/more/create_ids.cpp: start, start + step, ... before end. Error if step does not lead from start to end.
  static Ids arange(int64_t start, int64_t end, int64_t step = 1);
  static Ids arange(int64_t end) { return arange(0, end); }
  // Uniform in [low, high). Error if that is empty.
  static Ids randint(int64_t low, int64_t high, Shape shape, Random& random = default_random());

  const Shape& shape() const { return shape_; }
  int axes() const { return shape_.size(); }
  int64_t size(int axis) const;  // -1 is the last axis
  int64_t numel() const { return static_cast<int64_t>(values_->size()); }
  const int32_t* data() const { return values_->data(); }
  const std::vector<int32_t>& values() const& { return *values_; }
  std::vector<int32_t> values() && { return *values_; }  // of a temporary: a copy
  int32_t operator[](int64_t i) const {                  // Error unless 0 <= i < numel()
    if (i < 0 || i >= numel()) fail_index(i);
    return (*values_)[static_cast<size_t>(i)];
  }
  int32_t item() const;            // the one id; Error if not one
  Ids reshape(Shape shape) const;  // shares the values; one size may be -1

 private:
  [[noreturn]] void fail_index(int64_t i) const;

  Shape shape_;
  std::shared_ptr<const std::vector<int32_t>> values_;
};

}  // namespace cairn
