// What people write instead.
#include <cmath>
#include <cstdlib>

#include "tutorials/07_backward_by_hand/exercises/dropout/dropout.h"

namespace mistakes {
namespace {

enum {
  nothing_written = 1,
  nothing_dropped,
  not_scaled,
  scaled_down,
  divided_by_p,
  scaled_by_p,
  scaled_by_the_share,
  inverted,
  inverted_and_scaled_by_p,
  dropped_not_written,
  dropped_as_they_are,
  times_zero,
  zero_by_zero,
  first_element_for_all,
  one_ahead,
  numbers_of_its_own,
  a_new_mask_each_call,
  without_seed,
  without_stream,
  fixed_p,
  p_zero_not_written,
  p_one_not_written,
  added_to_y,
  last_left_out,
  in_float,
};

bool is(int mistake) { return check::mistake == mistake; }

}  // namespace

void dropout(real* y, const real* x, DropoutMask mask, int64_t n) {
  if (is(nothing_written)) return;
  if (is(p_zero_not_written) && mask.p == 0) return;
  if (is(p_one_not_written) && mask.p == 1) return;
  static uint64_t calls = 0;
  if (is(a_new_mask_each_call)) mask.stream += calls++;
  if (is(without_seed)) mask.seed = 0;
  if (is(without_stream)) mask.stream = 0;
  const real p = is(fixed_p) ? 0.5 : mask.p;
  mask.p = p;
  const cairn::DropoutHash hash = cairn::dropout_hash(mask);
  uint32_t state = 1;
  const auto kept = [&](int64_t i) {
    if (is(nothing_dropped)) return true;
    if (is(first_element_for_all)) return cairn::keeps(hash, 0);
    if (is(one_ahead)) return cairn::keeps(hash, i + 1);
    if (is(numbers_of_its_own)) {
      state = state * 1664525u + 1013904223u;
      return state / 4294967296.0 >= p;
    }
    return cairn::keeps(hash, i) != (is(inverted) || is(inverted_and_scaled_by_p));
  };
  int64_t count = 0;
  for (int64_t i = 0; i < n; ++i) count += cairn::keeps(hash, i);
  for (int64_t i = 0; i < n - is(last_left_out); ++i) {
    real factor = p < 1 ? 1 / (1 - p) : 0;
    if (is(not_scaled)) factor = 1;
    if (is(scaled_down)) factor = 1 - p;
    if (is(divided_by_p) || is(inverted_and_scaled_by_p)) factor = 1 / p;
    if (is(scaled_by_p)) factor = p;
    if (is(scaled_by_the_share) && count > 0)
      factor = static_cast<real>(n) / static_cast<real>(count);
    if (is(in_float)) factor = static_cast<float>(factor);
    if (is(zero_by_zero)) {
      y[i] = x[i] * (kept(i) ? 1 : 0) / (1 - p);
    } else if (is(times_zero)) {
      y[i] = x[i] * factor * (kept(i) ? 1 : 0);
    } else if (is(added_to_y)) {
      y[i] += kept(i) ? x[i] * factor : 0;
    } else if (kept(i)) {
      y[i] = x[i] * factor;
    } else if (is(dropped_as_they_are)) {
      y[i] = x[i];
    } else if (!is(dropped_not_written)) {
      y[i] = 0;
    }
  }
}

const std::vector<check::Mistake> list = {
    {nothing_written, "nothing is written",
     "nothing has been written to y: it holds what it held before the call."},
    {nothing_dropped, "nothing is dropped",
     "no number of yours is 0. cairn::keeps says of each element whether it is kept."},
    {not_scaled, "not scaled",
     "what you keep is as large as before. On average the sum is smaller by the share p then: kept "
     "numbers are divided by the probability of being kept."},
    {scaled_down, "multiplied by 1 - p",
     "you multiply what is kept by 1 - p. It has to grow, not to shrink. (Who does not scale here "
     "multiplies by 1 - p when the network is used, without dropout.)"},
    {divided_by_p, "divided by p",
     "you divide by p, the probability of being dropped. It is that of being kept."},
    {scaled_by_p, "multiplied by p",
     "you multiply by p. Kept numbers are divided by the probability of being kept."},
    {scaled_by_the_share, "divided by the share that was kept",
     "you divide by the share that happened to be kept. It is the probability of being kept, 1 - "
     "p, "
     "whatever happened: the way back could not tell the other."},
    {inverted, "kept and dropped are exchanged", "you drop what is to be kept, and keep the rest."},
    {inverted_and_scaled_by_p, "p as the probability of being kept",
     "you take p for the probability of being kept. It is that of being dropped."},
    {dropped_not_written, "dropped numbers are not written",
     "where a number is dropped, y holds what it held before the call. Write the 0."},
    {dropped_as_they_are, "dropped numbers are copied",
     "numbers that are dropped come out as they were. They become 0."},
    {times_zero, "multiplied by 0",
     "you multiply what is dropped by 0. Infinity times 0 is not a number: write a 0."},
    {zero_by_zero, "0 divided by 0",
     "for p = 1 you divide 0 by 0, which is not a number. (So is infinity times 0.) Divide only "
     "what is kept, and write a 0 for the rest."},
    {first_element_for_all, "the first element for all",
     "all are kept or all are dropped: ask keeps for element i, not for one and the same."},
    {one_ahead, "one element ahead",
     "your mask is one element off. Element i has the number i, from 0."},
    {numbers_of_its_own, "random numbers of its own",
     "you draw random numbers of your own. Which are kept is a function of seed, stream and i: "
     "cairn::dropout_hash and cairn::keeps."},
    {a_new_mask_each_call, "a new mask in each call",
     "with the same mask a second call drops other numbers. The way back needs those of the way "
     "there: which are kept is a function of the mask and i alone, cairn::keeps, and nothing is "
     "remembered from call to call."},
    {without_seed, "the seed is left out",
     "your mask does not depend on mask.seed. Give dropout_hash the whole mask."},
    {without_stream, "the stream is left out",
     "your mask does not depend on mask.stream, so that all layers drop the same elements. Give "
     "dropout_hash the whole mask."},
    {fixed_p, "p is fixed", "you do not use mask.p, but a number of your own."},
    {p_zero_not_written, "p = 0 is left out",
     "for p = 0 you write nothing. All numbers are kept then: y is x."},
    {p_one_not_written, "p = 1 is left out",
     "for p = 1 you write nothing. All numbers are dropped then: y is 0."},
    {added_to_y, "added to y",
     "you add to what y holds. This kernel writes: it may hold anything before the call."},
    {last_left_out, "the last number is left out",
     "the last number is not written. Does your loop end at n - 1?"},
    {in_float, "a float on the way",
     "right to seven digits: is a float on the way? The check computes in double; write real or "
     "double."},
};

}  // namespace mistakes
