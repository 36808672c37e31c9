// Every kernel in plain loops: the definition of each, the oracle of the fast ones, and the only
// set in double. Functions of one number are computed in double by libm and rounded once; sums are
// kept in double, except in gemm, which adds in `real`.
#include <math.h>
#include <string.h>

#include "core/kernels/kernels.h"
#include "core/kernels/mask.h"
#include "core/kernels/scratch.h"
#include "core/parallel.h"

namespace cairn::inline CAIRN_PRECISION {
namespace {

constexpr double infinity = __builtin_inf();
constexpr double sqrt_half = 0.70710678118654752440;  // 1 / sqrt 2
constexpr double gauss = 0.39894228040143267794;      // 1 / sqrt(2 pi)
constexpr double sqrt_2_over_pi = 0.79788456080286535588;
constexpr double gelu_cubic = 0.044715;  // of the tanh approximation

// --- one number at a time

double f_exp(double x) { return ::exp(x); }
double f_log(double x) { return ::log(x); }
double f_sqrt(double x) { return ::sqrt(x); }
double f_tanh(double x) { return ::tanh(x); }
double f_erf(double x) { return ::erf(x); }
double f_sigmoid(double x) { return 1 / (1 + ::exp(-x)); }
double f_relu(double x) { return x < 0 ? 0 : x; }  // NaN stays NaN
double f_gelu(double x) { return x * 0.5 * (1 + ::erf(x * sqrt_half)); }
double f_gelu_tanh(double x) {
  return x * 0.5 * (1 + ::tanh(sqrt_2_over_pi * (x + gelu_cubic * x * x * x)));
}

double d_tanh(double y) { return 1 - y * y; }
double d_sigmoid(double y) { return y * (1 - y); }
double d_gelu(double x) {
  return 0.5 * (1 + ::erf(x * sqrt_half)) + x * gauss * ::exp(-0.5 * x * x);
}
double d_gelu_tanh(double x) {
  const double t = ::tanh(sqrt_2_over_pi * (x + gelu_cubic * x * x * x));
  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * sqrt_2_over_pi * (1 + 3 * gelu_cubic * x * x);
}

template <double (*f)(double)>
void map(real* y, const real* x, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] = static_cast<real>(f(double(x[i])));
}

// dx = dy * f'(z), where z is x or y.
template <double (*df)(double)>
void map_backward(real* dx, const real* dy, const real* z, int64_t n) {
  for (int64_t i = 0; i < n; i++) dx[i] = static_cast<real>(double(dy[i]) * df(double(z[i])));
}

void relu_backward(real* dx, const real* dy, const real* x, int64_t n) {
  for (int64_t i = 0; i < n; i++) dx[i] = x[i] <= 0 ? 0 : dy[i];
}

// --- two operands

real plus(real a, real b) { return a + b; }
real minus(real a, real b) { return a - b; }
real times(real a, real b) { return a * b; }
real over(real a, real b) { return a / b; }

template <real (*f)(real, real)>
void broadcast(real* y, Operand a, Operand b, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; i++)
    for (int64_t j = 0; j < cols; j++)
      y[i * cols + j] = f(a.data[i * a.row + j * a.col], b.data[i * b.row + j * b.col]);
}

void scale(real* y, const real* x, real a, real b, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] = a * x[i] + b;
}

void axpy(real* y, const real* x, real a, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] += a * x[i];
}

void dropout(real* y, const real* x, DropoutMask mask, int64_t n) {
  const DropoutKey key = dropout_key(mask);
  for (int64_t i = 0; i < n; i++) y[i] = keeps(key, i) ? x[i] * key.scale : 0;
}

// --- sums and maxima

void row_sums(real* y, const real* x, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; i++) {
    double sum = 0;
    for (int64_t j = 0; j < cols; j++) sum += double(x[i * cols + j]);
    y[i] = static_cast<real>(sum);
  }
}

void column_sums(real* y, const real* x, int64_t rows, int64_t cols, real beta) {
  for (int64_t j = 0; j < cols; j++) {
    double sum = beta == 0 ? 0 : double(beta) * double(y[j]);
    for (int64_t i = 0; i < rows; i++) sum += double(x[i * cols + j]);
    y[j] = static_cast<real>(sum);
  }
}

double sum_of_squares(const real* x, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += double(x[i]) * double(x[i]);
  return sum;
}

// The largest of n values, -inf if there is none, NaN if one is NaN.
double largest(const real* x, int64_t n) {
  double most = -infinity;
  for (int64_t i = 0; i < n; i++)
    if (x[i] > most || x[i] != x[i]) most = double(x[i]);  // once NaN, nothing is greater
  return most;
}

