#pragma once
// Kernels over whole rows: softmax, log_softmax, cross entropy, layer norm. A row is read two or
// three times, which is from the cache; a row is the work of one thread.
//
// Accumulation, in float: a row's sums in the lanes of one vector, from the first column to the
// last (layer norm's mean in four, as in simd_reduce.h), then hsum. dgamma and dbeta: row by row
// within a piece of rows, then the pieces in turn.
#include "core/kernels/simd_reduce.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace ISA { namespace {

// Calls body(i) for each row, on all threads.
template <class Body>
void rows_of(int64_t rows, int64_t cols, const Body& body) {
  parallel_chunks(rows, chunk_rows(cols), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) body(i);
  });
}

// The sum of e^(x - max_x); stores the terms if y is not null.
float sum_of_exp(float* y, const float* x, float max_x, int64_t n) {
  lanes sum = splat(0);
  for (int64_t j = 0; j < n; j += width) {
    const lanes e = exp_(sub(load_upto(x + j, n - j), splat(max_x)));
    if (y) store_upto(y + j, e, n - j);
    sum = add(sum, fill(e, splat(0), n - j));
  }
  return hsum(sum);
}

float log_of(float x) {
  float y[width];
  store(y, log_(splat(x)));
  return y[0];
}

void softmax_row(float* y, const float* x, int64_t n) {
  const float max_x = max_of(x, n);
  const float sum = sum_of_exp(y, x, max_x, n);
  const lanes factor = splat(1 / sum);
  for (int64_t j = 0; j < n; j += width) {
    const lanes p = mul(load_upto(y + j, n - j), factor);
    store_upto(y + j, max_x == -infinity ? splat(0) : p, n - j);
  }
}

void softmax(float* y, const float* x, int64_t rows, int64_t cols) {
  rows_of(rows, cols, [=](int64_t i) { softmax_row(y + i * cols, x + i * cols, cols); });
}

void softmax_backward(float* dx, const float* dy, const float* y, int64_t rows, int64_t cols) {
  rows_of(rows, cols, [=](int64_t i) {
    const int64_t at = i * cols;
    lanes sum = splat(0);
    for (int64_t j = 0; j < cols; j += width)
      sum = fma(load_upto(dy + at + j, cols - j), load_upto(y + at + j, cols - j), sum);
    const lanes dot = splat(hsum(sum));
    for (int64_t j = 0; j < cols; j += width) {
      const lanes d = sub(load_upto(dy + at + j, cols - j), dot);
      store_upto(dx + at + j, mul(load_upto(y + at + j, cols - j), d), cols - j);
    }
  });
}

void log_softmax(float* y, const float* x, int64_t rows, int64_t cols) {
  rows_of(rows, cols, [=](int64_t i) {
    const int64_t at = i * cols;
    const float max_x = max_of(x + at, cols);
    const lanes log_sum = splat(log_of(sum_of_exp(nullptr, x + at, max_x, cols)));
    for (int64_t j = 0; j < cols; j += width) {
      const lanes v = sub(sub(load_upto(x + at + j, cols - j), splat(max_x)), log_sum);
      store_upto(y + at + j, v, cols - j);
    }
  });
}

void log_softmax_backward(float* dx, const float* dy, const float* y, int64_t rows, int64_t cols) {
  rows_of(rows, cols, [=](int64_t i) {
    const int64_t at = i * cols;
    const lanes minus_sum = splat(-sum_piece<plain>(dy + at, cols));
    for (int64_t j = 0; j < cols; j += width) {
      const lanes p = exp_(load_upto(y + at + j, cols - j));
      store_upto(dx + at + j, fma(p, minus_sum, load_upto(dy + at + j, cols - j)), cols - j);
    }
  });
}

void cross_entropy(float* loss, float* log_sum, const float* x, const int32_t* label, int64_t rows,
                   int64_t cols) {
  rows_of(rows, cols, [=](int64_t i) {
    const float* row = x + i * cols;
    const float max_x = max_of(row, cols);
    log_sum[i] = log_of(sum_of_exp(nullptr, row, max_x, cols));
    loss[i] = label[i] < 0 ? 0 : (max_x - row[label[i]]) + log_sum[i];
  });
}

void cross_entropy_backward(const CrossEntropyBackwardArgs& args) {
  rows_of(args.rows, args.cols, [args](int64_t i) {
    const int64_t cols = args.cols;
    const int32_t label = args.label[i];
    const float* x = args.x + i * cols;
    float* dx = args.dx + i * cols;
    const lanes dloss = splat(args.dloss[i]), log_sum = splat(args.log_sum[i]);
    const lanes max_x = splat(max_of(x, cols));
    for (int64_t j = 0; j < cols; j += width) {
      const lanes p = exp_(sub(sub(load_upto(x + j, cols - j), max_x), log_sum));
      store_upto(dx + j, label < 0 ? splat(0) : mul(dloss, p), cols - j);
    }
    if (label >= 0) dx[label] -= args.dloss[i];
  });
}

// --- layer norm

