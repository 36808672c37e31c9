// Sums and maxima, and rows by number, in plain loops. Sums are kept in double, added from the
// first element to the last, and rounded once; scattered rows are added in `real`, in the order of
// ids.
#include "core/kernels/reference.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace reference {

// y[i] = sum_j x(i, j)
void row_sums(real* y, const real* x, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; i++) {
    double sum = 0;
    for (int64_t j = 0; j < cols; j++) sum += double(x[i * cols + j]);
    y[i] = static_cast<real>(sum);
  }
}

// y[j] = beta y[j] + sum_i x(i, j)
void column_sums(real* y, const real* x, int64_t rows, int64_t cols, real beta) {
  for (int64_t j = 0; j < cols; j++) {
    double sum = beta == 0 ? 0 : double(beta) * double(y[j]);  // beta 0 ignores what y held
    for (int64_t i = 0; i < rows; i++) sum += double(x[i * cols + j]);
    y[j] = static_cast<real>(sum);
  }
}

// sum_i x_i^2
double sum_of_squares(const real* x, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += double(x[i]) * double(x[i]);
  return sum;
}

double max_of(const real* x, int64_t n) {
  double max = -infinity;
  for (int64_t i = 0; i < n; i++)
    if (x[i] > max || x[i] != x[i]) max = double(x[i]);  // once NaN, nothing is greater
  return max;
}

// y[i] = max_j x(i, j)
void row_max(real* y, const real* x, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; i++) y[i] = static_cast<real>(max_of(x + i * cols, cols));
}

// y[i] = table[ids[i]]
void gather_rows(real* y, const real* table, const int32_t* ids, int64_t n, int64_t cols) {
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < cols; j++) y[i * cols + j] = table[ids[i] * cols + j];
}

// Gather's backward. forward: y[i] = table[ids[i]], so dtable[ids[i]] += dy[i].
void scatter_add_rows(real* table, const real* x, const int32_t* ids, int64_t n, int64_t cols) {
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < cols; j++) table[ids[i] * cols + j] += x[i * cols + j];
}

}}}  // namespace cairn::CAIRN_PRECISION::reference
