// What people write instead.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "tutorials/03_encoder_block/exercises/gelu/gelu.h"

namespace mistakes {
namespace {

enum {
  tanh_form = 1,
  sigmoid_form,
  silu,
  no_root_of_two,
  root_of_two_outside,
  times_root_of_two,
  not_halved,
  half_is_an_integer,
  without_x,
  minus_erf,
  density,
  relu,
  last_left_out,
  short_root,
  shorter_root,
  in_float,
  x_read_after_y,
};

real gelu_of(real x) {
  const double root = std::numbers::sqrt2, pi = std::numbers::pi;
  switch (check::mistake) {
    case tanh_form: return x * (1 + std::tanh(std::sqrt(2 / pi) * (x + 0.044715 * x * x * x))) / 2;
    case sigmoid_form: return x / (1 + std::exp(-1.702 * x));
    case silu: return x / (1 + std::exp(-x));
    case no_root_of_two: return x * (1 + std::erf(x)) / 2;
    case root_of_two_outside: return x * (1 + std::erf(x) / root) / 2;
    case times_root_of_two: return x * (1 + std::erf(x * root)) / 2;
    case not_halved: return x * (1 + std::erf(x / root));
    case half_is_an_integer: return 1 / 2 * x * (1 + std::erf(x / root));
    case without_x: return (1 + std::erf(x / root)) / 2;
    case minus_erf: return x * (1 - std::erf(x / root)) / 2;
    case density: return x * std::exp(-x * x / 2) / std::sqrt(2 * pi);
    case short_root: return x * (1 + std::erf(x / 1.414)) / 2;
    case shorter_root: return x * (1 + std::erf(x / 1.41421)) / 2;
    case in_float: return x * (1 + static_cast<double>(erff(static_cast<float>(x / root)))) / 2;
    case relu: return std::max<real>(x, 0);
    default: return x * (1 + std::erf(x / root)) / 2;
  }
}

}  // namespace

void gelu(real* y, const real* x, int64_t n) {
  if (check::mistake == last_left_out) --n;
  for (int64_t i = 0; i < n; ++i) {
    if (check::mistake == x_read_after_y) {
      y[i] = 1 + std::erf(x[i] / std::numbers::sqrt2);
      y[i] *= x[i] / 2;
    } else {
      y[i] = gelu_of(x[i]);
    }
  }
}

const std::vector<check::Mistake> list = {
    {tanh_form, "the tanh form",
     "these are the numbers of the tanh form, which differ by up to 4.7e-4: that is another "
     "exercise. "
     "Here the error function is asked for, std::erf."},
    {sigmoid_form, "x sigmoid(1.702 x)",
     "x sigmoid(1.702 x) is a rough approximation, off by up to 0.02. Use std::erf."},
    {silu, "x sigmoid(x)",
     "x sigmoid(x) is SiLU, another activation. GELU is x times the normal distribution's "
     "cumulative "
     "function; std::erf has it."},
    {no_root_of_two, "erf of x",
     "the argument of erf is x / sqrt(2): erf is made for a normal distribution of variance 1/2."},
    {root_of_two_outside, "the root outside erf",
     "the square root of 2 divides the argument of erf, not its result."},
    {times_root_of_two, "erf of x times the root",
     "you multiply by sqrt(2); the argument of erf is x divided by it."},
    {not_halved, "not halved",
     "your results are twice what they should be: 1 + erf runs from 0 to 2, and is to be halved."},
    {half_is_an_integer, "1 / 2 is 0",
     "all your results are 0. In C++ 1 / 2 is a division of whole numbers and gives 0; write 0.5."},
    {without_x, "without the factor x",
     "your results lie between 0 and 1: that is the probability alone. GELU is x times it."},
    {minus_erf, "1 - erf",
     "your curve is mirrored: large x gives 0. It is 1 + erf, the probability of a number below "
     "x."},
    {density, "the density",
     "you multiply x by the density e^(-x^2 / 2) / sqrt(2 pi); it is the cumulative function, the "
     "area to the left of x."},
    {relu, "ReLU",
     "that is ReLU, which has a corner. GELU is smooth, and slightly negative to the left of 0."},
    {last_left_out, "the last number is left out",
     "the last number is not written. Does your loop end at n - 1?"},
    {short_root, "1.414 for the root",
     "almost: 1.414 is not the root of 2 to enough digits. Write std::sqrt(2.0)."},
    {shorter_root, "1.41421 for the root",
     "almost: 1.41421 is not the root of 2 to enough digits. Write std::sqrt(2.0)."},
    {in_float, "erff",
     "right to seven digits: a float is on the way. erff computes in float; std::erf of a double "
     "does not."},
    {x_read_after_y, "x is read after y is written",
     "y may be x: then the first thing that you store in y[i] is lost as x[i]. Read x[i] once, "
     "before you write."},
};

}  // namespace mistakes