void row_max(real* y, const real* x, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; i++) y[i] = static_cast<real>(largest(x + i * cols, cols));
}

// --- rows

double sum_of_exp(const real* x, double most, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += ::exp(double(x[i]) - most);
  return sum;
}

void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; i++, x += cols, y += cols) {
    const double most = largest(x, cols);
    const double sum = sum_of_exp(x, most, cols);
    for (int64_t j = 0; j < cols; j++)
      y[j] = most == -infinity ? 0 : static_cast<real>(::exp(double(x[j]) - most) / sum);
  }
}

void softmax_backward(real* dx, const real* dy, const real* y, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; i++, dx += cols, dy += cols, y += cols) {
    double dot = 0;
    for (int64_t j = 0; j < cols; j++) dot += double(dy[j]) * double(y[j]);
    for (int64_t j = 0; j < cols; j++)
      dx[j] = static_cast<real>(double(y[j]) * (double(dy[j]) - dot));
  }
}

void log_softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; i++, x += cols, y += cols) {
    const double most = largest(x, cols);
    const double log_sum = ::log(sum_of_exp(x, most, cols));
    for (int64_t j = 0; j < cols; j++) y[j] = static_cast<real>(double(x[j]) - most - log_sum);
  }
}

void log_softmax_backward(real* dx, const real* dy, const real* y, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; i++, dx += cols, dy += cols, y += cols) {
    double sum = 0;
    for (int64_t j = 0; j < cols; j++) sum += double(dy[j]);
    for (int64_t j = 0; j < cols; j++)
      dx[j] = static_cast<real>(double(dy[j]) - ::exp(double(y[j])) * sum);
  }
}

void layer_norm(real* y, real* mean, real* rstd, const real* x, const real* gamma, const real* beta,
                real eps, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; i++, x += cols, y += cols) {
    double sum = 0, squares = 0;
    for (int64_t j = 0; j < cols; j++) sum += double(x[j]);
    const double mu = sum / double(cols);
    for (int64_t j = 0; j < cols; j++) squares += (double(x[j]) - mu) * (double(x[j]) - mu);
    const double r = 1 / ::sqrt(squares / double(cols) + double(eps));
    for (int64_t j = 0; j < cols; j++) {
      const double xhat = (double(x[j]) - mu) * r;
      y[j] =
          static_cast<real>(xhat * (gamma ? double(gamma[j]) : 1) + (beta ? double(beta[j]) : 0));
    }
    mean[i] = static_cast<real>(mu);
    rstd[i] = static_cast<real>(r);
  }
}

// With xhat = (x - mean) rstd and dxhat = dy gamma:
// dx = rstd (dxhat - mean(dxhat) - xhat mean(dxhat xhat)).
void layer_norm_backward(real* dx, real* dgamma, real* dbeta, const real* dy, const real* x,
                         const real* gamma, const real* mean, const real* rstd, int64_t rows,
                         int64_t cols) {
  double* gamma_sum =
      static_cast<double*>(scratch(scratch_partials, 2 * cols * int64_t(sizeof(double))));
  double* beta_sum = gamma_sum + cols;
  for (int64_t j = 0; j < 2 * cols; j++) gamma_sum[j] = 0;
  for (int64_t i = 0; i < rows; i++) {
    const real *x_row = x + i * cols, *dy_row = dy + i * cols;
    double rest = 0;  // what the rounding of the mean left out
    for (int64_t j = 0; j < cols; j++) rest += double(x_row[j]) - double(mean[i]);
    const double mu = double(mean[i]) + rest / double(cols), r = double(rstd[i]);
    double sum = 0, dot = 0;
    for (int64_t j = 0; j < cols; j++) {
      const double xhat = (double(x_row[j]) - mu) * r;
      const double dxhat = double(dy_row[j]) * (gamma ? double(gamma[j]) : 1);
      sum += dxhat;
      dot += dxhat * xhat;
      gamma_sum[j] += double(dy_row[j]) * xhat;
      beta_sum[j] += double(dy_row[j]);
    }
    for (int64_t j = 0; dx && j < cols; j++) {
      const double xhat = (double(x_row[j]) - mu) * r;
      const double dxhat = double(dy_row[j]) * (gamma ? double(gamma[j]) : 1);
      dx[i * cols + j] = static_cast<real>(r * (dxhat - (sum + xhat * dot) / double(cols)));
    }
  }
  for (int64_t j = 0; j < cols; j++) {
    if (dgamma) dgamma[j] += static_cast<real>(gamma_sum[j]);
    if (dbeta) dbeta[j] += static_cast<real>(beta_sum[j]);
  }
}

