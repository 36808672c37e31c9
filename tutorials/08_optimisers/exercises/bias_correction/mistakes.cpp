// What people write instead.
#include <cmath>

#include "tutorials/08_optimisers/exercises/bias_correction/bias_correction.h"

namespace mistakes {
namespace {

enum {
  nothing_returned = 1,
  not_corrected,
  from_step_0,
  from_step_2,
  corrected_goes_on,
  one_step_for_all,
  times_t,
  begins_at_the_first,
  begins_and_corrected,
  sum_of_gradients,
  betas_exchanged,
  multiplied,
  last_alone,
  fixed_beta,
  root_of_the_divisor,
  plain_mean,
  in_float,
  total_for_all,
};

bool is(int mistake) { return check::mistake == mistake; }

}  // namespace

std::vector<real> bias_correction(const std::vector<real>& g, double beta) {
  if (is(nothing_returned)) return {};
  if (is(fixed_beta)) beta = 0.9;
  std::vector<real> result;
  double mean = (is(begins_at_the_first) || is(begins_and_corrected)) && !g.empty() ? g[0] : 0;
  for (size_t i = 0; i < g.size(); ++i) {
    double t = static_cast<double>(i + 1);
    if (is(from_step_0)) t -= 1;
    if (is(from_step_2)) t += 1;
    if (is(total_for_all)) t = static_cast<double>(g.size());
    mean = is(betas_exchanged)    ? (1 - beta) * mean + beta * g[i]
           : is(sum_of_gradients) ? beta * mean + g[i]
           : is(plain_mean)       ? mean + (g[i] - mean) / t
                                  : beta * mean + (1 - beta) * g[i];
    double divisor = 1 - std::pow(beta, t);
    if (is(one_step_for_all)) divisor = 1 - beta;
    if (is(times_t)) divisor = 1 - beta * t;
    if (is(root_of_the_divisor)) divisor = std::sqrt(divisor);
    if (is(multiplied)) divisor = 1 / divisor;
    if (is(in_float)) mean = static_cast<float>(mean);
    if (is(not_corrected) || is(begins_at_the_first) || is(plain_mean)) divisor = 1;
    result.push_back(mean / divisor);
    if (is(corrected_goes_on)) mean = result.back();
  }
  if (is(last_alone) && !result.empty()) return {result.back()};
  return result;
}

const std::vector<check::Mistake> list = {
    {nothing_returned, "nothing is returned",
     "the result is empty. It has a number for each of the gradients."},
    {not_corrected, "not corrected",
     "your means are too small at first: the division by 1 - beta^t is missing."},
    {from_step_0, "t from 0",
     "your first divisor is 1 - beta^0, which is 0. The first gradient is step 1."},
    {from_step_2, "t from 2",
     "you begin with 1 - beta^2. For the first gradient, of index 0, t is 1."},
    {corrected_goes_on, "the corrected mean goes on",
     "the first number is right, and then it goes wrong: you store the corrected mean and go on "
     "with it, so it is corrected again and again. Keep the running mean as it is, and divide only "
     "what you return."},
    {one_step_for_all, "1 - beta for all steps",
     "you always divide by 1 - beta. That is right for the first step; for step t it is 1 - "
     "beta^t."},
    {times_t, "beta times t", "you multiply beta by t. It is beta to the power of t."},
    {begins_at_the_first, "begins at the first gradient",
     "your mean begins at the first gradient. That is another way out, but not the same: the first "
     "gradient then has too much weight for long."},
    {begins_and_corrected, "begins at the first gradient, and corrected",
     "your mean begins at the first gradient, and is divided as if it had begun at 0."},
    {sum_of_gradients, "without 1 - beta",
     "you add the gradient itself. A running mean adds 1 - beta of it."},
    {betas_exchanged, "beta and 1 - beta exchanged",
     "you keep 1 - beta of the old mean and take beta of the new gradient. It is the other way "
     "round: beta is near 1, and the mean changes slowly."},
    {multiplied, "multiplied", "you multiply by 1 - beta^t. The mean is too small: divide."},
    {last_alone, "the last alone",
     "you return the last mean. All of them are asked for, in order."},
    {fixed_beta, "0.9 whatever beta is", "beta is an argument; you have a number in its place."},
    {root_of_the_divisor, "the root of the divisor",
     "you divide by the root of 1 - beta^t. (The root in Adam comes later, and is over the "
     "corrected mean of squares.)"},
    {plain_mean, "the plain mean",
     "that is the mean of all gradients so far, each with the same weight. A running mean forgets: "
     "older ones have less."},
    {in_float, "a float on the way",
     "is there a float? It has seven digits, and 1 - beta^t loses most of them when beta is near "
     "1. "
     "Use double for the mean and the power."},
    {total_for_all, "t is the number of gradients",
     "you divide all of them by the same. t is the step of each: 1 for the first."},
};

}  // namespace mistakes
