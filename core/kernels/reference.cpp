// The table of the reference kernels, and the loop that measures the peak of plain code.
#include "core/kernels/reference.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace reference {
namespace {

// Eight independent sums, so that no addition waits for the one before it.
double fma_peak(int64_t iterations) {
  volatile real start = real(0.5);
  real sum[8] = {};
  const real x = start;
  for (int64_t i = 0; i < iterations; i++)
    for (real& s : sum) s = s * x + x;
  for (real s : sum) start = start + s;
  return 16.0 * double(iterations);  // 8 sums, 2 operations each
}

}  // namespace

const Kernels kernels = {
    .name = "reference",
    .exp = exp,
    .log = log,
    .sqrt = sqrt,
    .tanh = tanh,
    .sigmoid = sigmoid,
    .erf = erf,
    .relu = relu,
    .gelu = gelu,
    .gelu_tanh = gelu_tanh,
    .tanh_backward = tanh_backward,
    .sigmoid_backward = sigmoid_backward,
    .relu_backward = relu_backward,
    .gelu_backward = gelu_backward,
    .gelu_tanh_backward = gelu_tanh_backward,
    .add = add,
    .sub = sub,
    .mul = mul,
    .div = div,
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

}}}  // namespace cairn::CAIRN_PRECISION::reference