void cross_entropy(real* loss, real* log_sum, const real* x, const int32_t* label, int64_t rows,
                   int64_t cols) {
  for (int64_t i = 0; i < rows; i++, x += cols) {
    const double most = largest(x, cols);
    const double sum = ::log(sum_of_exp(x, most, cols));
    log_sum[i] = static_cast<real>(sum);
    loss[i] = label[i] < 0 ? 0 : static_cast<real>(most - double(x[label[i]]) + sum);
  }
}

void cross_entropy_backward(real* dx, const real* dloss, const real* x, const real* log_sum,
                            const int32_t* label, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; i++, x += cols, dx += cols) {
    const double most = largest(x, cols);
    for (int64_t j = 0; j < cols; j++) {
      const double p = ::exp(double(x[j]) - most - double(log_sum[i])) - (label[i] == j ? 1 : 0);
      dx[j] = label[i] < 0 ? 0 : static_cast<real>(double(dloss[i]) * p);
    }
  }
}

void gather_rows(real* y, const real* table, const int32_t* ids, int64_t n, int64_t cols) {
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < cols; j++) y[i * cols + j] = table[ids[i] * cols + j];
}

void scatter_add_rows(real* table, const real* x, const int32_t* ids, int64_t n, int64_t cols) {
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < cols; j++) table[ids[i] * cols + j] += x[i * cols + j];
}

// --- matrices

struct Gemm {
  real* c;
  const real *a, *b;
  int64_t ldc, a_i, a_l, b_l, b_j;  // strides; a_i: from a(i, l) to a(i + 1, l), and so on
  int64_t m, n, k;
  real beta;
};

constexpr int64_t chunk_rows = 8;

// Eight columns at a time, so that the additions need not wait for one another.
void gemm_row(const Gemm& g, int64_t i) {
  for (int64_t j0 = 0; j0 < g.n; j0 += 8) {
    const int64_t columns = g.n - j0 < 8 ? g.n - j0 : 8;
    real sum[8] = {};
    for (int64_t l = 0; l < g.k; l++) {
      const real a = g.a[i * g.a_i + l * g.a_l];
      const real* b = g.b + l * g.b_l + j0 * g.b_j;
      for (int64_t j = 0; j < columns; j++) sum[j] += a * b[j * g.b_j];
    }
    real* c = g.c + i * g.ldc + j0;
    for (int64_t j = 0; j < columns; j++) c[j] = g.beta == 0 ? sum[j] : sum[j] + g.beta * c[j];
  }
}

void gemm_chunk(void* context, int64_t chunk) {
  const Gemm& g = *static_cast<const Gemm*>(context);
  const int64_t end = (chunk + 1) * chunk_rows < g.m ? (chunk + 1) * chunk_rows : g.m;
  for (int64_t i = chunk * chunk_rows; i < end; i++) gemm_row(g, i);
}

void gemm(real* c, int64_t ldc, const real* a, int64_t lda, bool trans_a, const real* b,
          int64_t ldb, bool trans_b, int64_t m, int64_t n, int64_t k, real beta) {
  Gemm g{c, a, b, ldc, trans_a ? 1 : lda, trans_a ? lda : 1, trans_b ? 1 : ldb, trans_b ? ldb : 1,
         m, n, k, beta};
  if (n == 0) return;  // however many rows
  parallel((m + chunk_rows - 1) / chunk_rows, gemm_chunk, &g);
}

// --- attention

int64_t longest(const int32_t* starts, int64_t sequences) {
  int64_t most = 0;
  for (int64_t b = 0; b < sequences; b++)
    if (starts[b + 1] - starts[b] > most) most = starts[b + 1] - starts[b];
  return most;
}

double dot(const real* x, const real* y, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += double(x[i]) * double(y[i]);
  return sum;
}

// One query: where it stands, and which keys it may see.
struct Query {
  const AttentionArgs& args;
  int64_t b, h, i;
  int64_t keys;           // of its sequence
  int64_t seen;           // the first `seen` of them, all unless causal
  const real *q, *k, *v;  // its row; the sequence's first rows; all at the head's columns
  int64_t row;            // its row in q and out
  int64_t lse_at;         // its element of lse
  int64_t element;        // its first dropout element, also its first element of dbias
};

