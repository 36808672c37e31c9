// What people write instead.
#include <cmath>
#include <limits>

#include "core/ops.h"
#include "tutorials/02_heads_and_masks/exercises/causal_mask/causal_mask.h"

namespace mistakes {
namespace {

using cairn::real;

enum {
  upside_down = 1,
  hides_itself,
  sees_one_ahead,
  sees_only_itself,
  sees_only_the_last,
  ones_and_zeros,
  minus_ten,
  minus_ten_thousand,
  lowest_number,
  smallest_number,
  zero_times_infinity,
  one_row,
  kept_between_calls,
  past_hidden,
  plus_infinity,
  three_axes,
  nothing_hidden,
  zeros_not_written,
};

bool sees(int64_t i, int64_t j) {
  switch (check::mistake) {
    case upside_down: return j >= i;
    case hides_itself: return j < i;
    case sees_one_ahead: return j <= i + 1;
    case past_hidden: return j > i;
    case sees_only_itself: return j == i;
    case sees_only_the_last: return j == i || j == i - 1;
    default: return j <= i;
  }
}

real hidden() {
  switch (check::mistake) {
    case ones_and_zeros:
    case nothing_hidden: return 0;
    case minus_ten: return -10;
    case minus_ten_thousand: return -10000;
    case lowest_number: return std::numeric_limits<real>::lowest();
    case smallest_number: return std::numeric_limits<real>::min();
    case plus_infinity: return INFINITY;
    default: return -INFINITY;
  }
}
real seen() {
  return check::mistake == ones_and_zeros ? 1 : check::mistake == zero_times_infinity ? NAN : 0;
}

Tensor made(int64_t rows, int64_t T) {
  std::vector<real> mask;
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < T; ++j) mask.push_back(sees(i, j) ? seen() : hidden());
  return Tensor::of({rows, T}, mask);
}

// Only the hidden keys are written.
Tensor without_zeros(int64_t T) {
  Tensor mask = Tensor::empty({T, T});
  for (int64_t i = 0; i < T; ++i) slice(mask[i], 0, i + 1, T).fill_(-INFINITY);
  return mask;
}

}  // namespace

Tensor causal_mask(int64_t T) {
  if (check::mistake == zeros_not_written) return without_zeros(T);
  if (check::mistake == three_axes) return reshape(made(T, T), {1, T, T});
  static Tensor kept;  // of T = 2; a check begins with another T
  if (T != 2) kept = Tensor();
  if (check::mistake == kept_between_calls && T == 2)
    return kept.defined() ? kept : kept = made(T, T);
  return made(check::mistake == one_row ? 1 : T, T);
}

const std::vector<check::Mistake> list = {
    {upside_down, "upside down",
     "your tokens see themselves and the future. Row i is the query, column j the key, and j > i "
     "is what comes later: the other triangle is to be hidden."},
    {hides_itself, "a token does not see itself",
     "your diagonal is hidden: token i may look at itself, j <= i. As it is, the first token may "
     "look at nothing."},
    {sees_one_ahead, "one token ahead is seen",
     "each token still sees the next one, which is the very word it has to predict. The first "
     "hidden key of row i is i + 1."},
    {sees_only_itself, "only the diagonal",
     "each token sees itself alone, so nothing is attended to. All keys up to i are seen."},
    {sees_only_the_last, "only the token before",
     "each token sees itself and the one before it. All keys up to i are seen, back to the first."},
    {ones_and_zeros, "ones and zeros",
     "that is a triangle to multiply by. What you return is added to the scores: 0 changes "
     "nothing, and minus infinity hides."},
    {minus_ten, "minus 10",
     "-10 only makes the future unlikely: a score of 10 makes up for it. Only minus infinity "
     "hides whatever the score is."},
    {minus_ten_thousand, "minus 10,000",
     "-10,000 hides a key as long as another one may be seen, and cancels in the softmax where "
     "none is, as with padding in front. The contract asks for minus infinity."},
    {lowest_number, "the lowest finite number",
     "the lowest finite number cancels in the softmax of a row where all keys are hidden. The "
     "contract asks for minus infinity."},
    {smallest_number, "numeric_limits::min()",
     "std::numeric_limits<real>::min() is the smallest positive number, about 0: it hides "
     "nothing. You want -std::numeric_limits<real>::infinity()."},
    {nothing_hidden, "nothing is hidden",
     "all your numbers are 0, so nothing is hidden. Does the line that writes minus infinity run? "
     "And if you fill slices with 0: a slice of mask is of every row, one of mask[i] of row i."},
    {zero_times_infinity, "0 times infinity",
     "you multiply a triangle of ones and zeros by minus infinity, and 0 * infinity is not a "
     "number. Choose between 0 and minus infinity with an if."},
    {one_row, "one row for all",
     "you return one row, which broadcasting would repeat for every query. Here each query sees "
     "something else: T rows."},
    {kept_between_calls, "one tensor for all calls",
     "you return the same tensor again: whoever writes to one of them writes to all. Make a new "
     "one on each call."},
    {past_hidden, "the past and itself hidden",
     "you hide the past and the token itself, and show the future. tril keeps the triangle where "
     "j <= i, which is the part that is seen: there you want 0, and minus infinity in the other."},
    {plus_infinity, "plus infinity",
     "you add +infinity to the scores of the future: e to that power is infinite, not 0. The "
     "minus sign is missing."},
    {three_axes, "an axis in front",
     "the numbers are right, in three axes. (T, T) is enough: broadcasting repeats it for every "
     "sentence and head."},
    {zeros_not_written, "the zeros are not written",
     "you write minus infinity and never the zeros. Tensor::empty holds whatever its memory held: "
     "write every number, or begin with Tensor::zeros."},
};

}  // namespace mistakes
