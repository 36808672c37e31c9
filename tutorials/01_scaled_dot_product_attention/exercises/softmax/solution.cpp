// Softmax of each row.
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/real.h"

namespace mine {

using cairn::real;

// y_j = e^(x_j - max x) / sum_k e^(x_k - max x) over each row of x (rows, cols).
void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  const real minus_infinity = -std::numeric_limits<real>::infinity();
  for (int64_t i = 0; i < rows; ++i, x += cols, y += cols) {
    real max = minus_infinity;
    for (int64_t j = 0; j < cols; ++j) max = std::fmax(max, x[j]);
    double sum = 0;
    for (int64_t j = 0; j < cols; ++j) sum += std::exp(double(x[j]) - double(max));
    for (int64_t j = 0; j < cols; ++j)
      y[j] =
          max == minus_infinity ? 0 : static_cast<real>(std::exp(double(x[j]) - double(max)) / sum);
  }
}

}  // namespace mine
