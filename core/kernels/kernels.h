#pragma once
// The table of the innermost loops. Each instruction set fills one such table
// (cairn::reference::kernels, cairn::avx2::kernels, ...); kernels() is the one that
// choose_kernels.cpp chose.
// Matrices are row-major and contiguous unless a stride is named; strides count elements.
// No STL here: kernel files are compiled with flags like -mavx2, and inline library code compiled
// so could be picked by the linker for every caller.
#include <stdint.h>

#include "core/real.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// One side of a broadcast operation: element (i, j) is data[i * row + j * col]. `col` is 1 or 0.
struct Operand {
  const real* data;
  int64_t row, col;
};

// Dropout: element i is kept iff a hash of (seed, stream, i) says so (dropout_mask.h).
struct DropoutMask {
  real p;           // probability of zeroing; kept values are scaled by 1 / (1 - p)
  uint64_t seed;    // of the generator
  uint64_t stream;  // which call of the generator
};

// A matrix as gemm reads it: element (i, j) is data[i * stride + j], or data[j * stride + i] if it
// is stored transposed.
struct GemmOperand {
  const real* data;
  int64_t stride;
  bool transposed = false;
};

// c (m, n) = a b + beta c, with a (m, k) and b (k, n). Row i of c begins at c + i * c_stride. Each
// element of c sums over k in one fixed order.
struct GemmArgs {
  real* c;
  int64_t c_stride;
  GemmOperand a, b;
  int64_t m, n, k;
  real beta = 0;  // 0 ignores what c held
};

// y = xhat * gamma + beta over each row, with xhat = (x - mean) * rstd.
struct LayerNormArgs {
  real* y;
  real *mean, *rstd;  // rows each, kept for backward; rstd = 1 / sqrt(biased variance + eps)
  const real* x;
  const real* gamma = nullptr;  // cols each; null stands for 1 and 0
  const real* beta = nullptr;
  real eps;
  int64_t rows, cols;
};

// dx is written; dgamma and dbeta (cols) are added to. Each of the three may be null.
struct LayerNormBackwardArgs {
  real* dx = nullptr;
  real* dgamma = nullptr;
  real* dbeta = nullptr;
  const real *dy, *x;
  const real* gamma = nullptr;
  const real *mean, *rstd;
  int64_t rows, cols;
};

// dx[i] = dloss[i] * (exp(x[i] - max x[i] - log_sum[i]) - onehot(label[i])), 0 where label < 0.
struct CrossEntropyBackwardArgs {
  real* dx;
  const real *dloss, *x, *log_sum;
  const int32_t* label;
  int64_t rows, cols;
};

// y = dropout(p) v with p = softmax(s), s = q k^T scale + bias, of `sequences` ragged sequences and
// `heads` heads. Row t of sequence b of q is q + (q_starts[b] + t) * q_stride, head h begins at
// column h * head_size; k and v likewise, and y and dy, whose row stride is heads * head_size.
struct AttentionArgs {
  const real *q, *k, *v;
  int64_t q_stride, k_stride, v_stride;
  const int32_t *q_starts, *k_starts;  // sequences + 1 each
  int64_t longest_q, longest_k;        // the lengths of the longest sequences
  int64_t sequences, heads, head_size;
  real scale;                  // of the scores, normally 1 / sqrt(head_size)
  bool causal = false;         // query i sees the keys j <= i
  const real* bias = nullptr;  // added to the scaled scores;
  int64_t bias_b = 0, bias_h = 0, bias_i = 0, bias_j = 0;  // its strides (0 = broadcast)
  // Of the probabilities; p = 0 for none. The element's number is
  // ((b * heads + h) * longest_q + i) * longest_k + j.
  DropoutMask dropout = {};
};

// dq, dk, dv have the strides of q, k, v and are written (not added to). dbias is dense (sequences,
// heads, longest_q, longest_k) and is written. Any of the four may be null.
struct AttentionGrads {
  real* dq = nullptr;
  real* dk = nullptr;
  real* dv = nullptr;
  real* dbias = nullptr;
  const real *dy, *y, *lse;  // y and lse: what the forward pass wrote
};

// What AdamW's update of step t has to be told; the optimiser computes it once for all elements.
// double, because 1 - beta2 is taken of them: 1 - 0.999f is off by 1e-5.
struct AdamWScalars {
  double grad_scale;  // g is read as g * grad_scale
  double step_size;   // lr / (1 - beta1^t)
  double beta1, beta2, eps;
  double v_scale;  // 1 / (1 - beta2^t)
  double decay;    // 1 - lr * weight_decay
};

