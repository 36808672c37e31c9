// Elementwise functions of one input: a table, one line each. backward is dx = dy f'(.), written in
// terms of the output y where that is cheaper (exp' = y, tanh' = 1 - y^2), else of the input x;
// once as a kernel, and once in ops, for second derivatives.
#include "core/kernels/kernels.h"
#include "core/autograd/node.h"
#include "core/ops/records/op_info.h"
#include "core/ops/indicator.h"
#include "core/ops/ops.h"

#include <cmath>

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

constexpr real half = 0.5, two_over_sqrt_pi = 1.12837916709551257390;
constexpr real one_over_sqrt_2 = 0.70710678118654752440, sqrt_2_over_pi = 0.79788456080286535588;
constexpr real one_over_sqrt_2_pi = 0.39894228040143267794, gelu_cubic = 0.044715;

using Forward = void (*)(real* y, const real* x, int64_t n);
using Backward = void (*)(real* dx, const real* dy, const real* saved, int64_t n);
enum Saves { x, y };

// The function's kernels are members of the table that cpu.cpp chose.
struct Unary {
  const char* name;
  Forward Kernels::* forward;
  Backward (*backward)();
  Saves saves;
  Tensor (*slope)(const Tensor& saved);  // f'(.) in ops
};

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

// (1 + erf(x / sqrt 2)) / 2 + x e^(-x^2 / 2) / sqrt(2 pi)
Tensor gelu_slope(const Tensor& x) {
  return (erf(x * one_over_sqrt_2) + 1) * half + x * exp(x * x * -half) * one_over_sqrt_2_pi;
}
// With u = sqrt(2/pi) (x + 0.044715 x^3): (1 + tanh u) / 2 + x (1 - tanh^2 u) u' / 2
Tensor gelu_tanh_slope(const Tensor& x) {
  const Tensor t = tanh((x + x * x * x * gelu_cubic) * sqrt_2_over_pi);
  const Tensor du = (x * x * (3 * gelu_cubic) + 1) * sqrt_2_over_pi;
  return (t + 1) * half + x * (1 - t * t) * du * half;
}

const Unary exp_row{"exp", &Kernels::exp, [] { return &exp_backward; }, y,
                    [](const Tensor& y) { return y; }};
const Unary log_row{"log", &Kernels::log, [] { return &log_backward; }, x,
                    [](const Tensor& x) { return 1 / x; }};
const Unary sqrt_row{"sqrt", &Kernels::sqrt, [] { return &sqrt_backward; }, y,
                     [](const Tensor& y) { return half / y; }};
const Unary erf_row{"erf", &Kernels::erf, [] { return &erf_backward; }, x,
                    [](const Tensor& x) { return exp(-(x * x)) * two_over_sqrt_pi; }};
const Unary tanh_row{"tanh", &Kernels::tanh, [] { return kernels().tanh_backward; }, y,
                     [](const Tensor& y) { return 1 - y * y; }};
const Unary sigmoid_row{"sigmoid", &Kernels::sigmoid, [] { return kernels().sigmoid_backward; }, y,
                        [](const Tensor& y) { return y * (1 - y); }};
const Unary relu_row{"relu", &Kernels::relu, [] { return kernels().relu_backward; }, x,
                     [](const Tensor& x) { return positive(x); }};
const Unary gelu_row{"gelu", &Kernels::gelu, [] { return kernels().gelu_backward; }, x, gelu_slope};
const Unary gelu_tanh_row{"gelu_tanh", &Kernels::gelu_tanh,
                          [] { return kernels().gelu_tanh_backward; }, x, gelu_tanh_slope};

struct UnaryNode final : Node {
  Saved saved;
  const Unary* row = nullptr;
  void backward(Grads& g) override {
    Tensor dx = Tensor::empty(saved.tensor.shape());
    row->backward()(dx.write(), Contiguous(g.dout()), Contiguous(g.value(saved)), dx.numel());
    g.add(0, dx);
  }
  void backward_in_ops(Grads& g) override { g.add(0, g.dout() * row->slope(g.tensor(saved))); }
  void visit(SavedVisitor& v) override { v(row->saves == Saves::x ? "x" : "y", saved); }
};

Tensor unary(const Unary& row, const Tensor& x, Where where) {
  Tensor y = Tensor::empty(x.shape());
  (kernels().*row.forward)(y.write(where), Contiguous(x), x.numel());
  if (auto node = record<UnaryNode>(row.name, {&x}, y, where)) {
    node->row = &row;
    node->saved = row.saves == Saves::x ? Saved(x) : Saved::output(y);
  }
  return y;
}

}  // namespace

