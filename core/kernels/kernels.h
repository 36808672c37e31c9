#pragma once
// The table of the innermost loops. Each instruction set fills one such table
// (cairn::reference::kernels, cairn::avx2::kernels, ...); kernels() is the one that cpu.cpp chose.
// Matrices are row-major and contiguous unless a stride is named; strides count elements.
// No STL here: kernel files are compiled with flags like -mavx2, and inline library code compiled
// so could be picked by the linker for every caller.
#include <stdint.h>

#include "core/real.h"

namespace cairn::inline CAIRN_PRECISION {

// One side of a broadcast operation: element (i, j) is data[i * row + j * col]. `col` is 1 or 0.
struct Operand {
  const real* data;
  int64_t row, col;
};

// Dropout: element i is kept iff a hash of (seed, stream, i) says so (mask.h).
struct DropoutMask {
  real p;           // probability of zeroing; kept values are scaled by 1 / (1 - p)
  uint64_t seed;    // of the generator
  uint64_t stream;  // which call of the generator
};

// Attention of `sequences` ragged sequences and `heads` heads. Row t of sequence b of q is
// q + (q_starts[b] + t) * q_stride, head h begins at column h * head_size; k, v and out likewise.
struct AttentionArgs {
  const real *q, *k, *v;
  int64_t q_stride, k_stride, v_stride;
  const int32_t *q_starts, *k_starts;  // sequences + 1 each
  int64_t sequences, heads, head_size;
  real scale;                              // of the scores, normally 1 / sqrt(head_size)
  bool causal;                             // query i sees the keys j <= i
  const real* bias;                        // added to the scaled scores, or null;
  int64_t bias_b, bias_h, bias_i, bias_j;  // its strides (0 = broadcast)
  DropoutMask dropout;  // of the probabilities; p = 0 for none. The element's number
};                      // is ((b * heads + h) * longest_q + i) * longest_k + j,
                        // with the longest lengths of the batch.

struct Kernels {
  const char* name;

  // y[i] = f(x[i]); y may be x.
  void (*exp)(real* y, const real* x, int64_t n);
  void (*log)(real* y, const real* x, int64_t n);
  void (*sqrt)(real* y, const real* x, int64_t n);
  void (*tanh)(real* y, const real* x, int64_t n);
  void (*sigmoid)(real* y, const real* x, int64_t n);
  void (*erf)(real* y, const real* x, int64_t n);
  void (*relu)(real* y, const real* x, int64_t n);
  void (*gelu)(real* y, const real* x, int64_t n);       // x * (1 + erf(x / sqrt 2)) / 2
  void (*gelu_tanh)(real* y, const real* x, int64_t n);  // its tanh approximation
  // dx[i] = dy[i] * f'(...), written in terms of x or y, whichever is named; dx may be dy.
  void (*tanh_backward)(real* dx, const real* dy, const real* y, int64_t n);
  void (*sigmoid_backward)(real* dx, const real* dy, const real* y, int64_t n);
  void (*relu_backward)(real* dx, const real* dy, const real* x, int64_t n);
  void (*gelu_backward)(real* dx, const real* dy, const real* x, int64_t n);
  void (*gelu_tanh_backward)(real* dx, const real* dy, const real* x, int64_t n);

  // y(i, j) = a(i, j) op b(i, j); y is contiguous (rows, cols) and may be a or b where they match.
  void (*add)(real* y, Operand a, Operand b, int64_t rows, int64_t cols);
  void (*sub)(real* y, Operand a, Operand b, int64_t rows, int64_t cols);
  void (*mul)(real* y, Operand a, Operand b, int64_t rows, int64_t cols);
  void (*div)(real* y, Operand a, Operand b, int64_t rows, int64_t cols);
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

  // y = (x - mean) * rstd * gamma + beta over each row; gamma and beta may be null (1 and 0).
  // mean and rstd, one a row, are kept for backward; rstd = 1 / sqrt(biased variance + eps).
  void (*layer_norm)(real* y, real* mean, real* rstd, const real* x, const real* gamma,
                     const real* beta, real eps, int64_t rows, int64_t cols);
  // dx is written; dgamma and dbeta (cols) are added to. Each of the three may be null.
  void (*layer_norm_backward)(real* dx, real* dgamma, real* dbeta, const real* dy, const real* x,
                              const real* gamma, const real* mean, const real* rstd, int64_t rows,
                              int64_t cols);

  // loss[i] = logsumexp(x[i]) - x[i][label[i]]; label < 0: loss[i] = 0. Kept for backward is
  // log_sum[i] = ln sum_j e^(x[i][j] - max x[i]): added to a large maximum it would lose digits.
  void (*cross_entropy)(real* loss, real* log_sum, const real* x, const int32_t* label,
                        int64_t rows, int64_t cols);
  // dx[i] = dloss[i] * (exp(x[i] - max x[i] - log_sum[i]) - onehot(label[i])), 0 where label < 0.
  void (*cross_entropy_backward)(real* dx, const real* dloss, const real* x, const real* log_sum,
                                 const int32_t* label, int64_t rows, int64_t cols);

  void (*dropout)(real* y, const real* x, DropoutMask mask, int64_t n);  // also its own backward

  void (*gather_rows)(real* y, const real* table, const int32_t* ids, int64_t n, int64_t cols);
  // table[ids[i]] += x[i], for i in turn, so that repeated ids add up in a fixed order.
  void (*scatter_add_rows)(real* table, const real* x, const int32_t* ids, int64_t n, int64_t cols);

  // c (m, n) = op(a) op(b) + beta c; op(a) is (m, k): a[i * lda + l], or a[l * lda + i] if trans_a.
  // beta 0 ignores what c held. Each element of c sums over k in one fixed order.
  void (*gemm)(real* c, int64_t ldc, const real* a, int64_t lda, bool trans_a, const real* b,
               int64_t ldb, bool trans_b, int64_t m, int64_t n, int64_t k, real beta);

  // out (rows as q, row stride heads * head_size); lse[(b * heads + h) * longest_q + i] is kept.
  // A query that sees no key (all -inf) gives zeros, and zero gradients.
  void (*attention)(real* out, real* lse, const AttentionArgs& args);
  // dq, dk, dv have the strides of q, k, v and are written (not added to); any may be null. dbias,
  // if not null, is dense (sequences, heads, longest_q, longest_k) and is written.
  void (*attention_backward)(real* dq, real* dk, real* dv, real* dbias, const real* dout,
                             const real* out, const real* lse, const AttentionArgs& args);

  // One decoupled AdamW step on n values: m and v are the moments; g is read as g * grad_scale;
  // `step_size` = lr / (1 - beta1^t), `v_scale` = 1 / (1 - beta2^t), `decay` = 1 - lr weight_decay.
  // The scalars are double because 1 - beta2 is taken of them: 1 - 0.999f is off by 1e-5.
  void (*adamw)(real* p, real* m, real* v, const real* g, double grad_scale, double step_size,
                double beta1, double beta2, double eps, double v_scale, double decay, int64_t n);

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

}  // namespace cairn::inline CAIRN_PRECISION
