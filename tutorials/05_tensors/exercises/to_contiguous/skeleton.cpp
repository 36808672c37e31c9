// A view, copied into one piece; what is asked is in
// tutorials/05_tensors/exercises/to_contiguous/task.md.
#include <cstdint>

#include "core/real.h"
#include "core/shape.h"

namespace mine {

using cairn::real;
using cairn::Shape;

// y: the numbers of the view of x, in the order of the index.
void to_contiguous(real* y, const real* x, const Shape& shape, const Shape& strides) {
  // TODO
  (void)y, (void)x, (void)shape, (void)strides;
}

}  // namespace mine