// What is left of the row's mean when `mean`, which rounding took it to, is taken off. Where the
// mean is large and the deviation small, it counts.
float rest_of_mean(const float* row, float mean, int64_t cols) {
  lanes sum = splat(0);
  for (int64_t j = 0; j < cols; j += width)
    sum = add(sum, fill(sub(load_upto(row + j, cols - j), splat(mean)), splat(0), cols - j));
  return hsum(sum) / float(cols);
}

void layer_norm(const LayerNormArgs& args) {
  rows_of(args.rows, args.cols, [args](int64_t i) {
    const int64_t cols = args.cols;
    const float *x = args.x + i * cols, *gamma = args.gamma, *beta = args.beta;
    float* y = args.y + i * cols;
    const float mean = sum_piece<plain>(x, cols) / float(cols);
    const float rest = rest_of_mean(x, mean, cols);
    lanes squares = splat(0);
    for (int64_t j = 0; j < cols; j += width) {
      const lanes d = sub(sub(load_upto(x + j, cols - j), splat(mean)), splat(rest));
      squares = fma(fill(d, splat(0), cols - j), d, squares);
    }
    const float rstd = 1 / __builtin_sqrtf(hsum(squares) / float(cols) + args.eps);
    for (int64_t j = 0; j < cols; j += width) {
      const int64_t n = cols - j;
      const lanes xhat = mul(sub(sub(load_upto(x + j, n), splat(mean)), splat(rest)), splat(rstd));
      const lanes scaled = gamma ? mul(xhat, load_upto(gamma + j, n)) : xhat;
      store_upto(y + j, beta ? add(scaled, load_upto(beta + j, n)) : scaled, n);
    }
    args.mean[i] = mean;
    args.rstd[i] = rstd;
  });
}

// What one row of layer norm's backward reads.
struct NormRow {
  const float *dy, *x, *gamma;
  float mean, rest, rstd;
  int64_t cols;
};

inline lanes xhat_at(const NormRow& row, int64_t j) {
  const lanes x = load_upto(row.x + j, row.cols - j);
  return mul(sub(sub(x, splat(row.mean)), splat(row.rest)), splat(row.rstd));
}
inline lanes dxhat_at(const NormRow& row, int64_t j) {
  const lanes dy = load_upto(row.dy + j, row.cols - j);
  return row.gamma ? mul(dy, load_upto(row.gamma + j, row.cols - j)) : dy;
}

// dx = rstd (dxhat - mean(dxhat) - xhat mean(dxhat xhat))
void layer_norm_dx(float* dx, const NormRow& row) {
  lanes sum = splat(0), dot = splat(0);
  for (int64_t j = 0; j < row.cols; j += width) {
    const lanes dxhat = dxhat_at(row, j);  // 0 in the padding
    sum = add(sum, dxhat);
    dot = fma(dxhat, xhat_at(row, j), dot);
  }
  const lanes minus_mean = splat(-hsum(sum) / float(row.cols));
  const lanes minus_dot = splat(-hsum(dot) / float(row.cols));
  for (int64_t j = 0; j < row.cols; j += width) {
    const lanes v = fma(xhat_at(row, j), minus_dot, add(dxhat_at(row, j), minus_mean));
    store_upto(dx + j, mul(v, splat(row.rstd)), row.cols - j);
  }
}

// gamma_sum += dy xhat, beta_sum += dy
void layer_norm_shared(float* gamma_sum, float* beta_sum, const NormRow& row) {
  for (int64_t j = 0; j < row.cols; j += width) {
    const int64_t n = row.cols - j;
    const lanes dy = load_upto(row.dy + j, n);
    store_upto(gamma_sum + j, fma(dy, xhat_at(row, j), load_upto(gamma_sum + j, n)), n);
    store_upto(beta_sum + j, add(dy, load_upto(beta_sum + j, n)), n);
  }
}

// Each piece of rows adds up its own dgamma and dbeta; the pieces are added in turn.
void layer_norm_backward(const LayerNormBackwardArgs& args) {
  const int64_t cols = args.cols, size = piece_rows(args.rows), count = ceil_div(args.rows, size);
  float* partial =
      static_cast<float*>(scratch(scratch_partials, 2 * count * cols * int64_t(sizeof(float))));
  parallel_chunks(args.rows, size, [=](int64_t begin, int64_t end) {
    float* sums = partial + begin / size * 2 * cols;
    for (int64_t j = 0; j < 2 * cols; j++) sums[j] = 0;
    for (int64_t i = begin; i < end; i++) {
      const float* x = args.x + i * cols;
      const NormRow row{.dy = args.dy + i * cols,
                        .x = x,
                        .gamma = args.gamma,
                        .mean = args.mean[i],
                        .rest = rest_of_mean(x, args.mean[i], cols),
                        .rstd = args.rstd[i],
                        .cols = cols};
      if (args.dgamma || args.dbeta) layer_norm_shared(sums, sums + cols, row);
      if (args.dx) layer_norm_dx(args.dx + i * cols, row);
    }
  });
  if (args.dgamma) add_partials(args.dgamma, partial, count, 2 * cols, cols, 1);
  if (args.dbeta) add_partials(args.dbeta, partial + cols, count, 2 * cols, cols, 1);
}

}}}}  // namespace cairn::CAIRN_PRECISION::ISA
