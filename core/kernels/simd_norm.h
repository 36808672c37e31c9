#pragma once
// Kernels that look at whole rows: softmax, log_softmax, cross entropy, layer norm.
#include "core/kernels/simd_reduce.h"

namespace cairn::inline CAIRN_PRECISION::ISA {
namespace {

// Calls body(i) for each row, on all threads.
template <class Body>
void rows_of(int64_t rows, int64_t cols, const Body& body) {
  runs(rows, chunk_rows(cols), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; i++) body(i);
  });
}

// The sum of e^(x - most); stores the terms if y is not null.
float sum_of_exp(float* y, const float* x, float most, int64_t n) {
  lanes sum = all(0);
  for (int64_t j = 0; j < n; j += width) {
    const lanes e = exp_(sub(load_upto(x + j, n - j), all(most)));
    if (y) store_upto(y + j, e, n - j);
    sum = add(sum, fill(e, all(0), n - j));
  }
  return hsum(sum);
}

float log_of(float x) {
  float y[width];
  store(y, log_(all(x)));
  return y[0];
}

void softmax_row(float* y, const float* x, int64_t n) {
  const float most = largest(x, n);
  const float sum = sum_of_exp(y, x, most, n);
  const lanes factor = all(1 / sum);
  for (int64_t j = 0; j < n; j += width) {
    const lanes p = mul(load_upto(y + j, n - j), factor);
    store_upto(y + j, most == -infinity ? all(0) : p, n - j);
  }
}

void softmax(float* y, const float* x, int64_t rows, int64_t cols) {
  rows_of(rows, cols, [=](int64_t i) { softmax_row(y + i * cols, x + i * cols, cols); });
}

void softmax_backward(float* dx, const float* dy, const float* y, int64_t rows, int64_t cols) {
  rows_of(rows, cols, [=](int64_t i) {
    const int64_t at = i * cols;
    lanes sum = all(0);
    for (int64_t j = 0; j < cols; j += width)
      sum = fma(load_upto(dy + at + j, cols - j), load_upto(y + at + j, cols - j), sum);
    const lanes dot = all(hsum(sum));
    for (int64_t j = 0; j < cols; j += width) {
      const lanes d = sub(load_upto(dy + at + j, cols - j), dot);
      store_upto(dx + at + j, mul(load_upto(y + at + j, cols - j), d), cols - j);
    }
  });
}

void log_softmax(float* y, const float* x, int64_t rows, int64_t cols) {
  rows_of(rows, cols, [=](int64_t i) {
    const int64_t at = i * cols;
    const float most = largest(x + at, cols);
    const lanes log_sum = all(log_of(sum_of_exp(nullptr, x + at, most, cols)));
    for (int64_t j = 0; j < cols; j += width) {
      const lanes v = sub(sub(load_upto(x + at + j, cols - j), all(most)), log_sum);
      store_upto(y + at + j, v, cols - j);
    }
  });
}

void log_softmax_backward(float* dx, const float* dy, const float* y, int64_t rows, int64_t cols) {
  rows_of(rows, cols, [=](int64_t i) {
    const int64_t at = i * cols;
    const lanes minus_sum = all(-sum_piece<plain>(dy + at, cols));
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
    const float most = largest(row, cols);
    log_sum[i] = log_of(sum_of_exp(nullptr, row, most, cols));
    loss[i] = label[i] < 0 ? 0 : (most - row[label[i]]) + log_sum[i];
  });
}

void cross_entropy_backward(float* dx, const float* dloss, const float* x, const float* log_sum,
                            const int32_t* label, int64_t rows, int64_t cols) {
  rows_of(rows, cols, [=](int64_t i) {
    const lanes weight = all(dloss[i]), sum = all(log_sum[i]);
    const lanes most = all(largest(x + i * cols, cols));
    float* row = dx + i * cols;
    for (int64_t j = 0; j < cols; j += width) {
      const lanes p = exp_(sub(sub(load_upto(x + i * cols + j, cols - j), most), sum));
      store_upto(row + j, label[i] < 0 ? all(0) : mul(weight, p), cols - j);
    }
    if (label[i] >= 0) row[label[i]] -= dloss[i];
  });
}

// --- layer norm

// What is left of the row's mean when `mean`, which rounding took it to, is taken off. Where the
// mean is large and the deviation small, it counts.
float rest_of_mean(const float* row, float mean, int64_t cols) {
  lanes sum = all(0);
  for (int64_t j = 0; j < cols; j += width)
    sum = add(sum, fill(sub(load_upto(row + j, cols - j), all(mean)), all(0), cols - j));
  return hsum(sum) / float(cols);
}

