// What people write instead.
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "tutorials/08_optimisers/exercises/warmup/warmup.h"

namespace mistakes {
namespace {

enum {
  whole_numbers = 1,
  no_warm_up,
  stays_at_1,
  from_step_1,
  down_from_step_0,
  length_is_total,
  below_zero,
  divided_by_zero,
  end_too_early,
  cosine,
  no_warm_up_is_0,
  total_cuts_the_warm_up,
  nothing_refused,
  step_not_refused,
  warmup_not_refused,
  total_not_refused,
  late_total,
  in_float,
  always_1,
  climbs_at_warmup,
  longer_warm_up_rises,
  falls_by_total,
  one_until_the_end,
};

bool is(int mistake) { return check::mistake == mistake; }

double quotient(int64_t a, int64_t b) {
  if (is(whole_numbers) && b != 0) return static_cast<double>(a / b);
  if (is(in_float)) return static_cast<float>(a) / static_cast<float>(b);
  return static_cast<double>(a) / static_cast<double>(b);
}

}  // namespace

double warmup(int64_t step, int64_t warmup, int64_t total) {
  if (is(always_1)) return 1;
  const bool refused = (step < 0 && !is(step_not_refused)) ||
                       (warmup < 0 && !is(warmup_not_refused)) ||
                       (total < 0 && !is(total_not_refused) && !(is(late_total) && step < warmup));
  if (refused && !is(nothing_refused)) throw std::invalid_argument("negative");
  if (is(total_cuts_the_warm_up) && step >= total) return 0;
  if (is(no_warm_up_is_0) && warmup == 0 && step == 0) return 0;
  if (is(no_warm_up)) return step >= total ? 0 : quotient(total - step, total);
  if (step < warmup) {
    if (is(down_from_step_0))
      return std::max(0.0,
                      quotient(step, warmup) * quotient(total - step, std::max<int64_t>(1, total)));
    return is(from_step_1) ? quotient(step + 1, warmup) : quotient(step, warmup);
  }
  if (is(stays_at_1)) return 1;
  if (is(climbs_at_warmup) && step == warmup) return quotient(step, warmup);
  if (is(longer_warm_up_rises) && warmup != total)
    return std::max(0.0, quotient(total - step, total - warmup));
  if (is(divided_by_zero) && warmup == total) return quotient(total - step, total - warmup);
  if (is(below_zero) && total > warmup) return quotient(total - step, total - warmup);
  if (step >= total) return 0;
  if (is(one_until_the_end)) return 1;
  if (is(falls_by_total)) return 1 - quotient(step - warmup, total);
  if (is(length_is_total) || is(down_from_step_0)) return quotient(total - step, total);
  if (is(end_too_early))
    return std::max(0.0, total - warmup < 2 ? 1.0 : quotient(total - 1 - step, total - 1 - warmup));
  if (is(cosine))
    return (1 + std::cos(std::acos(-1.0) * quotient(step - warmup, total - warmup))) / 2;
  return quotient(total - step, total - warmup);
}

const std::vector<check::Mistake> list = {
    {whole_numbers, "whole numbers are divided",
     "your factors are all 0 or 1: a quotient of whole numbers is a whole number. Convert to "
     "double "
     "before you divide."},
    {no_warm_up, "no warm-up", "your factor begins at 1 and only falls. First it climbs, from 0."},
    {stays_at_1, "it stays at 1",
     "your factor stays at 1 after the warm-up. It falls to 0, which it reaches at step total."},
    {from_step_1, "the first step is 1 / warmup",
     "your first factor is 1 / warmup. Some schedules do so; this one begins at 0: step / warmup."},
    {down_from_step_0, "the warm-up is multiplied in",
     "you multiply the warm-up and the way down. They come one after the other: the way down "
     "begins "
     "at step warmup, at 1."},
    {length_is_total, "the way down has `total` steps",
     "after the warm-up your factor jumps from 1 to less: the way down begins at step warmup and "
     "has "
     "total - warmup steps."},
    {below_zero, "below zero",
     "after step total your factor is negative, and a negative rate goes uphill. It stays at 0."},
    {divided_by_zero, "0 / 0",
     "if the warm-up is all there is, the way down has no steps, and you divide by 0. Ask for "
     "step >= total before you divide."},
    {end_too_early, "the end is one step early",
     "your factor is 0 one step before `total`. The last step, total - 1, still has a rate."},
    {cosine, "a cosine", "that is a cosine's way down. Asked for is a straight line."},
    {no_warm_up_is_0, "step 0 is always 0",
     "with no warm-up step 0 has the factor 1: there is nothing to climb."},
    {total_cuts_the_warm_up, "the end comes before the warm-up",
     "before step `warmup` the factor is step / warmup even if `total` has passed. Ask for the "
     "warm-up first."},
    {nothing_refused, "nothing is refused",
     "a negative number has to be refused: throw an exception, for instance with cairn::fail()."},
    {step_not_refused, "a negative step", "a negative step is not refused."},
    {warmup_not_refused, "a negative warm-up", "a negative warmup is not refused."},
    {total_not_refused, "a negative total", "a negative total is not refused."},
    {late_total, "a negative total during the warm-up",
     "a negative total is refused only after the warm-up. Look at all three before anything else."},
    {in_float, "a float on the way", "right to seven digits: is there a float? Write double."},
    {always_1, "1 for all steps",
     "your factor is 1 at every step. It climbs from 0 to 1, and falls to 0 again."},
    {climbs_at_warmup, "step <= warmup",
     "do you ask step <= warmup? Without a warm-up step 0 is then 0 / 0. The way up is the steps "
     "before `warmup`: step < warmup."},
    {longer_warm_up_rises, "the warm-up is longer than all",
     "where the warm-up is longer than `total` your factor is 1 and more after it: both "
     "differences "
     "are negative. Ask for step >= total before you divide."},
    {falls_by_total, "the way down is divided by total",
     "your factor falls too slowly and drops to 0 from above it: the way down has total - warmup "
     "steps, not total."},
    {one_until_the_end, "no way down",
     "your factor stays at 1 until the end, and is 0 all at once. It falls in a line, from 1 at "
     "step warmup."},
};

}  // namespace mistakes
