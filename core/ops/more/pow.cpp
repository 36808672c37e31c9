// pow: y = x^p. With p a plain number, dx = dy p x^(p - 1), and saved is x.
// With p a tensor, elementwise with broadcasting, dp = dy y ln x as well, and saved are x, p and y;
// where x is 0, dp is 0 if p >= 0. PyTorch: torch.pow.
#include <cmath>

#include "core/autograd/node.h"
#include "core/ops.h"
#include "core/ops/elementwise.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

const ScalarFunction pow_row{
    "pow", [](real x, real p) { return std::pow(x, p); },
    [](real x, real p) { return p == 0 ? 0 : p * std::pow(x, p - 1); },
    [](const Tensor& x, real p) { return p == 0 ? Tensor::zeros(x.shape()) : pow(x, p - 1) * p; }};

struct PowNode final : OpsNode {
  Saved x, p, y;
  void backward(Grads& g) override;
  void visit(SavedVisitor& v) override {
    v("x", x);
    v("p", p);
    v("y", y);
  }
};

void powers(real* y, Operand x, Operand p, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < cols; ++j)
      *y++ = std::pow(x.data[i * x.row + j * x.col], p.data[i * p.row + j * p.col]);
}

// x, but 1 where the mask is: x^(p - 1) and ln x are infinite at 0, and a factor of 0 would make
// them NaN.
Tensor one_where(const Tensor& mask, const Tensor& x) { return where(mask, Tensor::scalar(1), x); }

}  // namespace

Tensor pow(const Tensor& x, real exponent, Where where) {
  return apply(pow_row, x, exponent, where);
}

Tensor pow(const Tensor& x, const Tensor& exponent, Where where) {
  const Tensor y = apply_binary(powers, x, exponent, "pow", where);
  if (auto node = record<PowNode>("pow", {&x, &exponent}, y, where)) {
    node->x = x;
    node->p = exponent;
    node->y = Saved::output(y);
  }
  return y;
}

void PowNode::backward(Grads& g) {
  const Tensor base = g.tensor(x), exponent = g.tensor(p), zero = Tensor::scalar(0);
  if (g.needs(0)) {
    const Tensor constant = equal(exponent, zero);  // whatever x is
    const Tensor slope = exponent * pow(one_where(constant, base), exponent - 1);
    g.add(0, sum_to(g.dout() * slope, base.shape()));
  }
  if (g.needs(1)) {
    const Tensor none = equal(base, zero) * greater_equal(exponent, zero);
    const Tensor slope = g.tensor(y) * log(one_where(none, base));
    g.add(1, sum_to(g.dout() * slope, exponent.shape()));
  }
}

OpInfo pow_info() {
  return {.name = "pow",
          .formula = "y = x^p",
          .derivative = "dx = dy p x^(p - 1), dp = dy y ln x",
          .cases = {CASE(pow(x[0], x[1]), binary_shapes), CASE(pow(x[0], 2.5), unary_shapes),
                    CASE(pow(x[0] - x[0].detach(), Tensor::scalar(3)), {{2, 3}}),
                    CASE(pow(x[0], 0), unary_shapes)},
          .low = 0.5};
}

}}  // namespace cairn::CAIRN_PRECISION
