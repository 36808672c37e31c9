// Activations of one number and one parameter p, a table; saved is x.
//
//   op          y                           dx                              PyTorch (nn.functional)
//   silu        x s, s = sigmoid(x)         dy s (1 + x (1 - s))            silu
//   softplus    ln(1 + e^(p x)) / p         dy sigmoid(p x)                 softplus, beta = p
//   leaky_relu  x, or p x where x <= 0      dy, or dy p                     leaky_relu
//   elu         x, or p (e^x - 1), x <= 0   dy, or dy p e^x                 elu, alpha = p
//
// PyTorch's softplus is x itself beyond 20; this one needs no such limit.
#include <algorithm>
#include <cmath>

#include "core/ops/indicator.h"
#include "core/ops/ops.h"
#include "core/ops/scalar_function.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

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

Tensor silu(const Tensor& x, Where where) { return apply(silu_row, x, 0, where); }

Tensor softplus(const Tensor& x, real beta, Where where) {
  if (!(beta > 0)) fail("softplus", "beta is " + std::to_string(beta), "larger than 0", where);
  return apply(softplus_row, x, beta, where);
}

Tensor leaky_relu(const Tensor& x, real slope, Where where) {
  return apply(leaky_relu_row, x, slope, where);
}

Tensor elu(const Tensor& x, real alpha, Where where) { return apply(elu_row, x, alpha, where); }

namespace {

using Call = Tensor (*)(const std::vector<Tensor>&);

OpInfo info(const char* name, const char* formula, const char* derivative, const char* pytorch,
            const char* text, Call call) {
  return {name,       formula,
          derivative, "x",
          pytorch,    "core/ops/activations.cpp",
          "",         {{text, unary_shapes, call}}};
}

}  // namespace

OpInfo silu_info() {
  return info("silu", "y = x s, s = sigmoid(x)", "dx = dy s (1 + x (1 - s))",
              "torch.nn.functional.silu", "silu(x)", [](auto& x) { return silu(x[0]); });
}
OpInfo softplus_info() {
  return info("softplus", "y = ln(1 + e^(beta x)) / beta", "dx = dy sigmoid(beta x)",
              "torch.nn.functional.softplus", "softplus(x, 1.5)",
              [](auto& x) { return softplus(x[0], 1.5); });
}
OpInfo leaky_relu_info() {
  return info("leaky_relu", "y = x where x > 0, else slope x", "dx = dy where x > 0, else dy slope",
              "torch.nn.functional.leaky_relu", "leaky_relu(x, 0.1)",
              [](auto& x) { return leaky_relu(x[0], real{0.1}); });
}
OpInfo elu_info() {
  return info("elu", "y = x where x > 0, else alpha (e^x - 1)",
              "dx = dy where x > 0, else dy alpha e^x", "torch.nn.functional.elu", "elu(x, 1.25)",
              [](auto& x) { return elu(x[0], 1.25); });
}

}}  // namespace cairn::CAIRN_PRECISION
