// Arithmetic on shapes: sizes, strides, axes, broadcasting.
#include "core/shape.h"

#include <algorithm>
#include <limits>
#include <ostream>

#include "core/error.h"

namespace cairn {
namespace {

// a b, or the largest number there is: no shape's size wraps around to a small one.
int64_t product(int64_t a, int64_t b) {
  int64_t result;
  return __builtin_mul_overflow(a, b, &result) ? std::numeric_limits<int64_t>::max() : result;
}

}  // namespace

void Shape::fail_axis(int axis) const {
  fail("shape", "axis " + std::to_string(axis) + " of " + to_string(*this),
       "axes count from 0; Tensor::size() takes negative ones too");
}

Shape::Shape(const int64_t* sizes, size_t count) {
  if (count > max_axes)
    fail("shape", std::to_string(count) + " axes asked for", "a tensor has at most 8 axes");
  std::copy(sizes, sizes + count, sizes_);
  axes_ = static_cast<int>(count);
}

void Shape::push_back(int64_t size) { insert(axes_, size); }

void Shape::insert(int axis, int64_t size) {
  if (axis < 0 || axis > axes_) fail_axis(axis);
  if (axes_ == max_axes) fail("shape", "9 axes asked for", "a tensor has at most 8 axes");
  std::copy_backward(sizes_ + axis, sizes_ + axes_, sizes_ + axes_ + 1);
  sizes_[axis] = size;
  ++axes_;
}

void Shape::erase(int axis) {
  std::copy(sizes_ + checked(axis) + 1, sizes_ + axes_, sizes_ + axis);
  --axes_;
}

bool Shape::operator==(const Shape& other) const {
  return std::equal(begin(), end(), other.begin(), other.end());
}

int64_t numel(const Shape& shape) {
  int64_t n = 1;
  for (int64_t size : shape) n = product(n, size);
  return n;
}

std::string to_string(const Shape& shape) {
  std::string text = "(";
  for (int i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + (shape.size() == 1 ? ",)" : ")");
}

std::ostream& operator<<(std::ostream& out, const Shape& shape) { return out << to_string(shape); }

Shape contiguous_strides(const Shape& shape) {
  Shape strides = shape;
  int64_t step = 1;
  for (int i = shape.size() - 1; i >= 0; --i) {
    strides[i] = step;
    step = std::min(product(step, std::max<int64_t>(shape[i], 1)), Shape::max_size);
  }
  return strides;
}

void check_shape(const Shape& shape, const char* place) {
  const auto too_large = [](int64_t size) { return size > Shape::max_size; };
  for (int64_t size : shape)
    if (size < 0) fail(place, "the shape " + to_string(shape) + " has a negative size");
  if (too_large(numel(shape)) || std::any_of(shape.begin(), shape.end(), too_large))
    fail("memory", "the shape " + to_string(shape) + " counts more than 2^60 numbers",
         "check the sizes that make it up");
}

int normal_axis(int axis, int axes, const char* op, Where where) {
  if (axis < -axes || axis >= axes)
    fail(op, "axis " + std::to_string(axis) + " of a tensor with " + std::to_string(axes) + " axes",
         "axes count from 0, or from -1 at the end", where);
  return axis < 0 ? axis + axes : axis;
}

int64_t normal_index(int64_t index, const Shape& shape, int axis, const char* op, Where where) {
  const int64_t size = shape[axis];
  if (index < -size || index >= size)
    fail(op,
         "index " + std::to_string(index) + " on axis " + std::to_string(axis) + " of " +
             to_string(shape),
         "", where);
  return index < 0 ? index + size : index;
}

int64_t slice_bound(int64_t bound, int64_t size) {
  return std::clamp<int64_t>(bound < 0 ? bound + size : bound, 0, size);
}

Shape resolved(const Shape& wanted, const Shape& from, const char* op, Where where) {
  Shape shape = wanted;
  int unknown = -1;
  for (int i = 0; i < shape.size() && unknown < 0; ++i)
    if (shape[i] == -1) unknown = i;
  if (unknown >= 0) {
    shape[unknown] = 1;
    const int64_t known = numel(shape);
    shape[unknown] = known > 0 ? numel(from) / known : -1;
  }
  const auto negative = [](int64_t size) { return size < 0; };
  if (std::any_of(shape.begin(), shape.end(), negative) || numel(shape) != numel(from))
    fail(op, "cannot reshape " + to_string(from) + " to " + to_string(wanted), "", where);
  return shape;
}

Shape broadcast(const Shape& a, const Shape& b, const char* op, Where where) {
  Shape out = a.size() >= b.size() ? a : b;
  const Shape& shorter = a.size() >= b.size() ? b : a;
  const int shift = out.size() - shorter.size();
  for (int i = 0; i < shorter.size(); ++i) {
    int64_t& size = out[i + shift];
    if (size == 1) size = shorter[i];
    else if (shorter[i] != 1 && shorter[i] != size)
      fail(op, "shapes do not broadcast: a is " + to_string(a) + ", b is " + to_string(b),
           "aligned at the last axis, sizes must be equal or 1", where);
  }
  return out;
}

Shape broadcast_strides(const Shape& shape, const Shape& strides, const Shape& wider) {
  Shape out = wider;
  const int shift = wider.size() - shape.size();
  for (int i = 0; i < wider.size(); ++i)
    out[i] = i < shift || (shape[i - shift] == 1 && wider[i] != 1) ? 0 : strides[i - shift];
  return out;
}

}  // namespace cairn
