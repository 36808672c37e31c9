// The way back through a softmax; task.md in
// tutorials/07_backward_by_hand/exercises/softmax_backward says what is asked.
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

// y = softmax(x) of each row, (rows, cols); dy is the gradient of the loss by y, dx that by x.
void softmax_backward(real* dx, const real* dy, const real* y, int64_t rows, int64_t cols) {
  // TODO
  (void)dx, (void)dy, (void)y, (void)rows, (void)cols;
}

}  // namespace mine
