// What people write instead.
#include <cmath>
#include <limits>

#include "core/ops.h"
#include "tutorials/01_scaled_dot_product_attention/exercises/attention_with_tensors/attention_with_tensors.h"

namespace mistakes {
namespace {

using cairn::real;

enum {
  no_scale = 1,
  scale_by_d,
  scale_by_keys,
  reshaped,
  over_queries,
  keys_for_values,
  no_mask,
  mask_added,
  scores_times_mask,
  weights_times_mask,
  shared_out_again,
  powers_times_mask,
  minus_ten,
  minus_thousand,
  minus_thousand_and_zero,
  minus_billion,
  minus_billion_and_zero,
  ones_hide,
  plus_infinity,
  infinity_times_zero,
  scale_after_the_softmax,
  bias_after_the_softmax,
  zeros,
};

bool makes(int number) { return check::mistake == number; }

Tensor bias_of(const Tensor& keep) {
  if (makes(no_mask) || makes(scores_times_mask) || makes(weights_times_mask) ||
      makes(shared_out_again))
    return keep * 0;
  if (makes(mask_added)) return keep;
  if (makes(minus_ten)) return (1 - keep) * -10;
  if (makes(minus_thousand) || makes(minus_thousand_and_zero)) return (1 - keep) * -1000;
  if (makes(minus_billion) || makes(minus_billion_and_zero))
    return (1 - keep) * static_cast<real>(-1e9);
  if (makes(plus_infinity)) return -log(keep);
  if (makes(infinity_times_zero)) return (1 - keep) * -std::numeric_limits<real>::infinity();
  return log(makes(ones_hide) ? 1 - keep : keep);
}

Tensor shared_out(const Tensor& p) { return p / sum(p, {1}, true); }

}  // namespace

Tensor attention_with_tensors(const Tensor& q, const Tensor& k, const Tensor& v,
                              const Tensor& keep) {
  if (makes(zeros)) return Tensor::zeros({q.size(0), v.size(1)});
  const real size = static_cast<real>(makes(scale_by_keys) ? k.size(0) : k.size(1));
  const real root = std::sqrt(size);
  const real divisor = makes(no_scale) || makes(scale_after_the_softmax) ? 1
                       : makes(scale_by_d)                               ? size
                                                                         : root;
  const Tensor k_t = makes(reshaped) ? reshape(k, {k.size(1), k.size(0)}) : transpose(k, 0, 1);
  Tensor scores = matmul(q, k_t) / divisor;
  if (makes(scores_times_mask)) scores = scores * keep;
  const int axis = makes(over_queries) ? 0 : 1;
  Tensor p = makes(bias_after_the_softmax) ? softmax(scores, axis) + bias_of(keep)
                                           : softmax(scores + bias_of(keep), axis);
  if (makes(powers_times_mask)) p = shared_out(exp(scores) * keep);
  if (makes(scale_after_the_softmax)) p = p / root;
  if (makes(weights_times_mask) || makes(minus_thousand_and_zero) || makes(minus_billion_and_zero))
    p = p * keep;
  if (makes(shared_out_again)) p = shared_out(p * keep);
  return matmul(p, makes(keys_for_values) ? k : v);
}

const std::vector<check::Mistake> list = {
    {no_scale, "not divided by the root of d",
     "your weights are too sharp: the dot products are not divided by sqrt(d)."},
    {scale_by_d, "divided by d",
     "your weights are too even: the dot products are divided by d, not by sqrt(d)."},
    {scale_by_keys, "divided by the root of the number of keys",
     "d is the length of a key, k.size(1). You divide by the root of how many keys there are."},
    {reshaped, "a reshape for the transpose",
     "q k^T needs k with rows and columns exchanged: transpose(k, 0, 1). A reshape to the same "
     "shape "
     "cuts the numbers into other rows: the shape is right, the cells are wrong."},
    {over_queries, "the softmax is over the queries",
     "your columns sum to one, not your rows: the softmax has to be over the keys, the last axis."},
    {keys_for_values, "the mean of the keys",
     "the weights are right, but your mean is of the keys. It is the values that are handed out."},
    {no_mask, "keep is not used",
     "where every key may be seen you are right. Where keep is 0, the key still has its weight."},
    {mask_added, "keep is added to the scores",
     "adding 1 to the keys that may be seen makes them e times as heavy as the hidden ones, which "
     "still have their weight. What has to be added is 0 for the one and -infinity for the other."},
    {scores_times_mask, "the scores are multiplied by keep",
     "a score of 0 is an ordinary score: e^0 = 1. A hidden key needs the score -infinity."},
    {weights_times_mask, "the weights are multiplied by keep",
     "the hidden keys are silent, but the other weights no longer sum to one. Hide a key before "
     "the "
     "softmax, so that it shares out everything among the rest."},
    {shared_out_again, "the weights are shared out again",
     "you hide the keys after the softmax and divide by what is left. Where a hidden key has taken "
     "everything, nothing is left, and 0 / 0 is not a number. Hide a key before the softmax."},
    {powers_times_mask, "a softmax by hand, without its maximum",
     "e^score overflows where a score is large, and infinity times 0 or divided by infinity is not "
     "a number. softmax() subtracts the largest score first; hide the keys before it."},
    {minus_ten, "minus ten",
     "adding -10 hides a key only if it fits badly anyway. Where its score is large it is still "
     "seen. Nothing but -infinity is below every score."},
    {minus_thousand, "minus a thousand",
     "the hidden key's score is larger than what you subtract from it, so it is still seen. "
     "Nothing but -infinity is below every score."},
    {minus_thousand_and_zero, "minus a thousand, and times keep",
     "the hidden key's score is larger than what you subtract from it: it takes everything in the "
     "softmax, is then set to 0, and nothing is left for the key that may be seen. Nothing but "
     "-infinity is below every score."},
    {minus_billion, "-1e9 for infinity",
     "with a large finite number, such as -1e9, it works until a score is larger still, or until a "
     "query may see nothing at all: then all keys have it alike, and it cancels. -infinity does "
     "what the contract asks for in both cases."},
    {minus_billion_and_zero, "-1e9 for infinity, and times keep",
     "with a large finite number, such as -1e9, it works until a score is larger still. Here the "
     "hidden key takes everything in the softmax and is then set to 0: nothing is left for the key "
     "that may be seen. With -infinity no later step is needed."},
    {ones_hide, "ones hide",
     "you hide what should be seen, and see what should be hidden: keep is 1 where query i may "
     "look "
     "at key j."},
    {plus_infinity, "plus infinity",
     "log(0) is -infinity already; with the minus sign a hidden key has the score +infinity, and "
     "infinity / infinity is not a number."},
    {infinity_times_zero, "infinity times zero",
     "0 * infinity is not a number, so multiplying a mask by -infinity spoils the keys that may be "
     "seen. Use log(keep), or where(keep, scores, Tensor::scalar(-INFINITY))."},
    {scale_after_the_softmax, "the weights are divided by the root of d",
     "your rows sum to 1 / sqrt(d): it is the scores that are divided, before the softmax."},
    {bias_after_the_softmax, "the bias is added after the softmax",
     "you add the bias to the weights. It belongs to the scores, inside the softmax: e^-infinity "
     "is "
     "0 there."},
    {zeros, "zeros", "your answers are all zero. What is left to do?"},
};

}  // namespace mistakes
