// The activations that a BERT config can name: a table, one row per function. p is its parameter;
// x is saved. gelu has a file of its own; tanh and sigmoid are in elementary.cpp.
//
//   op          y                           dx                              PyTorch (nn.functional)
//   relu        max(x, 0)                   dy where x > 0, else 0          relu
//   silu        x s, s = sigmoid(x)         dy s (1 + x (1 - s))            silu
//   softplus    ln(1 + e^(p x)) / p         dy sigmoid(p x)                 softplus, beta = p
//   leaky_relu  x, or p x where x <= 0      dy, or dy p                     leaky_relu
//   elu         x, or p (e^x - 1), x <= 0   dy, or dy p e^x                 elu, alpha = p
//
// PyTorch's softplus is x itself beyond 20; this one needs no such limit.
#include <algorithm>
#include <cmath>

#include "core/ops/elementwise.h"
#include "core/ops/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// 1 where x is positive, else 0; it has no history.
Tensor positive(const Tensor& x) {
  Tensor y = Tensor::empty(x.shape());
  const Contiguous from(x);
  real* to = y.write();
  for (int64_t i = 0; i < y.numel(); ++i) to[i] = from[i] > 0;
  return y;
}

const KernelFunction relu_row{"relu", &Kernels::relu, [] { return kernels().relu_backward; },
                              Saves::x, positive};

real sigmoid_of(real x) { return 1 / (1 + std::exp(-x)); }
// ln(e^0 + e^x), the larger power taken out, so that nothing overflows and nothing small is lost.
real softplus_of(real x) { return std::max(x, real{0}) + std::log1p(std::exp(-std::abs(x))); }

const ScalarFunction silu_row{
    "silu", [](real x, real) { return x * sigmoid_of(x); },
    [](real x, real) { return sigmoid_of(x) * (1 + x * (1 - sigmoid_of(x))); },
    [](const Tensor& x, real) { return sigmoid(x) * (1 + x * (1 - sigmoid(x))); }};
const ScalarFunction softplus_row{"softplus", [](real x, real p) { return softplus_of(p * x) / p; },
                                  [](real x, real p) { return sigmoid_of(p * x); },
                                  [](const Tensor& x, real p) { return sigmoid(x * p); }};
const ScalarFunction leaky_relu_row{
    "leaky_relu", [](real x, real p) { return x > 0 ? x : p * x; },
    [](real x, real p) { return x > 0 ? 1 : p; },
    [](const Tensor& x, real p) { return positive(x) * (1 - p) + p; }};
// In ops, the power is taken of min(x, 0) alone: a branch that overflowed would spoil the other.
const ScalarFunction elu_row{"elu", [](real x, real p) { return x > 0 ? x : p * std::expm1(x); },
                             [](real x, real p) { return x > 0 ? 1 : p * std::exp(x); },
                             [](const Tensor& x, real p) {
                               return where(positive(x), Tensor::scalar(1), exp(-relu(-x)) * p);
                             }};

}  // namespace

Tensor relu(const Tensor& x, Where where) { return apply(relu_row, x, where); }

Tensor silu(const Tensor& x, Where where) { return apply(silu_row, x, 0, where); }

Tensor softplus(const Tensor& x, real beta, Where where) {
  if (!(beta > 0)) fail("softplus", "beta is " + std::to_string(beta), "larger than 0", where);
  return apply(softplus_row, x, beta, where);
}

Tensor leaky_relu(const Tensor& x, real slope, Where where) {
  return apply(leaky_relu_row, x, slope, where);
}

Tensor elu(const Tensor& x, real alpha, Where where) { return apply(elu_row, x, alpha, where); }

OpInfo relu_info() {
  return {.name = "relu",
          .formula = "y = max(x, 0)",
          .derivative = "dx = dy where x > 0, else 0",
          .cases = {CASE(relu(x[0]), unary_shapes)},
          .timed = {CASE(relu(x[0]), {{1024, 3072}})}};
}
OpInfo silu_info() {
  return {.name = "silu",
          .formula = "y = x s, s = sigmoid(x)",
          .derivative = "dx = dy s (1 + x (1 - s))",
          .cases = {CASE(silu(x[0]), unary_shapes)}};
}
OpInfo softplus_info() {
  return {.name = "softplus",
          .formula = "y = ln(1 + e^(beta x)) / beta",
          .derivative = "dx = dy sigmoid(beta x)",
          .cases = {CASE(softplus(x[0], 1.5), unary_shapes)}};
}
OpInfo leaky_relu_info() {
  return {.name = "leaky_relu",
          .formula = "y = x where x > 0, else slope x",
          .derivative = "dx = dy where x > 0, else dy slope",
          .cases = {CASE(leaky_relu(x[0], real{0.1}), unary_shapes)}};
}
OpInfo elu_info() {
  return {.name = "elu",
          .formula = "y = x where x > 0, else alpha (e^x - 1)",
          .derivative = "dx = dy where x > 0, else dy alpha e^x",
          .cases = {CASE(elu(x[0], 1.25), unary_shapes)}};
}

}}  // namespace cairn::CAIRN_PRECISION
