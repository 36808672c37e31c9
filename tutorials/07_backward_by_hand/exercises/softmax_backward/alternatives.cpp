// Other ways to write it, as good.
#include <numeric>

#include "tutorials/07_backward_by_hand/exercises/softmax_backward/softmax_backward.h"

namespace alternatives {
namespace {

// The whole matrix of derivatives, row by row.
void jacobian(real* dx, const real* dy, const real* y, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; ++i, dx += cols, dy += cols, y += cols)
    for (int64_t j = 0; j < cols; ++j) {
      double sum = 0;
      for (int64_t k = 0; k < cols; ++k) sum += dy[k] * y[k] * ((k == j ? 1 : 0) - y[j]);
      dx[j] = sum;
    }
}

// As a row sums to 1, dy_j is sum_k y_k dy_j: the differences of all pairs.
void pairs(real* dx, const real* dy, const real* y, int64_t rows, int64_t cols) {
  for (int64_t at = 0; at < rows * cols; ++at) {
    const int64_t row = at / cols * cols;
    long double sum = 0;
    for (int64_t k = cols; k-- > 0;)
      sum += y[row + k] * (static_cast<long double>(dy[at]) - dy[row + k]);
    dx[at] = static_cast<real>(y[at] * sum);
  }
}

// dx holds the products first.
void in_two_steps(real* dx, const real* dy, const real* y, int64_t rows, int64_t cols) {
  for (int64_t i = rows; i-- > 0;) {
    real* row = dx + i * cols;
    for (int64_t j = 0; j < cols; ++j) row[j] = dy[i * cols + j] * y[i * cols + j];
    const real sum = std::accumulate(row, row + cols, real{0});
    for (int64_t j = 0; j < cols; ++j) row[j] -= sum * y[i * cols + j];
  }
}

}  // namespace

const std::vector<check::Alternative<SoftmaxBackward>> list = {
    {"the whole matrix of derivatives", jacobian},
    {"differences of pairs", pairs},
    {"the products first", in_two_steps},
};

}  // namespace alternatives
