// A view, copied into one piece.
#include <cstdint>

#include "core/real.h"
#include "core/shape.h"

namespace mine {

using cairn::real;
using cairn::Shape;

// y: the numbers of the view of x, in the order of the index.
void to_contiguous(real* y, const real* x, const Shape& shape, const Shape& strides) {
  const int64_t count = numel(shape);
  int64_t index[Shape::max_axes] = {}, place = 0;
  for (int64_t k = 0; k < count; ++k) {
    y[k] = x[place];
    // On to the next index: the wheels that have gone around go back, and the one before moves on.
    for (int axis = shape.size() - 1; axis >= 0; --axis) {
      place += strides[axis];
      if (++index[axis] < shape[axis]) break;
      place -= shape[axis] * strides[axis];
      index[axis] = 0;
    }
  }
}

}  // namespace mine
