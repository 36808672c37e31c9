// wrong: the input was changed
#include <cmath>
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; ++i) {
    real max = -INFINITY, sum = 0;
    for (int64_t j = 0; j < cols; ++j) max = std::fmax(max, x[i * cols + j]);
    for (int64_t j = 0; j < cols; ++j) sum += std::exp(x[i * cols + j] - max);
    for (int64_t j = 0; j < cols; ++j)
      y[i * cols + j] = max == -INFINITY ? 0 : std::exp(x[i * cols + j] - max) / sum;
    if (cols > 0 && y != x) const_cast<real*>(x)[i * cols] = 0;
  }
}

}  // namespace mine
