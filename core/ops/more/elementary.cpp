// Elementary functions beyond those of core/ops/elementary.cpp: a table, one line each; saved is x.
// neg is affine, y = -x, and saves nothing.
//
//   op          y            dx                  PyTorch
//   abs         |x|          dy sign(x)          torch.abs          0 at 0
//   sign        -1, 0, 1     0                   torch.sign
//   square      x^2          dy 2 x              torch.square
//   reciprocal  1 / x        -dy / x^2           torch.reciprocal
//   rsqrt       1 / sqrt x   -dy / (2 x sqrt x)  torch.rsqrt
//   log1p       ln(1 + x)    dy / (1 + x)        torch.log1p
//   expm1       e^x - 1      dy e^x              torch.expm1
//   sin         sin x        dy cos x            torch.sin
//   cos         cos x        -dy sin x           torch.cos
#include <cmath>

#include "core/ops.h"
#include "core/ops/elementwise.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

real sign_of(real x) { return x > 0 ? real{1} : x < 0 ? real{-1} : x * 0; }  // NaN stays

const ScalarFunction abs_row{"abs", [](real x, real) { return std::abs(x); },
                             [](real x, real) { return sign_of(x); },
                             [](const Tensor& x, real) { return sign(x); }};
const ScalarFunction sign_row{"sign", [](real x, real) { return sign_of(x); },
                              [](real, real) { return real{0}; },
                              [](const Tensor& x, real) { return Tensor::zeros(x.shape()); }};
const ScalarFunction square_row{"square", [](real x, real) { return x * x; },
                                [](real x, real) { return 2 * x; },
                                [](const Tensor& x, real) { return x * 2; }};
const ScalarFunction reciprocal_row{"reciprocal", [](real x, real) { return 1 / x; },
                                    [](real x, real) { return -1 / (x * x); },
                                    [](const Tensor& x, real) { return -1 / (x * x); }};
const ScalarFunction rsqrt_row{"rsqrt", [](real x, real) { return 1 / std::sqrt(x); },
                               [](real x, real) { return -1 / (2 * x * std::sqrt(x)); },
                               [](const Tensor& x, real) { return -1 / (x * 2 * sqrt(x)); }};
const ScalarFunction log1p_row{"log1p", [](real x, real) { return std::log1p(x); },
                               [](real x, real) { return 1 / (1 + x); },
                               [](const Tensor& x, real) { return 1 / (1 + x); }};
const ScalarFunction expm1_row{"expm1", [](real x, real) { return std::expm1(x); },
                               [](real x, real) { return std::exp(x); },
                               [](const Tensor& x, real) { return exp(x); }};
const ScalarFunction sin_row{"sin", [](real x, real) { return std::sin(x); },
                             [](real x, real) { return std::cos(x); },
                             [](const Tensor& x, real) { return cos(x); }};
const ScalarFunction cos_row{"cos", [](real x, real) { return std::cos(x); },
                             [](real x, real) { return -std::sin(x); },
                             [](const Tensor& x, real) { return -sin(x); }};

}  // namespace

Tensor neg(const Tensor& x, Where where) { return affine(x, -1, 0, where); }
Tensor abs(const Tensor& x, Where where) { return apply(abs_row, x, 0, where); }
Tensor sign(const Tensor& x, Where where) { return apply(sign_row, x, 0, where); }
Tensor square(const Tensor& x, Where where) { return apply(square_row, x, 0, where); }
Tensor reciprocal(const Tensor& x, Where where) { return apply(reciprocal_row, x, 0, where); }
Tensor rsqrt(const Tensor& x, Where where) { return apply(rsqrt_row, x, 0, where); }
Tensor log1p(const Tensor& x, Where where) { return apply(log1p_row, x, 0, where); }
Tensor expm1(const Tensor& x, Where where) { return apply(expm1_row, x, 0, where); }
Tensor sin(const Tensor& x, Where where) { return apply(sin_row, x, 0, where); }
Tensor cos(const Tensor& x, Where where) { return apply(cos_row, x, 0, where); }

namespace {

OpInfo info(const char* name, const char* formula, const char* derivative, const char* pytorch,
            const OpCase& one, double low = -2, double high = 2) {
  return {.name = name,
          .formula = formula,
          .derivative = derivative,
          .pytorch = pytorch,
          .cases = {one},
          .low = low,
          .high = high};
}

}  // namespace

OpInfo neg_info() {
  return {.name = "neg",
          .formula = "y = -x",
          .derivative = "dx = -dy",
          .cases = {CASE(neg(x[0]), unary_shapes)}};
}
OpInfo abs_info() {
  return info("abs", "y = |x|", "dx = dy sign(x)", "torch.abs", CASE(abs(x[0]), unary_shapes));
}
OpInfo sign_info() {
  return info("sign", "y = -1, 0 or 1", "dx = 0", "torch.sign", CASE(sign(x[0]), unary_shapes));
}
OpInfo square_info() {
  return info("square", "y = x^2", "dx = dy 2 x", "torch.square", CASE(square(x[0]), unary_shapes));
}
OpInfo reciprocal_info() {
  return info("reciprocal", "y = 1 / x", "dx = -dy / x^2", "torch.reciprocal",
              CASE(reciprocal(x[0]), unary_shapes), 0.5, 3);
}
OpInfo rsqrt_info() {
  return info("rsqrt", "y = 1 / sqrt(x)", "dx = -dy / (2 x sqrt(x))", "torch.rsqrt",
              CASE(rsqrt(x[0]), unary_shapes), 0.5, 3);
}
OpInfo log1p_info() {
  return info("log1p", "y = ln(1 + x)", "dx = dy / (1 + x)", "torch.log1p",
              CASE(log1p(x[0]), unary_shapes), -0.5, 2);
}
OpInfo expm1_info() {
  return info("expm1", "y = e^x - 1", "dx = dy e^x", "torch.expm1",
              CASE(expm1(x[0]), unary_shapes));
}
OpInfo sin_info() {
  return info("sin", "y = sin x", "dx = dy cos x", "torch.sin", CASE(sin(x[0]), unary_shapes));
}
OpInfo cos_info() {
  return info("cos", "y = cos x", "dx = -dy sin x", "torch.cos", CASE(cos(x[0]), unary_shapes));
}

}}  // namespace cairn::CAIRN_PRECISION
