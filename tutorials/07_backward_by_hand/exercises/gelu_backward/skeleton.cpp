// The way back through GELU; task.md in tutorials/07_backward_by_hand/exercises/gelu_backward says
// what is asked.
#include <cmath>
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

// y = x (1 + erf(x / sqrt(2))) / 2 of n numbers; dy is the gradient of the loss by y, dx that by x.
void gelu_backward(real* dx, const real* dy, const real* x, int64_t n) {
  // TODO
  (void)dx, (void)dy, (void)x, (void)n;
}

}  // namespace mine
