// gelu: y = x (1 + erf(x / sqrt 2)) / 2, x times the normal distribution's cumulative function
// (Hendrycks & Gimpel 2016).
//   dx = dy ((1 + erf(x / sqrt 2)) / 2 + x e^(-x^2 / 2) / sqrt(2 pi))      saves x
//   PyTorch: torch.nn.functional.gelu
// gelu_tanh: y = x (1 + tanh u) / 2 with u = sqrt(2/pi) (x + 0.044715 x^3), GPT-2's approximation.
//   dx = dy ((1 + tanh u) / 2 + x (1 - tanh^2 u) u' / 2)                   saves x
//   PyTorch: torch.nn.functional.gelu(approximate='tanh')
#include "core/kernels/kernels.h"
#include "core/ops/elementwise.h"
#include "core/ops/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

constexpr real half = 0.5, gelu_cubic = 0.044715;
constexpr real one_over_sqrt_2 = 0.70710678118654752440, sqrt_2_over_pi = 0.79788456080286535588;
constexpr real one_over_sqrt_2_pi = 0.39894228040143267794;

Tensor composed_gelu(const Tensor& x) { return x * half * (erf(x * one_over_sqrt_2) + 1); }
Tensor composed_gelu_tanh(const Tensor& x) {
  return x * half * (tanh((x + x * x * x * gelu_cubic) * sqrt_2_over_pi) + 1);
}

Tensor gelu_slope(const Tensor& x) {
  return (erf(x * one_over_sqrt_2) + 1) * half + x * exp(x * x * -half) * one_over_sqrt_2_pi;
}
Tensor gelu_tanh_slope(const Tensor& x) {
  const Tensor t = tanh((x + x * x * x * gelu_cubic) * sqrt_2_over_pi);
  const Tensor du = (x * x * (3 * gelu_cubic) + 1) * sqrt_2_over_pi;
  return (t + 1) * half + x * (1 - t * t) * du * half;
}

const KernelFunction gelu_row{"gelu", &Kernels::gelu, [] { return kernels().gelu_backward; },
                              Saves::x, gelu_slope};
const KernelFunction gelu_tanh_row{"gelu_tanh", &Kernels::gelu_tanh,
                                   [] { return kernels().gelu_tanh_backward; }, Saves::x,
                                   gelu_tanh_slope};

}  // namespace

Tensor gelu(const Tensor& x, Where where) { return apply(gelu_row, x, where); }
Tensor gelu_tanh(const Tensor& x, Where where) { return apply(gelu_tanh_row, x, where); }

OpInfo gelu_info() {
  return {.name = "gelu",
          .formula = "y = x (1 + erf(x / sqrt 2)) / 2",
          .derivative = "dx = dy ((1 + erf(x / sqrt 2)) / 2 + x e^(-x^2 / 2) / sqrt(2 pi))",
          .cases = {FUSED_CASE(gelu(x[0]), composed_gelu(x[0]), unary_shapes)},
          .timed = {CASE(gelu(x[0]), {{1024, 3072}})}};
}
OpInfo gelu_tanh_info() {
  return {.name = "gelu_tanh",
          .formula = "y = x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2",
          .derivative = "the product rule on the formula",
          .pytorch = "torch.nn.functional.gelu(approximate='tanh')",
          .cases = {FUSED_CASE(gelu_tanh(x[0]), composed_gelu_tanh(x[0]), unary_shapes)},
          .timed = {CASE(gelu_tanh(x[0]), {{1024, 3072}})}};
}

}}  // namespace cairn::CAIRN_PRECISION
