#pragma once
// The reference kernels, one declaration each; kernels.h says what the entry of the same name does.
// Plain loops, written to be read and stepped through: they are the definition of every kernel, the
// oracle of the fast ones, and the only ones in double. reference_FAMILY.cpp defines them,
// simd_FAMILY.h is its fast twin, name for name.
//
// Accumulation: functions of one number are computed in double by libm and rounded once; sums are
// kept in double and added from the first element to the last, except in gemm, which adds in
// `real`.
#include "core/kernels/kernels.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace reference {

// reference_elementwise.cpp
MapKernel exp, log, sqrt, tanh, sigmoid, erf, relu, gelu, gelu_tanh;
MapBackwardKernel tanh_backward, sigmoid_backward, relu_backward, gelu_backward, gelu_tanh_backward;
BinaryKernel add, sub, mul, div;
void scale(real* y, const real* x, real a, real b, int64_t n);
void axpy(real* y, const real* x, real a, int64_t n);
void dropout(real* y, const real* x, DropoutMask mask, int64_t n);

// reference_reduce.cpp
void row_sums(real* y, const real* x, int64_t rows, int64_t cols);
void column_sums(real* y, const real* x, int64_t rows, int64_t cols, real beta);
double sum_of_squares(const real* x, int64_t n);
void row_max(real* y, const real* x, int64_t rows, int64_t cols);
void gather_rows(real* y, const real* table, const int32_t* ids, int64_t n, int64_t cols);
void scatter_add_rows(real* table, const real* x, const int32_t* ids, int64_t n, int64_t cols);

// reference_norm.cpp
void softmax(real* y, const real* x, int64_t rows, int64_t cols);
void softmax_backward(real* dx, const real* dy, const real* y, int64_t rows, int64_t cols);
void log_softmax(real* y, const real* x, int64_t rows, int64_t cols);
void log_softmax_backward(real* dx, const real* dy, const real* y, int64_t rows, int64_t cols);
void cross_entropy(real* loss, real* log_sum, const real* x, const int32_t* label, int64_t rows,
                   int64_t cols);
void cross_entropy_backward(const CrossEntropyBackwardArgs& args);
void layer_norm(const LayerNormArgs& args);
void layer_norm_backward(const LayerNormBackwardArgs& args);

// reference_gemm.cpp
void gemm(const GemmArgs& args);

// reference_attention.cpp
void attention(real* y, real* lse, const AttentionArgs& args);
void attention_backward(const AttentionGrads& grads, const AttentionArgs& args);

// reference_optim.cpp
void adamw(real* p, real* m, real* v, const real* g, const AdamWScalars& scalars, int64_t n);

// --- shared by the families

constexpr double infinity = __builtin_inf();

// The largest of n values, -inf if there is none, NaN if one is NaN.
double max_of(const real* x, int64_t n);

}}}  // namespace cairn::CAIRN_PRECISION::reference
