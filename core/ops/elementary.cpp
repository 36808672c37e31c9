// Elementary functions of each number: a table, one row per function. backward is dx = dy f', with
// f' in terms of the output where that is cheaper. core/ops/more/elementary.cpp has the rest.
//
//   op       y                                  dx                       saves   PyTorch
//   exp      e^x                                dy y                     y       torch.exp
//   log      ln x                               dy / x                   x       torch.log
//   sqrt     sqrt(x)                            dy / (2 y)               y       torch.sqrt
//   erf      2/sqrt(pi) integral_0^x e^(-t^2)   dy 2/sqrt(pi) e^(-x^2)   x       torch.erf
//   tanh     tanh x                             dy (1 - y^2)             y       torch.tanh
//   sigmoid  1 / (1 + e^-x)                     dy y (1 - y)             y       torch.sigmoid
#include <cmath>

#include "core/kernels/kernels.h"
#include "core/ops/elementwise.h"
#include "core/ops/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

constexpr real half = 0.5, two_over_sqrt_pi = 1.12837916709551257390;

void exp_backward(real* dx, const real* dy, const real* y, int64_t n) {
  kernels().mul(dx, {dy, 0, 1}, {y, 0, 1}, 1, n);
}
void log_backward(real* dx, const real* dy, const real* x, int64_t n) {
  kernels().div(dx, {dy, 0, 1}, {x, 0, 1}, 1, n);
}
void sqrt_backward(real* dx, const real* dy, const real* y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) dx[i] = dy[i] / (2 * y[i]);
}
void erf_backward(real* dx, const real* dy, const real* x, int64_t n) {
  for (int64_t i = 0; i < n; ++i) dx[i] = dy[i] * two_over_sqrt_pi * std::exp(-x[i] * x[i]);
}

const KernelFunction exp_row{"exp", &Kernels::exp, [] { return &exp_backward; }, Saves::y,
                             [](const Tensor& y) { return y; }};
const KernelFunction log_row{"log", &Kernels::log, [] { return &log_backward; }, Saves::x,
                             [](const Tensor& x) { return 1 / x; }};
const KernelFunction sqrt_row{"sqrt", &Kernels::sqrt, [] { return &sqrt_backward; }, Saves::y,
                              [](const Tensor& y) { return half / y; }};
const KernelFunction erf_row{"erf", &Kernels::erf, [] { return &erf_backward; }, Saves::x,
                             [](const Tensor& x) { return exp(-(x * x)) * two_over_sqrt_pi; }};
const KernelFunction tanh_row{"tanh", &Kernels::tanh, [] { return kernels().tanh_backward; },
                              Saves::y, [](const Tensor& y) { return 1 - y * y; }};
const KernelFunction sigmoid_row{"sigmoid", &Kernels::sigmoid,
                                 [] { return kernels().sigmoid_backward; }, Saves::y,
                                 [](const Tensor& y) { return y * (1 - y); }};

}  // namespace

Tensor exp(const Tensor& x, Where where) { return apply(exp_row, x, where); }
Tensor log(const Tensor& x, Where where) { return apply(log_row, x, where); }
Tensor sqrt(const Tensor& x, Where where) { return apply(sqrt_row, x, where); }
Tensor erf(const Tensor& x, Where where) { return apply(erf_row, x, where); }
Tensor tanh(const Tensor& x, Where where) { return apply(tanh_row, x, where); }
Tensor sigmoid(const Tensor& x, Where where) { return apply(sigmoid_row, x, where); }

namespace {

const std::vector<InputShapes> large = {{{1024, 3072}}};

}  // namespace

OpInfo exp_info() {
  return {.name = "exp",
          .formula = "y = e^x",
          .derivative = "dx = dy y",
          .cases = {CASE(exp(x[0]), unary_shapes)},
          .timed = {CASE(exp(x[0]), large)}};
}
OpInfo log_info() {
  return {.name = "log",
          .formula = "y = ln x",
          .derivative = "dx = dy / x",
          .cases = {CASE(log(x[0]), unary_shapes)},
          .timed = {CASE(log(x[0]), large)},
          .low = 0.5,
          .high = 3};
}
OpInfo sqrt_info() {
  return {.name = "sqrt",
          .formula = "y = sqrt(x)",
          .derivative = "dx = dy / (2 y)",
          .cases = {CASE(sqrt(x[0]), unary_shapes)},
          .timed = {CASE(sqrt(x[0]), large)},
          .low = 0.5,
          .high = 3};
}
OpInfo erf_info() {
  return {.name = "erf",
          .formula = "y = 2/sqrt(pi) integral_0^x e^(-t^2) dt",
          .derivative = "dx = dy 2/sqrt(pi) e^(-x^2)",
          .cases = {CASE(erf(x[0]), unary_shapes)},
          .timed = {CASE(erf(x[0]), large)}};
}
OpInfo tanh_info() {
  return {.name = "tanh",
          .formula = "y = tanh x",
          .derivative = "dx = dy (1 - y^2)",
          .cases = {CASE(tanh(x[0]), unary_shapes)},
          .timed = {CASE(tanh(x[0]), large)}};
}
OpInfo sigmoid_info() {
  return {.name = "sigmoid",
          .formula = "y = 1 / (1 + e^-x)",
          .derivative = "dx = dy y (1 - y)",
          .cases = {CASE(sigmoid(x[0]), unary_shapes)},
          .timed = {CASE(sigmoid(x[0]), large)}};
}

}}  // namespace cairn::CAIRN_PRECISION
