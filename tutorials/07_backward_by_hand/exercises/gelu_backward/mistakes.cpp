// What people write instead.
#include <cmath>
#include <numbers>

#include "tutorials/07_backward_by_hand/exercises/gelu_backward/gelu_backward.h"

namespace mistakes {
namespace {

enum {
  nothing_written = 1,
  without_dy,
  below_only,
  density_term_only,
  density_without_x,
  minus_density,
  no_root_of_two_pi,
  root_of_two,
  root_of_pi,
  two_pi_without_root,
  exponent_not_halved,
  root_in_the_exponent,
  root_for_the_half,
  exponent_grows,
  exponent_of_x,
  erf_of_x,
  erf_not_halved,
  forward,
  forward_of_dy,
  tanh_form,
  sigmoid_form,
  relu,
  added_to_dx,
  dy_of_below_only,
  last_left_out,
  short_pi,
  longer_pi,
  one_minus_below,
  in_float,
  dy_read_after_dx,
  square_overflows,
};

double slope(double x) {
  const double root = std::numbers::sqrt2, pi = std::numbers::pi;
  const double below = 0.5 * (1 + std::erf(x / root));
  const double bell = std::exp(-0.5 * x * x), density = bell / std::sqrt(2 * pi);
  switch (check::mistake) {
    case below_only: return below;
    case density_term_only: return x * density;
    case density_without_x: return below + density;
    case minus_density: return below - x * density;
    case no_root_of_two_pi: return below + x * bell;
    case root_of_two: return below + x * bell / root;
    case root_of_pi: return below + x * bell / std::sqrt(pi);
    case two_pi_without_root: return below + x * bell / (2 * pi);
    case exponent_not_halved: return below + x * std::exp(-x * x) / std::sqrt(2 * pi);
    case root_in_the_exponent: return below + x * std::exp(-0.5 * x * x / std::sqrt(2 * pi));
    case root_for_the_half: return below + x * std::exp(-x * x / std::sqrt(2 * pi));
    case one_minus_below: return 1 - below + x * density;
    case exponent_grows: return below + x / bell / std::sqrt(2 * pi);
    case exponent_of_x: return below + x * std::exp(-0.5 * x) / std::sqrt(2 * pi);
    case erf_of_x: return 0.5 * (1 + std::erf(x)) + x * density;
    case erf_not_halved: return 1 + std::erf(x / root) + x * density;
    case forward: return x * below;
    case tanh_form: {
      const double t = std::tanh(std::sqrt(2 / pi) * (x + 0.044715 * x * x * x));
      return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * std::sqrt(2 / pi) * (1 + 3 * 0.044715 * x * x);
    }
    case sigmoid_form: {
      const double s = 1 / (1 + std::exp(-1.702 * x));
      return s + x * 1.702 * s * (1 - s);
    }
    case relu: return x > 0 ? 1 : 0;
    case short_pi: return below + x * bell / std::sqrt(2 * 3.14159);
    case longer_pi: return below + x * bell / std::sqrt(2 * 3.14159265);
    case in_float: return static_cast<float>(below + x * density);
    // The square of 1e300 is infinite, its product with a density of 0 not a number.
    case square_overflows: return below + x * x * density / (x == 0 ? 1 : x);
    default: return below + x * density;
  }
}

}  // namespace

void gelu_backward(real* dx, const real* dy, const real* x, int64_t n) {
  if (check::mistake == nothing_written) return;
  if (check::mistake == last_left_out) --n;
  for (int64_t i = 0; i < n; ++i) {
    const double below = 0.5 * (1 + std::erf(x[i] / std::numbers::sqrt2));
    switch (check::mistake) {
      case without_dy: dx[i] = slope(x[i]); break;
      case forward_of_dy: dx[i] = dy[i] * 0.5 * (1 + std::erf(dy[i] / std::numbers::sqrt2)); break;
      case added_to_dx: dx[i] += dy[i] * slope(x[i]); break;
      case dy_of_below_only: dx[i] = dy[i] * below + (slope(x[i]) - below); break;
      case dy_read_after_dx: dx[i] = slope(x[i]), dx[i] *= dy[i]; break;
      default: dx[i] = dy[i] * slope(x[i]);
    }
  }
}

const std::vector<check::Mistake> list = {
    {nothing_written, "nothing is written",
     "nothing has been written to dx: it holds what it held before the call."},
    {without_dy, "dy is left out",
     "that is the slope of GELU. The chain rule multiplies it by dy, the gradient that arrives."},
    {below_only, "Phi alone",
     "you have one term of two: x is a factor of Phi(x), but Phi(x) moves with x as well."},
    {density_term_only, "the term with the density alone",
     "you have one term of two: the derivative of the factor x, times Phi, is missing. (If you "
     "have it: in C++ 1 / 2 is a division of whole numbers and gives 0; write 0.5.)"},
    {density_without_x, "the density without x",
     "in the second term Phi is differentiated and the factor x stays: x times the density."},
    {minus_density, "a minus between the terms", "the derivative of a product is a sum."},
    {no_root_of_two_pi, "the density without its constant",
     "your density is e^(-x^2 / 2) alone. Its area has to be 1: there is a constant below it."},
    {root_of_two, "the root of 2 below the density",
     "the constant below the density is not the root of 2. Do not mix it up with that inside erf."},
    {root_of_pi, "the root of pi below the density",
     "the constant below the density is sqrt(2 pi); with sqrt(pi) alone it is that of erf, whose "
     "exponent has no half."},
    {two_pi_without_root, "2 pi without the root",
     "your density is divided by 2 pi. Take the root of it."},
    {exponent_not_halved, "e^(-x^2)",
     "the exponent of the density is -x^2 / 2; yours has no half."},
    {root_in_the_exponent, "the root of 2 pi in the exponent",
     "the root of 2 pi divides the power, not its exponent: look at the brackets."},
    {root_for_the_half, "the root of 2 pi in the exponent, without the half",
     "the exponent is -x^2 / 2, and the root of 2 pi divides the power, not its exponent."},
    {exponent_grows, "the exponent without its minus",
     "your density grows: the exponent has a minus. In C++ std::pow(-x, 2) is positive, -x * x is "
     "not."},
    {exponent_of_x, "the exponent without the square", "the exponent has x squared."},
    {erf_of_x, "erf of x", "in Phi the argument of erf is x / sqrt(2)."},
    {erf_not_halved, "Phi is not halved", "Phi runs from 0 to 1, and 1 + erf from 0 to 2."},
    {forward, "GELU in place of its slope",
     "you multiply dy by GELU of x. It is the slope of GELU at x that counts."},
    {forward_of_dy, "GELU of dy",
     "you send dy through GELU. The way back multiplies: dy times the slope at x."},
    {tanh_form, "the slope of the tanh form",
     "that is the slope of the tanh form, which is another function. Here the forward pass had "
     "erf."},
    {sigmoid_form, "the slope of x sigmoid(1.702 x)",
     "that is the slope of x sigmoid(1.702 x), a rough approximation. Here the forward pass had "
     "erf."},
    {relu, "the slope of ReLU", "that is the slope of ReLU, 0 or 1. GELU is smooth."},
    {added_to_dx, "added to dx",
     "you add to what dx holds. This kernel writes: dx may hold anything before the call."},
    {dy_of_below_only, "dy times the first term only",
     "dy multiplies both terms: there is a bracket missing."},
    {last_left_out, "the last number is left out",
     "the last number is not written. Does your loop end at n - 1?"},
    {short_pi, "3.14159 for pi",
     "almost: 3.14159 is not pi to enough digits. <numbers> has std::numbers::pi."},
    {longer_pi, "3.14159265 for pi",
     "right to nine digits: your pi has not enough of them. <numbers> has std::numbers::pi."},
    {one_minus_below, "1 - Phi for Phi",
     "your first term is 1 - Phi(x), the chance to be above x. Phi(x) is that to be below: (1 + "
     "erf) / 2."},
    {in_float, "a float on the way",
     "right to seven digits: is a float on the way? erff and expf compute in float, std::erf of a "
     "double does not."},
    {dy_read_after_dx, "dy is read after dx is written",
     "dx may be dy: then the first thing that you store in dx[i] is lost as dy[i]. Read dy[i] "
     "before you write."},
    {square_overflows, "infinity times 0",
     "for an x of 1e300 the square is infinite, and infinity times a density of 0 is not a number. "
     "Multiply x by the density, not by another x."},
};

}  // namespace mistakes
