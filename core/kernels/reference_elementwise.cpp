// Functions of single elements in plain loops: maps and their derivatives, arithmetic with
// broadcasting, dropout. Maps are computed in double by libm and rounded once; arithmetic of two
// operands is one rounding in `real`. Nothing is summed.
#include <math.h>

#include "core/kernels/dropout_mask.h"
#include "core/kernels/reference.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace reference {
namespace {

constexpr double sqrt_half = 0.70710678118654752440;       // 1 / sqrt 2
constexpr double inv_sqrt_2_pi = 0.39894228040143267794;   // 1 / sqrt(2 pi)
constexpr double sqrt_2_over_pi = 0.79788456080286535588;  // sqrt(2 / pi)
constexpr double gelu_cubic = 0.044715;                    // of gelu's tanh approximation

double sigmoid_of(double x) { return 1 / (1 + ::exp(-x)); }
double relu_of(double x) { return x < 0 ? 0 : x; }  // NaN stays NaN
double gelu_of(double x) { return x * 0.5 * (1 + ::erf(x * sqrt_half)); }
double gelu_tanh_of(double x) {
  return x * 0.5 * (1 + ::tanh(sqrt_2_over_pi * (x + gelu_cubic * x * x * x)));
}

// forward: y = tanh x, so dy/dx = 1 - y^2
double d_tanh(double y) { return 1 - y * y; }

// forward: y = 1 / (1 + e^-x), so dy/dx = y (1 - y)
double d_sigmoid(double y) { return y * (1 - y); }

// forward: y = x Phi(x) with Phi(x) = (1 + erf(x / sqrt 2)) / 2, so dy/dx = Phi(x) + x phi(x) with
// the density phi(x) = e^(-x^2 / 2) / sqrt(2 pi)
double d_gelu(double x) {
  return 0.5 * (1 + ::erf(x * sqrt_half)) + x * inv_sqrt_2_pi * ::exp(-0.5 * x * x);
}

// forward: y = x (1 + t) / 2 with t = tanh(u), u = sqrt(2 / pi) (x + 0.044715 x^3), so
// dy/dx = (1 + t) / 2 + x / 2 (1 - t^2) du/dx
double d_gelu_tanh(double x) {
  const double t = ::tanh(sqrt_2_over_pi * (x + gelu_cubic * x * x * x));
  return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * sqrt_2_over_pi * (1 + 3 * gelu_cubic * x * x);
}

// y = f(x)
template <double (*f)(double)>
void map(real* y, const real* x, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] = static_cast<real>(f(double(x[i])));
}

// forward: y = f(x), so dx = dy f'(x); df is written in terms of z, which is x or y.
template <double (*df)(double)>
void map_backward(real* dx, const real* dy, const real* z, int64_t n) {
  for (int64_t i = 0; i < n; i++) dx[i] = static_cast<real>(double(dy[i]) * df(double(z[i])));
}

real plus(real a, real b) { return a + b; }
real minus(real a, real b) { return a - b; }
real times(real a, real b) { return a * b; }
real over(real a, real b) { return a / b; }

// y(i, j) = a(i, j) op b(i, j); a stride of 0 is what repeats a row, a column or a number.
template <real (*op)(real, real)>
void broadcast(real* y, Operand a, Operand b, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; i++)
    for (int64_t j = 0; j < cols; j++)
      y[i * cols + j] = op(a.data[i * a.row + j * a.col], b.data[i * b.row + j * b.col]);
}

}  // namespace

void exp(real* y, const real* x, int64_t n) { map<::exp>(y, x, n); }
void log(real* y, const real* x, int64_t n) { map<::log>(y, x, n); }
void sqrt(real* y, const real* x, int64_t n) { map<::sqrt>(y, x, n); }
void tanh(real* y, const real* x, int64_t n) { map<::tanh>(y, x, n); }
void sigmoid(real* y, const real* x, int64_t n) { map<sigmoid_of>(y, x, n); }
void erf(real* y, const real* x, int64_t n) { map<::erf>(y, x, n); }
void relu(real* y, const real* x, int64_t n) { map<relu_of>(y, x, n); }
void gelu(real* y, const real* x, int64_t n) { map<gelu_of>(y, x, n); }
void gelu_tanh(real* y, const real* x, int64_t n) { map<gelu_tanh_of>(y, x, n); }

void tanh_backward(real* dx, const real* dy, const real* y, int64_t n) {
  map_backward<d_tanh>(dx, dy, y, n);
}
void sigmoid_backward(real* dx, const real* dy, const real* y, int64_t n) {
  map_backward<d_sigmoid>(dx, dy, y, n);
}
void gelu_backward(real* dx, const real* dy, const real* x, int64_t n) {
  map_backward<d_gelu>(dx, dy, x, n);
}
void gelu_tanh_backward(real* dx, const real* dy, const real* x, int64_t n) {
  map_backward<d_gelu_tanh>(dx, dy, x, n);
}

// forward: y = max(0, x), so dx = dy where x > 0. Not a product: 0 times an infinite dy is NaN.
void relu_backward(real* dx, const real* dy, const real* x, int64_t n) {
  for (int64_t i = 0; i < n; i++) dx[i] = x[i] <= 0 ? 0 : dy[i];
}

void add(real* y, Operand a, Operand b, int64_t rows, int64_t cols) {
  broadcast<plus>(y, a, b, rows, cols);
}
void sub(real* y, Operand a, Operand b, int64_t rows, int64_t cols) {
  broadcast<minus>(y, a, b, rows, cols);
}
void mul(real* y, Operand a, Operand b, int64_t rows, int64_t cols) {
  broadcast<times>(y, a, b, rows, cols);
}
void div(real* y, Operand a, Operand b, int64_t rows, int64_t cols) {
  broadcast<over>(y, a, b, rows, cols);
}

// y = a x + b
void scale(real* y, const real* x, real a, real b, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] = a * x[i] + b;
}

// y += a x
void axpy(real* y, const real* x, real a, int64_t n) {
  for (int64_t i = 0; i < n; i++) y[i] += a * x[i];
}

// y = x / (1 - p) where element i is kept, else 0. With the same mask it is its own backward:
// forward: y = x z with z = 1 / (1 - p) or 0, so dx = dy z.
void dropout(real* y, const real* x, DropoutMask mask, int64_t n) {
  const DropoutHash hash = dropout_hash(mask);
  for (int64_t i = 0; i < n; i++) y[i] = keeps(hash, i) ? x[i] * hash.scale : 0;
}

}}}  // namespace cairn::CAIRN_PRECISION::reference
