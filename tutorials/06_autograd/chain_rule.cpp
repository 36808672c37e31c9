// The numbers of the page chain_rule.md: slopes, partial derivatives, the chain rule, paths.
#include "tutorials/06_autograd/chain_rule.h"

#include <cmath>
#include <cstdio>
#include <initializer_list>

namespace {

// [quotient]
// How much f grows where x grows by h, for each unit of h.
template <class F>
double quotient(const F& f, double x, double h) {
  return (f(x + h) - f(x)) / h;
}
// [/quotient]

double square(double x) { return x * x; }

void slopes() {
  std::printf("       h   (f(3 + h) - f(3)) / h\n");
  for (const double h : {1., 0.1, 0.01, 0.001})
    std::printf("  %6g   %.3f\n", h, quotient(square, 3, h));
}

void rules() {
  const double h = 1e-6;
  const auto row = [&](const char* rule, double x, double by_quotient, double by_rule) {
    std::printf("  %-20s  x = %-4g  %8.4f  %8.4f\n", rule, x, by_quotient, by_rule);
  };
  const auto exponential = [](double x) { return std::exp(x); };
  const auto logarithm = [](double x) { return std::log(x); };
  const auto bend = [](double x) { return std::tanh(x); };
  std::printf("  f(x)    f'(x)                   quotient  the rule\n");
  row("x^2     2x", 3, quotient(square, 3, h), 6);
  row("e^x     e^x", 1, quotient(exponential, 1, h), std::exp(1));
  row("ln x    1/x", 2, quotient(logarithm, 2, h), 0.5);
  row("tanh x  1 - tanh^2 x", 0.6, quotient(bend, 0.6, h), 1 - square(std::tanh(0.6)));
}

// [partial]
// f(w, b) = w x + b at x = 2: what does it do if only one of the two moves?
double f(double w, double b) { return w * 2 + b; }

void partial() {
  const double w = 0.5, b = -0.4, h = 0.1;
  std::printf("f(w, b) = %.1f\n", f(w, b));
  std::printf("w alone grows by 0.1: f = %.1f, the partial derivative is %.0f\n", f(w + h, b),
              (f(w + h, b) - f(w, b)) / h);
  std::printf("b alone grows by 0.1: f = %.1f, the partial derivative is %.0f\n", f(w, b + h),
              (f(w, b + h) - f(w, b)) / h);
  std::printf("both grow by 0.1:     f = %.1f, which is 0.6 + (2 + 1) 0.1\n", f(w + h, b + h));
}
// [/partial]

// [chain]
// (tanh(2 w + b) - 1)^2, one step at a time, and the slope of each step.
void chain() {
  const double w = 0.5, b = -0.4;
  const double u = 2 * w + b, y = std::tanh(u), off = y - 1, loss = off * off;
  const double du_dw = 2, dy_du = 1 - y * y, doff_dy = 1, dloss_doff = 2 * off;
  std::printf("u = %.4f, y = %.4f, off = %.4f, loss = %.4f\n", u, y, off, loss);
  std::printf("slopes: %.4f, %.4f, %.4f, %.4f\n", du_dw, dy_du, doff_dy, dloss_doff);
  const auto all = [&](double v) { return square(std::tanh(2 * v + b) - 1); };
  std::printf("their product %.4f, the quotient %.4f\n", du_dw * dy_du * doff_dy * dloss_doff,
              quotient(all, w, 1e-6));
}
// [/chain]

// [paths]
// x^2 + tanh(x): x counts twice, by two paths.
void paths() {
  const double x = 0.6, by_square = 2 * x, by_tanh = 1 - square(std::tanh(x));
  const auto all = [](double v) { return v * v + std::tanh(v); };
  std::printf("through x^2 %.4f, through tanh %.4f, together %.4f, the quotient %.4f\n", by_square,
              by_tanh, by_square + by_tanh, quotient(all, x, 1e-6));
}
// [/paths]

}  // namespace

void print_chain_rule() {
  std::printf("[slopes]\n"), slopes();
  std::printf("\n[rules]\n"), rules();
  std::printf("\n[partial]\n"), partial();
  std::printf("\n[chain]\n"), chain();
  std::printf("\n[paths]\n"), paths();
}