Query query_at(const AttentionArgs& s, int64_t b, int64_t h, int64_t i, int64_t longest_q,
               int64_t longest_k) {
  const int64_t keys = s.k_starts[b + 1] - s.k_starts[b], first = s.k_starts[b];
  const int64_t row = s.q_starts[b] + i, column = h * s.head_size;
  const int64_t lse_at = (b * s.heads + h) * longest_q + i;
  return {s,
          b,
          h,
          i,
          keys,
          s.causal && i + 1 < keys ? i + 1 : keys,
          s.q + row * s.q_stride + column,
          s.k + first * s.k_stride + column,
          s.v + first * s.v_stride + column,
          row,
          lse_at,
          lse_at * longest_k};
}

// Rounded to real, as lse is: of a single key, the two are the same number in backward too.
double score(const Query& w, int64_t j) {
  const AttentionArgs& s = w.args;
  const double bias =
      s.bias ? double(s.bias[w.b * s.bias_b + w.h * s.bias_h + w.i * s.bias_i + j * s.bias_j]) : 0;
  return static_cast<real>(dot(w.q, w.k + j * s.k_stride, s.head_size) * double(s.scale) + bias);
}

// The query's lse, and in scores[j] the scores.
double log_sum_of_scores(const Query& w, double* scores) {
  double most = -infinity, sum = 0;
  for (int64_t j = 0; j < w.seen; j++) {
    scores[j] = score(w, j);
    if (scores[j] > most || scores[j] != scores[j]) most = scores[j];
  }
  for (int64_t j = 0; j < w.seen; j++) sum += ::exp(scores[j] - most);
  return most == -infinity ? most : most + ::log(sum);
}

void attention_of_query(real* out, real* lse, const Query& w, const DropoutKey& key,
                        double* scores) {
  const AttentionArgs& s = w.args;
  const double log_sum = log_sum_of_scores(w, scores);
  lse[w.lse_at] = static_cast<real>(log_sum);
  real* y = out + w.row * s.heads * s.head_size + w.h * s.head_size;
  for (int64_t c = 0; c < s.head_size; c++) {
    double sum = 0;
    for (int64_t j = 0; j < w.seen && log_sum != -infinity; j++)
      if (keeps(key, w.element + j))
        sum += ::exp(scores[j] - log_sum) * double(w.v[j * s.v_stride + c]);
    y[c] = static_cast<real>(sum * double(key.scale));
  }
}

void attention(real* out, real* lse, const AttentionArgs& s) {
  const DropoutKey key = dropout_key(s.dropout);
  const int64_t longest_q = longest(s.q_starts, s.sequences);
  const int64_t longest_k = longest(s.k_starts, s.sequences);
  double* scores = static_cast<double*>(scratch(scratch_rows, longest_k * int64_t(sizeof(double))));
  for (int64_t b = 0; b < s.sequences; b++)
    for (int64_t h = 0; h < s.heads; h++)
      for (int64_t i = 0; i < s.q_starts[b + 1] - s.q_starts[b]; i++)
        attention_of_query(out, lse, query_at(s, b, h, i, longest_q, longest_k), key, scores);
}

// Sets one head of the rows of every sequence to zero.
void clear_rows(real* x, int64_t stride, const int32_t* starts, const AttentionArgs& s) {
  for (int64_t row = starts[0]; x && row < starts[s.sequences]; row++)
    for (int64_t c = 0; c < s.heads * s.head_size; c++) x[row * stride + c] = 0;
}

// With p the probabilities, z the dropped ones and out = z v:  dz = dout v^T,  dv = z^T dout,
// dp = dz where kept,  ds = p (dp - sum(p dp)), and sum(p dp) = dout . out;  dq = scale ds k.
void attention_backward_of_query(real* dq, real* dk, real* dv, real* dbias, const real* dout,
                                 const real* out, double log_sum, const Query& w,
                                 const DropoutKey& key) {
  const AttentionArgs& s = w.args;
  const int64_t size = s.head_size, at = w.row * s.heads * size + w.h * size;
  const int64_t first = s.k_starts[w.b], column = w.h * size;
  const double mean = dot(dout + at, out + at, size);
  for (int64_t j = 0; j < w.seen; j++) {
    const double p = log_sum == -infinity ? 0 : ::exp(score(w, j) - log_sum);
    const double kept = keeps(key, w.element + j) ? double(key.scale) : 0;
    const double dp = kept != 0 ? kept * dot(dout + at, w.v + j * s.v_stride, size) : 0;
    const double ds = p * (dp - mean);
    if (dbias) dbias[w.element + j] = static_cast<real>(ds);
    for (int64_t c = 0; c < size; c++) {
      const int64_t k_at = (first + j) * s.k_stride + column + c;
      const int64_t v_at = (first + j) * s.v_stride + column + c;
      if (dq)
        dq[w.row * s.q_stride + column + c] +=
            static_cast<real>(ds * double(s.scale) * double(s.k[k_at]));
      if (dk) dk[k_at] += static_cast<real>(ds * double(s.scale) * double(w.q[c]));
      if (dv) dv[v_at] += static_cast<real>(p * kept * double(dout[at + c]));
    }
  }
}

