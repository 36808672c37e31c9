// Other ways to write it, as good.
#include <cstring>

#include "core/tensor.h"
#include "tutorials/05_tensors/exercises/to_contiguous/to_contiguous.h"

namespace alternatives {
namespace {

// One axis at a time, by recursion; returns where in y to go on.
real* copied(real* y, const real* x, const Shape& shape, const Shape& strides, int axis) {
  if (axis == shape.size()) return *y = *x, y + 1;
  for (int64_t i = 0; i < shape[axis]; ++i)
    y = copied(y, x + (i == 0 ? 0 : i * strides[axis]), shape, strides, axis + 1);
  return y;
}
void by_recursion(real* y, const real* x, const Shape& shape, const Shape& strides) {
  copied(y, x, shape, strides, 0);
}

// The index of number k by remainders, from the last number to the first.
void by_remainders(real* y, const real* x, const Shape& shape, const Shape& strides) {
  for (int64_t k = numel(shape); k-- > 0;) {
    int64_t rest = k, place = 0;
    for (int axis = shape.size(); axis-- > 0; rest /= shape[axis])
      place += rest % shape[axis] * strides[axis];
    std::memcpy(y + k, x + place, sizeof(real));
  }
}

// Eight loops; missing axes have the size 1.
void eight_loops(real* y, const real* x, const Shape& shape, const Shape& strides) {
  Shape n = shape, s = strides;
  while (n.size() < 8) n.insert(0, 1), s.insert(0, 0);
  for (int64_t a = 0; a < n[0]; ++a)
    for (int64_t b = 0; b < n[1]; ++b)
      for (int64_t c = 0; c < n[2]; ++c)
        for (int64_t d = 0; d < n[3]; ++d)
          for (int64_t e = 0; e < n[4]; ++e)
            for (int64_t f = 0; f < n[5]; ++f)
              for (int64_t g = 0; g < n[6]; ++g)
                for (int64_t h = 0; h < n[7]; ++h)
                  *y++ = x[a * s[0] + b * s[1] + c * s[2] + d * s[3] + e * s[4] + f * s[5] +
                           g * s[6] + h * s[7]];
}

// All places first, axis by axis.
void places_first(real* y, const real* x, const Shape& shape, const Shape& strides) {
  std::vector<int64_t> places = {0};
  for (int axis = 0; axis < shape.size(); ++axis) {
    std::vector<int64_t> more;
    for (int64_t place : places)
      for (int64_t i = 0; i < shape[axis]; ++i) more.push_back(place + i * strides[axis]);
    places = more;
  }
  for (size_t k = 0; k < places.size(); ++k) y[k] = x[places[k]];
}

void the_library_s(real* y, const real* x, const Shape& shape, const Shape& strides) {
  cairn::copy_numbers(y, contiguous_strides(shape), x, strides, shape);
}

}  // namespace

const std::vector<check::Alternative<ToContiguous>> list = {
    {"by recursion", by_recursion},  {"by remainders, from the end", by_remainders},
    {"eight loops", eight_loops},    {"all places first", places_first},
    {"copy_numbers", the_library_s},
};

}  // namespace alternatives
