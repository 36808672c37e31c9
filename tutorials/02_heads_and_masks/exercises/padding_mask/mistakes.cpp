// What people write instead.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/ops.h"
#include "tutorials/02_heads_and_masks/exercises/padding_mask/padding_mask.h"

namespace mistakes {
namespace {

using cairn::real;

enum {
  ones_and_zeros = 1,
  one_for_padding,
  upside_down,
  minus_ten,
  minus_ten_thousand,
  lowest_number,
  smallest_number,
  zero_times_infinity,
  hides_queries,
  two_axes,
  one_token_too_many,
  one_token_too_few,
  padding_at_the_left,
  first_length_for_all,
  longest_for_all,
  nothing_hidden,
  plus_infinity,
  zeros_not_written,
};

// What stands where a key is hidden, and where it may be seen.
real hidden() {
  switch (check::mistake) {
    case ones_and_zeros:
    case nothing_hidden: return 0;
    case one_for_padding: return 1;
    case upside_down: return 0;
    case minus_ten: return -10;
    case minus_ten_thousand: return -10000;
    case lowest_number: return std::numeric_limits<real>::lowest();
    case smallest_number: return std::numeric_limits<real>::min();
    case plus_infinity: return INFINITY;
    default: return -INFINITY;
  }
}
real seen() {
  switch (check::mistake) {
    case ones_and_zeros: return 1;
    case upside_down: return -INFINITY;
    case zero_times_infinity: return NAN;
    default: return 0;
  }
}

// Only the hidden keys are written.
Tensor without_zeros(const std::vector<int64_t>& lengths, int64_t T) {
  Tensor mask = Tensor::empty({static_cast<int64_t>(lengths.size()), 1, 1, T});
  for (size_t b = 0; b < lengths.size(); ++b) slice(mask[b], -1, lengths[b], T).fill_(-INFINITY);
  return mask;
}

}  // namespace

Tensor padding_mask(const std::vector<int64_t>& lengths, int64_t T) {
  if (check::mistake == zeros_not_written) return without_zeros(lengths, T);
  const int64_t B = static_cast<int64_t>(lengths.size());
  std::vector<real> mask;
  for (int64_t length : lengths) {
    if (check::mistake == first_length_for_all) length = lengths[0];
    if (check::mistake == longest_for_all)
      length = *std::max_element(lengths.begin(), lengths.end());
    if (check::mistake == one_token_too_many) length = std::min(length + 1, T);
    if (check::mistake == one_token_too_few) length = length - 1;
    for (int64_t j = 0; j < T; ++j) {
      const int64_t position = check::mistake == padding_at_the_left ? T - 1 - j : j;
      mask.push_back(position < length ? seen() : hidden());
    }
  }
  if (check::mistake == hides_queries) return Tensor::of({B, 1, T, 1}, mask);
  if (check::mistake == two_axes) return Tensor::of({B, T}, mask);
  return Tensor::of({B, 1, 1, T}, mask);
}

const std::vector<check::Mistake> list = {
    {ones_and_zeros, "1 for tokens, 0 for padding",
     "that is a mask to multiply by. What you return is added to the scores: 0 changes nothing, "
     "and minus infinity hides."},
    {one_for_padding, "1 for padding",
     "you return 1 where there is padding, as PyTorch's key_padding_mask does. What is added to "
     "a score must be minus infinity there."},
    {upside_down, "upside down",
     "you hide the tokens and show the padding. Hugging Face's attention_mask is 1 for a token, "
     "PyTorch's key_padding_mask is 1 for padding: here a token gets 0."},
    {minus_ten, "minus 10",
     "-10 only makes padding unlikely: a score of 10 makes up for it. Only minus infinity hides "
     "whatever the score is."},
    {minus_ten_thousand, "minus 10,000",
     "-10,000 hides a key as long as another one may be seen. Where all are hidden it cancels in "
     "the softmax, and the padding is attended to as if nothing had been hidden."},
    {lowest_number, "the lowest finite number",
     "the lowest finite number is not minus infinity: in a row where all keys are hidden it "
     "cancels in the softmax, and the padding gets everything."},
    {smallest_number, "numeric_limits::min()",
     "std::numeric_limits<real>::min() is the smallest positive number, about 0: it hides "
     "nothing. You want -std::numeric_limits<real>::infinity()."},
    {nothing_hidden, "nothing is hidden",
     "all your numbers are 0, so nothing is hidden. Does the line that writes minus infinity run, "
     "and for every j from lengths[b] to T?"},
    {zero_times_infinity, "0 times infinity",
     "you multiply a mask of ones and zeros by minus infinity, and 0 * infinity is not a number. "
     "Choose between 0 and minus infinity with an if."},
    {hides_queries, "queries hidden, not keys",
     "your shape is (B, 1, T, 1): it hides rows of the scores, the tokens that ask. Hide "
     "columns, the keys that are asked: (B, 1, 1, T)."},
    {two_axes, "two axes",
     "(B, T) broadcasts along the wrong axes: aligned at the end, its B would meet the queries. "
     "Put an axis of 1 for the heads and one for the queries between: (B, 1, 1, T)."},
    {one_token_too_many, "one token too many",
     "one padding key of each sentence is still seen. Keys count from 0, so the last token is at "
     "lengths[b] - 1: is it j <= lengths[b]?"},
    {one_token_too_few, "one token too few",
     "the last token of each sentence is hidden: it is at lengths[b] - 1, and may be seen."},
    {padding_at_the_left, "padding at the left",
     "you hide the beginning of the row. The sentences stand at the left, and the padding is "
     "behind them."},
    {first_length_for_all, "the first length for all",
     "all sentences have the first one's length. Use lengths[b]."},
    {longest_for_all, "the longest length for all",
     "all sentences are as long as the longest. slice(mask, 3, 0, lengths[b]) is a part of every "
     "row of the batch; that of sentence b alone is in mask[b]."},
    {plus_infinity, "plus infinity",
     "you add +infinity to the scores of the padding: e to that power is infinite, not 0. The "
     "minus sign is missing."},
    {zeros_not_written, "the zeros are not written",
     "you write minus infinity and never the zeros. Tensor::empty holds whatever its memory held: "
     "write every number, or begin with Tensor::zeros."},
};

}  // namespace mistakes