void attention_backward(real* dq, real* dk, real* dv, real* dbias, const real* dout,
                        const real* out, const real* lse, const AttentionArgs& s) {
  const DropoutKey key = dropout_key(s.dropout);
  const int64_t longest_q = longest(s.q_starts, s.sequences);
  const int64_t longest_k = longest(s.k_starts, s.sequences);
  clear_rows(dq, s.q_stride, s.q_starts, s);
  clear_rows(dk, s.k_stride, s.k_starts, s);
  clear_rows(dv, s.v_stride, s.k_starts, s);
  for (int64_t i = 0; dbias && i < s.sequences * s.heads * longest_q * longest_k; i++) dbias[i] = 0;
  for (int64_t b = 0; b < s.sequences; b++)
    for (int64_t h = 0; h < s.heads; h++)
      for (int64_t i = 0; i < s.q_starts[b + 1] - s.q_starts[b]; i++) {
        const Query w = query_at(s, b, h, i, longest_q, longest_k);
        attention_backward_of_query(dq, dk, dv, dbias, dout, out, double(lse[w.lse_at]), w, key);
      }
}

// --- optimiser

void adamw(real* p, real* m, real* v, const real* g, double grad_scale, double step_size,
           double beta1, double beta2, double eps, double v_scale, double decay, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    const double gi = double(g[i]) * grad_scale;
    m[i] = static_cast<real>(beta1 * double(m[i]) + (1 - beta1) * gi);
    v[i] = static_cast<real>(beta2 * double(v[i]) + (1 - beta2) * gi * gi);
    const double denominator = ::sqrt(double(v[i]) * v_scale) + eps;
    p[i] = static_cast<real>(double(p[i]) * decay - step_size * double(m[i]) / denominator);
  }
}

double fma_peak(int64_t iterations) {
  volatile real start = real(0.5);
  real sum[8] = {};
  const real x = start;
  for (int64_t i = 0; i < iterations; i++)
    for (real& s : sum) s = s * x + x;
  for (real s : sum) start = start + s;
  return 16.0 * double(iterations);
}

}  // namespace

namespace reference {

const Kernels kernels = {
    .name = "reference",
    .exp = map<f_exp>,
    .log = map<f_log>,
    .sqrt = map<f_sqrt>,
    .tanh = map<f_tanh>,
    .sigmoid = map<f_sigmoid>,
    .erf = map<f_erf>,
    .relu = map<f_relu>,
    .gelu = map<f_gelu>,
    .gelu_tanh = map<f_gelu_tanh>,
    .tanh_backward = map_backward<d_tanh>,
    .sigmoid_backward = map_backward<d_sigmoid>,
    .relu_backward = relu_backward,
    .gelu_backward = map_backward<d_gelu>,
    .gelu_tanh_backward = map_backward<d_gelu_tanh>,
    .add = broadcast<plus>,
    .sub = broadcast<minus>,
    .mul = broadcast<times>,
    .div = broadcast<over>,
    .scale = scale,
    .axpy = axpy,
    .row_sums = row_sums,
    .column_sums = column_sums,
    .sum_of_squares = sum_of_squares,
    .row_max = row_max,
    .softmax = softmax,
    .softmax_backward = softmax_backward,
    .log_softmax = log_softmax,
    .log_softmax_backward = log_softmax_backward,
    .layer_norm = layer_norm,
    .layer_norm_backward = layer_norm_backward,
    .cross_entropy = cross_entropy,
    .cross_entropy_backward = cross_entropy_backward,
    .dropout = dropout,
    .gather_rows = gather_rows,
    .scatter_add_rows = scatter_add_rows,
    .gemm = gemm,
    .attention = attention,
    .attention_backward = attention_backward,
    .adamw = adamw,
    .fma_peak = fma_peak,
};

}  // namespace reference
}  // namespace cairn::inline CAIRN_PRECISION
