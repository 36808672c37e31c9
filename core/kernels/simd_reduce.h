#pragma once
// Sums and maxima, gathers and scatters of rows. A sum is formed in pieces of a fixed size and the
// pieces are added in turn, so that it does not depend on the threads.
#include "core/kernels/scratch.h"
#include "core/kernels/simd_math.h"

namespace cairn::inline CAIRN_PRECISION::ISA {
namespace {

inline lanes plain(lanes x) { return x; }
inline lanes squared(lanes x) { return mul(x, x); }

// The sum of f(x) of one piece, in four accumulators so that additions need not wait.
template <lanes (*f)(lanes)>
float sum_piece(const float* x, int64_t n) {
  lanes s[4] = {all(0), all(0), all(0), all(0)};
  int64_t i = 0;
  for (; i + 4 * width <= n; i += 4 * width)
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++) s[k] = add(s[k], f(load(x + i + k * width)));
  for (int k = 0; i < n; i += width, k++) s[k] = add(s[k], f(load_upto(x + i, n - i)));
  return hsum(add(add(s[0], s[1]), add(s[2], s[3])));
}

constexpr int64_t piece = 8192;

template <lanes (*f)(lanes)>
double sum_long(const float* x, int64_t n) {
  if (n <= piece) return double(sum_piece<f>(x, n));
  const int64_t count = pieces(n, piece);
  float* sums = static_cast<float*>(scratch(scratch_partials, count * int64_t(sizeof(float))));
  runs(n, piece, [=](int64_t begin, int64_t end) {
    sums[begin / piece] = sum_piece<f>(x + begin, end - begin);
  });
  double sum = 0;
  for (int64_t i = 0; i < count; i++) sum += double(sums[i]);
  return sum;
}

double sum_of_squares(const float* x, int64_t n) { return sum_long<squared>(x, n); }

void row_sums(float* y, const float* x, int64_t rows, int64_t cols) {
  if (cols > piece) {
    for (int64_t i = 0; i < rows; i++)
      y[i] = static_cast<float>(sum_long<plain>(x + i * cols, cols));
    return;
  }
  runs(rows, chunk_rows(cols), [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) y[i] = sum_piece<plain>(x + i * cols, cols);
  });
}

// The largest lane; NaN if one of them is.
float hmax(lanes v) {
  float x[width], most = -infinity;
  store(x, v);
  for (float xi : x)
    if (xi > most || xi != xi) most = xi;  // once NaN, nothing is greater
  return most;
}

// The largest of n values; NaN if one of them is.
float largest(const float* x, int64_t n) {
  lanes most = all(-infinity), nan = all(0);
  for (int64_t i = 0; i < n; i += width) {
    const lanes v = fill(load_upto(x + i, n - i), all(-infinity), n - i);
    most = max(v, most);
    nan = select(is_nan(v), v, nan);
  }
  return hmax(add(most, nan));
}

void row_max(float* y, const float* x, int64_t rows, int64_t cols) {
  runs(rows, chunk_rows(cols), [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) y[i] = largest(x + i * cols, cols);
  });
}

// --- sums over rows, for the gradients of things that all rows share

// How many rows make a piece: at most 64 pieces, of at least 16 rows.
inline int64_t piece_rows(int64_t rows) { return larger(16, pieces(rows, 64)); }

// y[j] = beta y[j] + partial[0][j] + partial[1][j] + ...; row i starts at partial + i * stride.
void add_partials(float* y, const float* partial, int64_t count, int64_t stride, int64_t cols,
                  float beta) {
  for (int64_t j = 0; j < cols; j += width) {
    lanes sum = beta == 0 ? all(0) : mul(all(beta), load_upto(y + j, cols - j));
    for (int64_t i = 0; i < count; i++)
      sum = add(sum, load_upto(partial + i * stride + j, cols - j));
    store_upto(y + j, sum, cols - j);
  }
}

void column_sums(float* y, const float* x, int64_t rows, int64_t cols, float beta) {
  const int64_t size = piece_rows(rows), count = pieces(rows, size);
  float* partial =
      static_cast<float*>(scratch(scratch_partials, count * cols * int64_t(sizeof(float))));
  runs(rows, size, [=](int64_t begin, int64_t end) {
    add_partials(partial + begin / size * cols, x + begin * cols, end - begin, cols, cols, 0);
  });
  add_partials(y, partial, count, cols, cols, beta);
}

// --- rows by number

constexpr int64_t block_cols = 128;

void copy_run(float* y, const float* x, int64_t n) {
  for (int64_t j = 0; j < n; j += width) store_upto(y + j, load_upto(x + j, n - j), n - j);
}

void gather_rows(float* y, const float* table, const int32_t* ids, int64_t n, int64_t cols) {
  runs(n, chunk_rows(cols), [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) copy_run(y + i * cols, table + ids[i] * cols, cols);
  });
}

// Threads share the columns, so that each element receives its rows in turn.
void scatter_add_rows(float* table, const float* x, const int32_t* ids, int64_t n, int64_t cols) {
  runs(cols, n * cols > chunk ? block_cols : larger(1, cols), [=](int64_t begin, int64_t end) {
    for (int64_t i = 0; i < n; i++) {
      float* y = table + ids[i] * cols;
      for (int64_t j = begin; j < end; j += width)
        store_upto(y + j, add(load_upto(y + j, end - j), load_upto(x + i * cols + j, end - j)),
                   end - j);
    }
  });
}

}  // namespace
}  // namespace cairn::inline CAIRN_PRECISION::ISA
