// What people write instead.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "tutorials/03_encoder_block/exercises/gelu_tanh/gelu_tanh.h"

namespace mistakes {
namespace {

enum {
  erf_form = 1,
  sigmoid_form,
  zero_lost,
  squared,
  no_cubic,
  no_factor,
  root_forgotten,
  root_of_half_pi,
  cubic_not_scaled,
  not_halved,
  without_x,
  minus_tanh,
  tanh_from_powers,
  relu,
  last_left_out,
  power_forgotten,
  five_digits,
  seven_digits,
};

bool is(int mistake) { return check::mistake == mistake; }

// What stands in the tanh.
double inner(double x) {
  const double pi = std::numbers::pi;
  const double power = is(squared) ? x * x : is(power_forgotten) ? x : x * x * x;
  const double cubic = is(no_cubic) ? 0 : (is(zero_lost) ? 0.44715 : 0.044715) * power;
  const double factor = is(no_factor)         ? 1
                        : is(root_forgotten)  ? 2 / pi
                        : is(five_digits)     ? 0.79788
                        : is(seven_digits)    ? 0.7978845
                        : is(root_of_half_pi) ? std::sqrt(pi / 2)
                                              : std::sqrt(2 / pi);
  return is(cubic_not_scaled) ? factor * x + cubic : factor * (x + cubic);
}

double tanh_of(double u) {
  if (!is(tanh_from_powers)) return std::tanh(u);
  return (std::exp(u) - std::exp(-u)) / (std::exp(u) + std::exp(-u));
}

real gelu_of(real x) {
  if (is(erf_form)) return x * (1 + std::erf(x / std::numbers::sqrt2)) / 2;
  if (is(sigmoid_form)) return x / (1 + std::exp(-1.702 * x));
  if (is(relu)) return std::max<real>(x, 0);
  const double t = is(minus_tanh) ? -tanh_of(inner(x)) : tanh_of(inner(x));
  return (is(without_x) ? 1 : x) * (1 + t) / (is(not_halved) ? 1 : 2);
}

}  // namespace

void gelu_tanh(real* y, const real* x, int64_t n) {
  if (is(last_left_out)) --n;
  for (int64_t i = 0; i < n; ++i) y[i] = gelu_of(x[i]);
}

const std::vector<check::Mistake> list = {
    {erf_form, "the erf form",
     "these are the numbers of the erf form, which differ by up to 4.7e-4: that is another "
     "exercise. "
     "Here the approximation with tanh is asked for."},
    {sigmoid_form, "x sigmoid(1.702 x)",
     "x sigmoid(1.702 x) is another, rougher approximation, off by up to 0.02."},
    {zero_lost, "0.44715", "the factor of the cube is 0.044715; a zero was lost."},
    {squared, "x squared",
     "it is x cubed that is multiplied by 0.044715. With a square the curve is not symmetric: "
     "compare "
     "y(-x) with y(x) - x."},
    {no_cubic, "without the cube",
     "the cube is missing: it is tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))."},
    {no_factor, "without sqrt(2 / pi)",
     "the factor sqrt(2 / pi) in front of the bracket is missing."},
    {root_forgotten, "2 / pi without its root",
     "the factor is the square root of 2 / pi, 0.79788; you have 2 / pi, 0.63662."},
    {root_of_half_pi, "sqrt(pi / 2)",
     "you have sqrt(pi / 2), 1.2533. The factor is sqrt(2 / pi), 0.79788."},
    {cubic_not_scaled, "the cube outside the bracket",
     "sqrt(2 / pi) multiplies the whole bracket, the cube as well."},
    {not_halved, "not halved",
     "your results are twice what they should be: 1 + tanh runs from 0 to 2, and is to be halved."},
    {without_x, "without the factor x",
     "your results lie between 0 and 1: that is the probability alone. GELU is x times it."},
    {minus_tanh, "1 - tanh", "your curve is mirrored: large x gives 0. It is 1 + tanh."},
    {tanh_from_powers, "tanh from powers of e",
     "tanh as (e^u - e^-u) / (e^u + e^-u) is infinity / infinity for large u, which is not a "
     "number. "
     "std::tanh is right everywhere."},
    {relu, "ReLU",
     "that is ReLU, which has a corner. GELU is smooth, and slightly negative to the left of 0."},
    {last_left_out, "the last number is left out",
     "the last number is not written. Does your loop end at n - 1?"},
    {power_forgotten, "x for its cube",
     "it is x cubed that is multiplied by 0.044715, not x: x * x * x."},
    {five_digits, "0.79788 for the root",
     "almost: 0.79788 is not the root to enough digits. Write std::sqrt(2 / std::numbers::pi)."},
    {seven_digits, "0.7978845 for the root",
     "almost: seven digits of the root are not enough for 1e-12. Write "
     "std::sqrt(2 / std::numbers::pi)."},
};

}  // namespace mistakes