void layer_norm(float* y, float* mean, float* rstd, const float* x, const float* gamma,
                const float* beta, float eps, int64_t rows, int64_t cols) {
  rows_of(rows, cols, [=](int64_t i) {
    const float* row = x + i * cols;
    const float mu = sum_piece<plain>(row, cols) / float(cols);
    const float rest = rest_of_mean(row, mu, cols);
    lanes squares = all(0);
    for (int64_t j = 0; j < cols; j += width) {
      const lanes d = sub(sub(load_upto(row + j, cols - j), all(mu)), all(rest));
      squares = fma(fill(d, all(0), cols - j), d, squares);
    }
    const float r = 1 / __builtin_sqrtf(hsum(squares) / float(cols) + eps);
    for (int64_t j = 0; j < cols; j += width) {
      const int64_t n = cols - j;
      lanes v = mul(sub(sub(load_upto(row + j, n), all(mu)), all(rest)), all(r));
      if (gamma) v = mul(v, load_upto(gamma + j, n));
      if (beta) v = add(v, load_upto(beta + j, n));
      store_upto(y + i * cols + j, v, n);
    }
    mean[i] = mu;
    rstd[i] = r;
  });
}

// What one row of layer norm's backward reads.
struct NormRow {
  const float *dy, *x, *gamma;
  float mean, rest, rstd;
  int64_t cols;
};

inline lanes normalized(const NormRow& r, int64_t j) {
  return mul(sub(sub(load_upto(r.x + j, r.cols - j), all(r.mean)), all(r.rest)), all(r.rstd));
}
inline lanes d_normalized(const NormRow& r, int64_t j) {
  const lanes dy = load_upto(r.dy + j, r.cols - j);
  return r.gamma ? mul(dy, load_upto(r.gamma + j, r.cols - j)) : dy;
}

// dx = rstd (dxhat - mean(dxhat) - xhat mean(dxhat xhat))
void layer_norm_dx(float* dx, const NormRow& r) {
  lanes sum = all(0), dot = all(0);
  for (int64_t j = 0; j < r.cols; j += width) {
    const lanes d = d_normalized(r, j);  // 0 in the padding
    sum = add(sum, d);
    dot = fma(d, normalized(r, j), dot);
  }
  const lanes minus_mean = all(-hsum(sum) / float(r.cols));
  const lanes minus_dot = all(-hsum(dot) / float(r.cols));
  for (int64_t j = 0; j < r.cols; j += width) {
    const lanes v = fma(normalized(r, j), minus_dot, add(d_normalized(r, j), minus_mean));
    store_upto(dx + j, mul(v, all(r.rstd)), r.cols - j);
  }
}

// gamma_sum += dy xhat, beta_sum += dy
void layer_norm_shared(float* gamma_sum, float* beta_sum, const NormRow& r) {
  for (int64_t j = 0; j < r.cols; j += width) {
    const int64_t n = r.cols - j;
    const lanes dy = load_upto(r.dy + j, n);
    store_upto(gamma_sum + j, fma(dy, normalized(r, j), load_upto(gamma_sum + j, n)), n);
    store_upto(beta_sum + j, add(dy, load_upto(beta_sum + j, n)), n);
  }
}

void layer_norm_backward(float* dx, float* dgamma, float* dbeta, const float* dy, const float* x,
                         const float* gamma, const float* mean, const float* rstd, int64_t rows,
                         int64_t cols) {
  const int64_t size = piece_rows(rows), count = pieces(rows, size);
  float* partial =
      static_cast<float*>(scratch(scratch_partials, 2 * count * cols * int64_t(sizeof(float))));
  runs(rows, size, [=](int64_t begin, int64_t end) {
    float* sums = partial + begin / size * 2 * cols;
    for (int64_t j = 0; j < 2 * cols; j++) sums[j] = 0;
    for (int64_t i = begin; i < end; i++) {
      const float rest = rest_of_mean(x + i * cols, mean[i], cols);
      const NormRow row{dy + i * cols, x + i * cols, gamma, mean[i], rest, rstd[i], cols};
      if (dgamma || dbeta) layer_norm_shared(sums, sums + cols, row);
      if (dx) layer_norm_dx(dx + i * cols, row);
    }
  });
  if (dgamma) add_partials(dgamma, partial, count, 2 * cols, cols, 1);
  if (dbeta) add_partials(dbeta, partial + cols, count, 2 * cols, cols, 1);
}

}  // namespace
}  // namespace cairn::inline CAIRN_PRECISION::ISA
