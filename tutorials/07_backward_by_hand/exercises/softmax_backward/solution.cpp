// The way back through a softmax.
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

// y = softmax(x) of each row, (rows, cols); dx_j = y_j (dy_j - sum_k dy_k y_k).
void softmax_backward(real* dx, const real* dy, const real* y, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; ++i, dx += cols, dy += cols, y += cols) {
    double average = 0;  // of dy, weighted with y
    for (int64_t j = 0; j < cols; ++j) average += double(dy[j]) * double(y[j]);
    for (int64_t j = 0; j < cols; ++j)
      dx[j] = static_cast<real>(double(y[j]) * (double(dy[j]) - average));
  }
}

}  // namespace mine