Tensor exp(const Tensor& x, Where where) { return unary(exp_row, x, where); }
Tensor log(const Tensor& x, Where where) { return unary(log_row, x, where); }
Tensor sqrt(const Tensor& x, Where where) { return unary(sqrt_row, x, where); }
Tensor erf(const Tensor& x, Where where) { return unary(erf_row, x, where); }
Tensor tanh(const Tensor& x, Where where) { return unary(tanh_row, x, where); }
Tensor sigmoid(const Tensor& x, Where where) { return unary(sigmoid_row, x, where); }
Tensor relu(const Tensor& x, Where where) { return unary(relu_row, x, where); }
Tensor gelu(const Tensor& x, Where where) { return unary(gelu_row, x, where); }
Tensor gelu_tanh(const Tensor& x, Where where) { return unary(gelu_tanh_row, x, where); }

namespace {

using Call = Tensor (*)(const std::vector<Tensor>&);

OpInfo info(const char* name, const char* formula, const char* derivative, const char* saved,
            const char* pytorch, Call call, double low = -2, double high = 2,
            const OpFunction& composed = {}) {
  const std::string text = std::string(name) + "(x[0])";
  OpInfo info{name, formula, derivative, saved, pytorch, "core/ops/unary.cpp", "",
              {{text, unary_shapes, call}}};
  for (OpCase& c : info.cases) c.composed = composed;
  info.timed = {{text, {{{1024, 3072}}}, call}};
  info.low = low, info.high = high;
  return info;
}

// gelu and gelu_tanh are fused; these are their definitions.
Tensor composed_gelu(const std::vector<Tensor>& in) {
  return in[0] * half * (erf(in[0] * one_over_sqrt_2) + 1);
}
Tensor composed_gelu_tanh(const std::vector<Tensor>& in) {
  const Tensor& x = in[0];
  return x * half * (tanh((x + x * x * x * gelu_cubic) * sqrt_2_over_pi) + 1);
}

}  // namespace

OpInfo exp_info() {
  return info("exp", "y = e^x", "dx = dy y", "y", "torch.exp", [](auto& x) { return exp(x[0]); });
}
OpInfo log_info() {
  return info("log", "y = ln x", "dx = dy / x", "x", "torch.log",
              [](auto& x) { return log(x[0]); }, 0.5, 3);
}
OpInfo sqrt_info() {
  return info("sqrt", "y = sqrt(x)", "dx = dy / (2 y)", "y", "torch.sqrt",
              [](auto& x) { return sqrt(x[0]); }, 0.5, 3);
}
OpInfo erf_info() {
  return info("erf", "y = 2/sqrt(pi) integral_0^x e^(-t^2) dt", "dx = dy 2/sqrt(pi) e^(-x^2)", "x",
              "torch.erf", [](auto& x) { return erf(x[0]); });
}
OpInfo tanh_info() {
  return info("tanh", "y = tanh x", "dx = dy (1 - y^2)", "y", "torch.tanh",
              [](auto& x) { return tanh(x[0]); });
}
OpInfo sigmoid_info() {
  return info("sigmoid", "y = 1 / (1 + e^-x)", "dx = dy y (1 - y)", "y", "torch.sigmoid",
              [](auto& x) { return sigmoid(x[0]); });
}
OpInfo relu_info() {
  return info("relu", "y = max(x, 0)", "dx = dy where x > 0, else 0", "x", "torch.relu",
              [](auto& x) { return relu(x[0]); });
}
OpInfo gelu_info() {
  return info("gelu", "y = x (1 + erf(x / sqrt 2)) / 2",
              "dx = dy ((1 + erf(x / sqrt 2)) / 2 + x e^(-x^2 / 2) / sqrt(2 pi))", "x",
              "torch.nn.functional.gelu", [](auto& x) { return gelu(x[0]); }, -2, 2, composed_gelu);
}
OpInfo gelu_tanh_info() {
  return info("gelu_tanh", "y = x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2",
              "the product rule on the formula", "x",
              "torch.nn.functional.gelu(approximate='tanh')",
              [](auto& x) { return gelu_tanh(x[0]); }, -2, 2, composed_gelu_tanh);
}

}}  // namespace cairn::CAIRN_PRECISION