// The kinds of elementwise kernels.
// y[i] = f(x[i]); y may be x.
using MapKernel = void(real* y, const real* x, int64_t n);
// dx[i] = dy[i] * f'(...), written in terms of x or y, whichever was saved; dx may be dy.
using MapBackwardKernel = void(real* dx, const real* dy, const real* saved, int64_t n);
// y(i, j) = a(i, j) op b(i, j); y is contiguous (rows, cols) and may be a or b where they match.
using BinaryKernel = void(real* y, Operand a, Operand b, int64_t rows, int64_t cols);

struct Kernels {
  const char* name;

  MapKernel *exp, *log, *sqrt, *tanh, *sigmoid, *erf, *relu;
  MapKernel *gelu, *gelu_tanh;                          // x * (1 + erf(x / sqrt 2)) / 2
  MapBackwardKernel *tanh_backward, *sigmoid_backward;  // these two of y, the others of x
  MapBackwardKernel *relu_backward, *gelu_backward, *gelu_tanh_backward;

  BinaryKernel *add, *sub, *mul, *div;
  void (*scale)(real* y, const real* x, real a, real b, int64_t n);  // y = a x + b
  void (*axpy)(real* y, const real* x, real a, int64_t n);           // y += a x

  // Sums accumulate in a fixed order: lanes within a chunk, then the chunks in turn.
  void (*row_sums)(real* y, const real* x, int64_t rows, int64_t cols);  // y[i]
  void (*column_sums)(real* y, const real* x, int64_t rows, int64_t cols,
                      real beta);  // y[j] = beta y[j] + ...
  double (*sum_of_squares)(const real* x, int64_t n);
  void (*row_max)(real* y, const real* x, int64_t rows, int64_t cols);

  // Over each row. A softmax row of all -inf gives zeros.
  void (*softmax)(real* y, const real* x, int64_t rows, int64_t cols);
  void (*softmax_backward)(real* dx, const real* dy, const real* y, int64_t rows, int64_t cols);
  void (*log_softmax)(real* y, const real* x, int64_t rows, int64_t cols);
  void (*log_softmax_backward)(real* dx, const real* dy, const real* y, int64_t rows, int64_t cols);

  void (*layer_norm)(const LayerNormArgs& args);
  void (*layer_norm_backward)(const LayerNormBackwardArgs& args);

  // loss[i] = logsumexp(x[i]) - x[i][label[i]]; label < 0: loss[i] = 0. Kept for backward is
  // log_sum[i] = ln sum_j e^(x[i][j] - max x[i]): added to a large maximum it would lose digits.
  void (*cross_entropy)(real* loss, real* log_sum, const real* x, const int32_t* label,
                        int64_t rows, int64_t cols);
  void (*cross_entropy_backward)(const CrossEntropyBackwardArgs& args);

  void (*dropout)(real* y, const real* x, DropoutMask mask, int64_t n);  // also its own backward

  void (*gather_rows)(real* y, const real* table, const int32_t* ids, int64_t n, int64_t cols);
  // table[ids[i]] += x[i], for i in turn, so that repeated ids add up in a fixed order.
  void (*scatter_add_rows)(real* table, const real* x, const int32_t* ids, int64_t n, int64_t cols);

  void (*gemm)(const GemmArgs& args);

  // lse[(b * heads + h) * longest_q + i] = ln sum_j e^(s_ij) is kept for backward.
  // A query that sees no key (all -inf) gives zeros, and zero gradients.
  void (*attention)(real* y, real* lse, const AttentionArgs& args);
  void (*attention_backward)(const AttentionGrads& grads, const AttentionArgs& args);

  // One decoupled AdamW step on n values: p, its moments m and v, its gradient g.
  void (*adamw)(real* p, real* m, real* v, const real* g, const AdamWScalars& scalars, int64_t n);

  // Runs `iterations` rounds of independent multiply-adds on one thread and returns how many
  // floating-point operations that was: the peak that gemm is measured against (peak.h).
  double (*fma_peak)(int64_t iterations);
};

// The table chosen for this CPU at first use: the first of avx512, avx2, neon, reference that the
// CPU and the operating system support, or what CAIRN_ISA names. Throws Error if CAIRN_ISA names an
// unknown or unsupported one. cairn64 has only the reference.
const Kernels& kernels();

namespace reference {
extern const Kernels kernels;
}
#ifndef CAIRN_DOUBLE
namespace avx2 {
extern const Kernels kernels;
}
namespace avx512 {
extern const Kernels kernels;
}
namespace neon {
extern const Kernels kernels;
}
#endif

}}  // namespace cairn::CAIRN_PRECISION
