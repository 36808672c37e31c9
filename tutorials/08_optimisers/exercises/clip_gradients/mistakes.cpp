// What people write instead.
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "tutorials/08_optimisers/exercises/clip_gradients/clip_gradients.h"

namespace mistakes {
namespace {

enum {
  nothing_computed = 1,
  no_root,
  sum_of_norms,
  largest_norm,
  mean_of_squares,
  p_is_2,
  square_root_always,
  infinity_by_powers,
  undefined_is_read,
  counted_twice,
  nan_lost_at_the_end,
  nan_lost_at_the_front,
  nan_skipped,
  infinite_is_nan,
  no_magnitude,
  of_the_parameters,
  in_float,
  p_not_checked,
  nan_p,
  scale_not_limited,
  no_millionth,
  millionth_outside,
  scale_upside_down,
  max_norm_not_checked,
  nan_max_norm,
  gradients_rewritten,
  zero_gives_zero,
  last_tensor_alone,
  max_norm_is_1,
  largest_without_magnitude,
  returned_as_it_is,
  longer_than_max_norm,
  max_norm_0_refused,
};

bool is(int mistake) { return check::mistake == mistake; }

// What is kept of the largest size.
double larger(double largest, double size) {
  if (is(nan_lost_at_the_end)) return std::max(largest, size);
  if (is(nan_lost_at_the_front)) return std::max(size, largest);
  return size > largest || std::isnan(size) ? size : largest;
}

double norm_of(const NamedTensors& parameters, double p) {
  const bool refused = is(nan_p) ? p <= 0 : !(p > 0);
  if (refused && !is(p_not_checked)) throw std::invalid_argument("p");
  if (is(p_is_2)) p = 2;
  const bool infinite = std::isinf(p) && !is(infinity_by_powers);
  double sum = 0, largest = 0, norms = 0, largest_norm_yet = 0;
  int64_t count = 0;
  for (const NamedTensor& parameter : is(counted_twice) ? parameters : each_once(parameters)) {
    const Tensor g = is(of_the_parameters) ? parameter.tensor : parameter.tensor.grad();
    if (!g.defined() && !is(undefined_is_read)) continue;
    double own = 0;
    if (is(last_tensor_alone)) sum = largest = 0;
    for (const real number : g.to_vector()) {
      if (is(nan_skipped) && std::isnan(number)) continue;
      const double size = is(no_magnitude) ? number : std::fabs(number);
      const double power = std::pow(size, p);
      sum += power, own += power, ++count;
      if (is(in_float)) sum = static_cast<float>(sum), largest = static_cast<float>(largest);
      if (is(returned_as_it_is) && !std::isfinite(number)) return number;
      largest = larger(largest, is(largest_without_magnitude) ? double{number} : size);
    }
    norms += std::pow(own, 1 / p);
    largest_norm_yet = std::fmax(largest_norm_yet, std::pow(own, 1 / p));
  }
  if (infinite) return is(infinite_is_nan) && std::isinf(largest) ? NAN : largest;
  if (is(infinite_is_nan) && std::isinf(sum)) return NAN;
  if (is(no_root)) return sum;
  if (is(sum_of_norms)) return norms;
  if (is(largest_norm)) return std::isnan(sum) ? sum : largest_norm_yet;
  if (is(mean_of_squares) && count > 0) sum /= static_cast<double>(count);
  return is(square_root_always) ? std::sqrt(sum) : std::pow(sum, 1 / p);
}

double scale_of(double norm, double max_norm) {
  const bool refused = is(nan_max_norm) ? max_norm < 0 : !(max_norm >= 0);
  if (refused && !is(max_norm_not_checked)) throw std::invalid_argument("max_norm");
  if (is(max_norm_0_refused) && max_norm == 0) throw std::invalid_argument("max_norm");
  if (is(longer_than_max_norm) && norm <= max_norm) return 1;
  if (is(max_norm_is_1)) max_norm = 1;
  if (is(zero_gives_zero) && norm == 0) return 0;
  double scale = max_norm / (norm + 1e-6);
  if (is(no_millionth)) scale = norm == 0 ? 1 : max_norm / norm;
  if (is(millionth_outside)) scale = max_norm / norm + 1e-6;
  if (is(scale_upside_down)) scale = (norm + 1e-6) / max_norm;
  return is(scale_not_limited) ? scale : std::min(1.0, scale);
}

}  // namespace

Clipped clip_gradients(const NamedTensors& parameters, double p, double max_norm) {
  if (is(nothing_computed)) return {0, 1};
  const double norm = norm_of(parameters, p), scale = scale_of(norm, max_norm);
  if (is(gradients_rewritten))
    for (const NamedTensor& parameter : parameters) {
      Tensor g = parameter.tensor.grad();
      if (g.defined()) g.mul_(static_cast<real>(scale));
    }
  return {norm, scale};
}

const std::vector<check::Mistake> list = {
    {nothing_computed, "nothing is computed", "the norm is 0, whatever the gradients are."},
    {no_root, "no root", "you return the sum of the powers; its p-th root is missing."},
    {sum_of_norms, "the sum of the norms",
     "you add up the norm of each tensor. The gradients are one long vector: one sum over all, and "
     "one root at the end."},
    {largest_norm, "the largest norm",
     "you take the largest of the tensors' norms. All gradients are one long vector, with one "
     "norm."},
    {mean_of_squares, "a mean", "you divide by the number of gradients. A norm is of the sum."},
    {p_is_2, "2 whatever p is", "p is an argument; you compute with 2 whatever it is."},
    {square_root_always, "a square root for every p",
     "the root is the p-th one, std::pow(sum, 1 / p), not the square root."},
    {infinity_by_powers, "infinite powers",
     "for p = infinity the powers are 0, 1 or infinite, and the root of any of them is 1. The norm "
     "is the largest size then: a way of its own."},
    {undefined_is_read, "a gradient that is not there",
     "a parameter that no backward has reached has no gradient: ask g.defined() before you read "
     "it."},
    {counted_twice, "a shared tensor twice",
     "a tensor with two names is counted twice: it has one gradient. See each_once()."},
    {nan_lost_at_the_end, "std::max(largest, size)",
     "a NaN gets lost for p = infinity: std::max(largest, size) keeps `largest`, since a "
     "comparison "
     "with NaN is false. Ask for it."},
    {nan_lost_at_the_front, "std::max(size, largest)",
     "a NaN that is followed by a number gets lost for p = infinity: std::max(size, largest) keeps "
     "`size`, since a comparison with NaN is false. Once NaN, always NaN."},
    {nan_skipped, "NaN is skipped",
     "you leave NaN out. A gradient with NaN in it has the norm NaN, so that the training can see "
     "it."},
    {infinite_is_nan, "infinite is NaN",
     "if a gradient is infinite, the norm is infinite, not NaN."},
    {no_magnitude, "without the magnitude",
     "you take powers of the gradient and not of its size: for an odd p, positive and negative "
     "ones cancel, and the largest size may be that of a negative one."},
    {of_the_parameters, "of the parameters",
     "that is the norm of the parameters. Their gradients are in tensor.grad()."},
    {in_float, "a float on the way", "right to seven digits: is there a float? Add in double."},
    {p_not_checked, "p is not checked", "a p of 0 or less has to be refused, and so has NaN."},
    {nan_p, "a p of NaN",
     "a p of NaN is not refused: NaN <= 0 is false, as every comparison with NaN is. Ask !(p > "
     "0)."},
    {scale_not_limited, "the factor is not limited",
     "the norm is right. Your factor is larger than 1 for short gradients: they would be made "
     "longer. min(1, ...)."},
    {no_millionth, "without 1e-6",
     "the norm is right. The factor is max_norm / (norm + 1e-6), as in PyTorch; you leave the 1e-6 "
     "out."},
    {millionth_outside, "1e-6 added to the quotient",
     "the norm is right. 1e-6 is added to the norm, before the division."},
    {scale_upside_down, "upside down",
     "the norm is right. Your quotient is upside down: max_norm stands above, so that long "
     "gradients get a small factor."},
    {max_norm_not_checked, "max_norm is not checked",
     "a negative max_norm has to be refused, and so has NaN: the factor would turn the step "
     "uphill."},
    {nan_max_norm, "a max_norm of NaN",
     "a max_norm of NaN is not refused: NaN < 0 is false, as every comparison with NaN is. Ask "
     "!(max_norm >= 0)."},
    {gradients_rewritten, "the gradients are rewritten",
     "you multiply the gradients by the factor. They stay as they are; the optimiser's step is "
     "given "
     "the factor."},
    {zero_gives_zero, "a norm of 0 gives 0",
     "a gradient of norm 0 is short enough: its factor is 1, as the formula says."},
    {last_tensor_alone, "the last tensor alone",
     "your sum starts again for each parameter, and only the last one counts. One sum over all."},
    {max_norm_is_1, "1 whatever max_norm is", "max_norm is an argument; you have 1 in its place."},
    {largest_without_magnitude, "the largest without the magnitude",
     "for p = infinity you take the largest gradient. It is the largest size: -6 counts as 6."},
    {returned_as_it_is, "what is not finite is returned as it is",
     "you return the first number that is not finite. The norm of -infinity is infinity, and a NaN "
     "that comes after an infinity still makes it NaN."},
    {longer_than_max_norm, "whether the norm is larger than max_norm",
     "do you ask whether norm > max_norm? The formula asks which is smaller, 1 or the quotient, "
     "and "
     "with the 1e-6 in it the quotient is a little less than 1 where the two norms are equal."},
    {max_norm_0_refused, "a max_norm of 0 is refused",
     "do you refuse a max_norm of 0? It is allowed, and gives the factor 0: only a negative one "
     "and "
     "NaN are errors."},
};

}  // namespace mistakes
