// One instruction set's table of fast kernels. Compiled once per set, with its flags and with
// -DISA=avx2 (or avx512, neon), which names the namespace; exports `kernels` and nothing else.
#include "core/kernels/kernels.h"
#include "core/kernels/simd_attention.h"
#include "core/kernels/simd_elementwise.h"
#include "core/kernels/simd_gemm.h"
#include "core/kernels/simd_norm.h"
#include "core/kernels/simd_optim.h"
#include "core/kernels/simd_reduce.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace ISA {
namespace {

// 12 independent chains: a multiply-add takes 4 or 5 cycles and two begin in each (on x86; on Arm
// up to three or four of 4 cycles), so 8 to 12 of them are under way at once.
double fma_peak(int64_t iterations) {
  constexpr int chains = 12;
  volatile float start = 0.5f;
  lanes sum[chains];
#pragma GCC unroll 16
  for (lanes& s : sum) s = splat(start);
  const lanes x = splat(start);
  for (int64_t i = 0; i < iterations; i++)
#pragma GCC unroll 16
    for (lanes& s : sum) s = fma(s, x, x);
#pragma GCC unroll 16
  for (const lanes& s : sum) start = start + hsum(s);
  return 2.0 * chains * width * double(iterations);
}

}  // namespace

const Kernels kernels = {
    .name = name,
    .exp = map<exp_>,
    .log = map<log_>,
    .sqrt = map<sqrt>,
    .tanh = map<tanh_>,
    .sigmoid = map<sigmoid_>,
    .erf = map<erf_>,
    .relu = map<relu_>,
    .gelu = map<gelu_>,
    .gelu_tanh = map<gelu_tanh_>,
    .tanh_backward = map_backward<d_tanh>,
    .sigmoid_backward = map_backward<d_sigmoid>,
    .relu_backward = relu_backward,
    .gelu_backward = map_backward<d_gelu>,
    .gelu_tanh_backward = map_backward<d_gelu_tanh>,
    .add = broadcast<add>,
    .sub = broadcast<sub>,
    .mul = broadcast<mul>,
    .div = broadcast<div>,
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

}}}  // namespace cairn::CAIRN_PRECISION::ISA
