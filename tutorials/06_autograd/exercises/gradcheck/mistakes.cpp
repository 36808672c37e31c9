// What people write instead.
#include <cmath>

#include "tutorials/06_autograd/exercises/gradcheck/gradcheck.h"

namespace mistakes {
namespace {

enum {
  always_right = 1,
  always_wrong,
  forward_difference,
  tiny_step,
  large_step,
  fixed_step,
  step_without_a_floor,
  absolute_tolerance,
  relative_tolerance,
  relative_and_less,
  tight,
  relative_to_the_claim,
  not_halved,
  restored_by_adding,
  not_restored,
  restored_in_the_end,
  nan_passes,
  first_alone,
  last_left_out,
  sum_alone,
  sizes_alone,
  early_yes,
  largest_slope_counts,
  loose,
  mean_error,
  restored_by_assigning_the_sum,
};

bool is(int mistake) { return check::mistake == mistake; }

double step_of(double x) {
  const double size = std::fmax(1, std::fabs(x));
  if (is(tiny_step)) return 1e-13 * size;
  if (is(large_step)) return 1e-2 * size;
  if (is(fixed_step)) return 1e-5;
  if (is(step_without_a_floor)) return 1e-5 * std::fabs(x);
  return 1e-5 * size;
}

double tolerance_of(double slope, double largest) {
  if (is(absolute_tolerance)) return 1e-4;
  if (is(relative_tolerance) || is(relative_and_less)) return 1e-4 * std::fabs(slope);
  if (is(largest_slope_counts)) return 1e-4 * std::fmax(1, largest);
  if (is(tight)) return 1e-5 * std::fmax(1, std::fabs(slope));
  if (is(loose)) return 0.1 * std::fmax(1, std::fabs(slope));
  return 1e-4 * std::fmax(1, std::fabs(slope));
}

}  // namespace

bool gradcheck(const std::function<double()>& f, std::vector<double>& x,
               const std::vector<double>& dx) {
  if (is(always_right)) return true;
  if (is(always_wrong)) return x.empty();
  const std::vector<double> all_before = x;
  bool right = true;
  double errors = 0, sum = 0, largest = 0;
  for (double number : dx) largest = std::fmax(largest, std::fabs(number));
  for (size_t i = 0; i < x.size(); ++i) {
    if ((is(first_alone) && i > 0) || (is(last_left_out) && i > 0 && i + 1 == x.size())) break;
    const double before = x[i], h = step_of(before);
    x[i] = before + h;
    const double above = f();
    x[i] = is(restored_by_adding) ? x[i] - 2 * h : before - h;
    const double below = f();
    x[i] = is(restored_by_adding) ? x[i] + h : before;
    if (is(restored_by_assigning_the_sum)) x[i] = before + 0.0;
    if (is(not_restored)) x[i] = before - h;
    if (is(restored_in_the_end)) x[i] = before - h;
    double slope = (above - below) / (is(not_halved) ? h : 2 * h);
    if (is(forward_difference)) slope = (above - f()) / h;
    const double claimed = is(sizes_alone) ? std::fabs(dx[i]) : dx[i];
    if (is(sizes_alone)) slope = std::fabs(slope);
    const double error = std::fabs(claimed - slope),
                 tolerance = tolerance_of(is(relative_to_the_claim) ? claimed : slope, largest);
    const bool close = is(nan_passes)          ? !(error > tolerance)
                       : is(relative_and_less) ? error < tolerance
                                               : error <= tolerance;
    errors += error / std::fmax(1, std::fabs(slope)), sum += dx[i] - slope;
    if (is(early_yes) && close) return true;
    right = right && close;
  }
  if (is(restored_in_the_end)) x = all_before;
  if (x.empty()) return true;
  if (is(sum_alone)) return std::fabs(sum) <= 1e-4 * std::fmax(1, largest);
  if (is(mean_error)) return errors / static_cast<double>(x.size()) <= 1e-3;
  return right;
}

const std::vector<check::Mistake> list = {
    {always_right, "always yes", "you say yes to everything."},
    {always_wrong, "always no", "you say no to everything."},
    {forward_difference, "a forward difference",
     "right gradients of steep functions are refused. (f(x + h) - f(x)) / h is off by h / 2 times "
     "the second derivative: take the central difference, (f(x + h) - f(x - h)) / 2h."},
    {tiny_step, "a step that is too small",
     "right gradients are refused: your step is so small that f(x + h) - f(x - h) is mostly "
     "rounding. About 1e-5 is good in double. (Or is there a float between?)"},
    {large_step, "a step that is too large",
     "right gradients are refused: your step is so large that curved functions change their slope "
     "within it. About 1e-5 is good in double."},
    {fixed_step, "one step for all",
     "right where x is small. At 1e9 a step of 1e-5 is less than what a double can hold beside it: "
     "let the step grow with |x|."},
    {step_without_a_floor, "a step of 0 at 0",
     "your step is a factor times |x|, so it is 0 where x is 0: multiply by max(1, |x|)."},
    {absolute_tolerance, "one tolerance for all slopes",
     "right where slopes are small. Of a slope of 1e10 the quotient has ten digits, so it is off "
     "by "
     "more than your tolerance: let that grow with the slope."},
    {relative_tolerance, "relative to a slope of 0",
     "where the slope is 0 nothing is near enough: your tolerance is a factor times |slope|. "
     "Multiply by max(1, |slope|)."},
    {relative_and_less, "relative to a slope of 0, and <",
     "where the slope is 0 nothing is near enough, not even 0: your tolerance is a factor times "
     "|slope|. Multiply by max(1, |slope|)."},
    {tight, "a tolerance that is too tight",
     "the quotient of a steep wave is off by h * h / 6 times the third derivative, which is more "
     "than your tolerance. h = 1e-5 and 1e-4 * max(1, |slope|) go together."},
    {relative_to_the_claim, "relative to the claim",
     "your tolerance grows with dx[i], so it is infinite where dx[i] is. Let it grow with the "
     "quotient, or ask whether dx[i] is finite."},
    {not_halved, "divided by h", "x + h and x - h are 2h apart: divide by 2h."},
    {restored_by_adding, "x + h - 2h + h",
     "you add and take off h, which does not lead back: the sums are rounded. Copy x[i] before, "
     "and write the copy back."},
    {not_restored, "x stays nudged", "x[i] has to be put back, before the next one is nudged."},
    {restored_in_the_end, "x is restored in the end",
     "you put back all of x in the end. In between, several numbers are nudged at once: put each "
     "back before you go on."},
    {nan_passes, "NaN passes",
     "a gradient of NaN passes: every comparison with NaN is false, so ask whether the error is "
     "small, not whether it is large."},
    {first_alone, "the first number alone", "you look at the first number only."},
    {last_left_out, "the last number is left out", "you do not look at the last number."},
    {sum_alone, "the sum alone",
     "you compare a sum over all numbers: two mistakes can cancel. Compare each by itself."},
    {sizes_alone, "without signs", "you compare the sizes alone. A slope has a sign."},
    {early_yes, "yes at the first that fits",
     "you return at the first number that fits. All have to."},
    {largest_slope_counts, "relative to the largest slope",
     "your tolerance is relative to the largest of all slopes, so small ones may be anything. "
     "Compare each with its own."},
    {loose, "a loose tolerance",
     "wrong gradients pass: your tolerance is too large. A central difference in double is right "
     "to ten digits."},
    {mean_error, "the mean error",
     "one wrong number among many passes: you look at the mean of the errors. All have to be "
     "small."},
    {restored_by_assigning_the_sum, "-0 becomes 0",
     "all but right: -0 has become 0. Write back the copy itself."},
};

}  // namespace mistakes
