#pragma once
// Sums and maxima, gathers and scatters of rows.
//
// Accumulation: a sum is formed in pieces of a fixed size, in float: four vectors of sums take the
// vectors of a piece in turn, then the four are added, then the lanes (hsum). The pieces' sums are
// added one after the other, those of a long row in double, those of columns in float. So a sum
// depends on the sizes alone, never on the threads. Rows that are added to a table are added in the
// order of ids.
#include "core/kernels/scratch.h"
#include "core/kernels/simd_math.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace ISA { namespace {

inline lanes plain(lanes x) { return x; }
inline lanes squared(lanes x) { return mul(x, x); }

// The sum of f(x) of one piece. An addition takes 4 cycles: with four accumulators one begins in
// each cycle, which is as fast as the second-level cache delivers vectors.
template <lanes (*f)(lanes)>
float sum_piece(const float* x, int64_t n) {
  lanes sum[4] = {splat(0), splat(0), splat(0), splat(0)};
  int64_t i = 0;
  for (; i + 4 * width <= n; i += 4 * width)
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++) sum[k] = add(sum[k], f(load(x + i + k * width)));
  for (int k = 0; i < n; i += width, k++) sum[k] = add(sum[k], f(load_upto(x + i, n - i)));
  return hsum(add(add(sum[0], sum[1]), add(sum[2], sum[3])));
}

// Elements of a piece: 32 KB, a few microseconds, so that a long sum can be shared by threads; the
// error of a sum in float stays that of 8192 / (4 * width) additions in a row.
constexpr int64_t piece = 8192;

template <lanes (*f)(lanes)>
double sum_long(const float* x, int64_t n) {
  if (n <= piece) return double(sum_piece<f>(x, n));
  const int64_t count = ceil_div(n, piece);
  float* sums = static_cast<float*>(scratch(scratch_partials, count * int64_t(sizeof(float))));
  parallel_chunks(n, piece, [=](int64_t begin, int64_t end) {
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
  parallel_chunks(rows, chunk_rows(cols), [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) y[i] = sum_piece<plain>(x + i * cols, cols);
  });
}

// The max_of lane; NaN if one of them is.
float hmax(lanes v) {
  float x[width], max_x = -infinity;
  store(x, v);
  for (float xi : x)
    if (xi > max_x || xi != xi) max_x = xi;  // once NaN, nothing is greater
  return max_x;
}

// The max_of of n values; NaN if one of them is.
float max_of(const float* x, int64_t n) {
  lanes max_x = splat(-infinity), nan = splat(0);
  for (int64_t i = 0; i < n; i += width) {
    const lanes v = fill(load_upto(x + i, n - i), splat(-infinity), n - i);
    max_x = max(v, max_x);
    nan = select(is_nan(v), v, nan);
  }
  return hmax(add(max_x, nan));
}

void row_max(float* y, const float* x, int64_t rows, int64_t cols) {
  parallel_chunks(rows, chunk_rows(cols), [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) y[i] = max_of(x + i * cols, cols);
  });
}

// --- sums over rows, for the gradients of things that all rows share

// How many rows make a piece. At least 16, because each piece writes a row of partial sums, and
// that should be little beside what it reads; at most 64 pieces, because their sums are added by
// one thread.
inline int64_t piece_rows(int64_t rows) { return larger(16, ceil_div(rows, 64)); }

// y[j] = beta y[j] + partial[0][j] + partial[1][j] + ...; row i starts at partial + i * stride.
void add_partials(float* y, const float* partial, int64_t count, int64_t stride, int64_t cols,
                  float beta) {
  for (int64_t j = 0; j < cols; j += width) {
    lanes sum = beta == 0 ? splat(0) : mul(splat(beta), load_upto(y + j, cols - j));
    for (int64_t i = 0; i < count; i++)
      sum = add(sum, load_upto(partial + i * stride + j, cols - j));
    store_upto(y + j, sum, cols - j);
  }
}

void column_sums(float* y, const float* x, int64_t rows, int64_t cols, float beta) {
  const int64_t size = piece_rows(rows), count = ceil_div(rows, size);
  float* partial =
      static_cast<float*>(scratch(scratch_partials, count * cols * int64_t(sizeof(float))));
  parallel_chunks(rows, size, [=](int64_t begin, int64_t end) {
    add_partials(partial + begin / size * cols, x + begin * cols, end - begin, cols, cols, 0);
  });
  add_partials(y, partial, count, cols, cols, beta);
}

// --- rows by number

// Columns that a thread adds up at a time: 512 bytes of a row, 8 cache lines, which the processor
// fetches ahead.
constexpr int64_t block_cols = 128;

void copy_row(float* y, const float* x, int64_t n) {
  for (int64_t j = 0; j < n; j += width) store_upto(y + j, load_upto(x + j, n - j), n - j);
}

void gather_rows(float* y, const float* table, const int32_t* ids, int64_t n, int64_t cols) {
  parallel_chunks(n, chunk_rows(cols), [=](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) copy_row(y + i * cols, table + ids[i] * cols, cols);
  });
}

// Threads share the columns, so that each element receives its rows in turn.
void scatter_add_rows(float* table, const float* x, const int32_t* ids, int64_t n, int64_t cols) {
  const int64_t block = n * cols > chunk_size ? block_cols : larger(1, cols);
  parallel_chunks(cols, block, [=](int64_t begin, int64_t end) {
    for (int64_t i = 0; i < n; i++) {
      float* y = table + ids[i] * cols;
      for (int64_t j = begin; j < end; j += width)
        store_upto(y + j, add(load_upto(y + j, end - j), load_upto(x + i * cols + j, end - j)),
                   end - j);
    }
  });
}

}}}}  // namespace cairn::CAIRN_PRECISION::ISA
