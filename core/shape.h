#pragma once
// Sizes and strides of up to eight axes, held inline: a tensor's shape costs no allocation.
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <iterator>
#include <string>
#include <vector>

#include "core/where.h"

namespace cairn {

// int, int64_t, size_t, ..., but not bool: a flag where a size or an axis belongs is a mistake.
template <class T>
concept WholeNumber = std::integral<T> && (!std::same_as<T, bool>);

class Shape {
 public:
  static constexpr int max_axes = 8;
  static constexpr int64_t max_size = int64_t{1} << 60;  // of an axis, and of a tensor in all

  Shape() = default;  // no axes: a single number
  template <WholeNumber T>
  Shape(T size) : Shape({static_cast<int64_t>(size)}) {}  // one axis: Tensor::zeros(3)
  Shape(std::initializer_list<int64_t> sizes) : Shape(sizes.begin(), sizes.size()) {}
  explicit Shape(const std::vector<int64_t>& sizes) : Shape(sizes.data(), sizes.size()) {}
  Shape(const int64_t* sizes, size_t count);  // Error if count > 8

  int size() const { return axes_; }
  bool empty() const { return axes_ == 0; }
  // Error unless 0 <= axis < size().
  int64_t& operator[](int axis) { return sizes_[checked(axis)]; }
  int64_t operator[](int axis) const { return sizes_[checked(axis)]; }
  int64_t back() const { return sizes_[checked(axes_ - 1)]; }
  const int64_t* begin() const { return sizes_; }
  const int64_t* end() const { return sizes_ + axes_; }

  void push_back(int64_t size);         // Error beyond eight axes
  void insert(int axis, int64_t size);  // before `axis`; axis == size() appends
  void erase(int axis);                 // removes the axis; those after it move up
  bool operator==(const Shape& other) const;

 private:
  int checked(int axis) const {
    if (axis < 0 || axis >= axes_) fail_axis(axis);
    return axis;
  }
  [[noreturn]] void fail_axis(int axis) const;

  int64_t sizes_[max_axes] = {};
  int axes_ = 0;
};

// Numbers of axes: sum(x, 1), sum(x, {0, 2}); negative ones count from the end.
class Axes : public std::vector<int> {
 public:
  Axes() = default;
  template <WholeNumber T>
  Axes(T axis) : vector{static_cast<int>(axis)} {}
  Axes(std::initializer_list<int> axes) : vector(axes) {}
  template <std::input_iterator I>
  Axes(I begin, I end) : vector(begin, end) {}
  Axes(bool) = delete;  // the axes come first, keepdim after them: sum(x, 1, true)
};

int64_t numel(const Shape& shape);          // product of the sizes; 1 for no axes; the largest
                                            // int64_t if it is larger than that
std::string to_string(const Shape& shape);  // "(2, 3)"
std::ostream& operator<<(std::ostream& out, const Shape& shape);
Shape contiguous_strides(const Shape& shape);

// Error if a size, or the product of all, is negative or above max_size. This holds for every
// tensor, expanded ones too; so no product of sizes and no offset overflows.
void check_shape(const Shape& shape, const char* place);

// `axis` counted from the end if negative. Error naming `op` if it is not in [-axes, axes).
int normal_axis(int axis, int axes, const char* op, Where where = {});
// `index` along the axis, counted from the end if negative. Error naming `op` if out of range.
int64_t normal_index(int64_t index, const Shape& shape, int axis, const char* op, Where where = {});
// A bound of a slice, as in Python: counted from the end if negative, and clamped to [0, size].
int64_t slice_bound(int64_t bound, int64_t size);
// `wanted` with a size of -1, of which there may be one, replaced by what the others leave of
// `from`. Error naming `op` unless it then has as many numbers as `from`.
Shape resolved(const Shape& wanted, const Shape& from, const char* op, Where where = {});

// The shape that both broadcast to (sizes equal or 1, aligned at the last axis). Error naming both.
Shape broadcast(const Shape& a, const Shape& b, const char* op, Where where = {});

// Strides that read a tensor of (shape, strides) as if it were `wider`: 0 along repeated axes.
Shape broadcast_strides(const Shape& shape, const Shape& strides, const Shape& wider);

}  // namespace cairn
