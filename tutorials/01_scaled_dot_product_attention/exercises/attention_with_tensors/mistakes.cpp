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
  scores_times_mask,
  weights_times_mask,
  minus_ten,
  ones_hide,
  infinity_times_zero,
  seen_anyway,
  bias_after_the_softmax,
  zeros,
};

bool makes(int number) { return check::mistake == number; }

Tensor bias_of(const Tensor& keep) {
  if (makes(no_mask) || makes(scores_times_mask) || makes(weights_times_mask)) return keep * 0;
  if (makes(minus_ten)) return (1 - keep) * -10;
  if (makes(infinity_times_zero)) return (1 - keep) * -std::numeric_limits<real>::infinity();
  if (makes(seen_anyway)) return (1 - keep) * static_cast<real>(-1e12);
  return log(makes(ones_hide) ? 1 - keep : keep);
}

}  // namespace

Tensor attention_with_tensors(const Tensor& q, const Tensor& k, const Tensor& v,
                              const Tensor& keep) {
  if (makes(zeros)) return Tensor::zeros({q.size(0), v.size(1)});
  const real size = static_cast<real>(makes(scale_by_keys) ? k.size(0) : k.size(1));
  const real divisor = makes(no_scale) ? 1 : makes(scale_by_d) ? size : std::sqrt(size);
  const Tensor k_t = makes(reshaped) ? reshape(k, {k.size(1), k.size(0)}) : transpose(k, 0, 1);
  Tensor scores = matmul(q, k_t) / divisor;
  if (makes(scores_times_mask)) scores = scores * keep;
  const int axis = makes(over_queries) ? 0 : 1;
  Tensor p = makes(bias_after_the_softmax) ? softmax(scores, axis) + bias_of(keep)
                                           : softmax(scores + bias_of(keep), axis);
  if (makes(weights_times_mask)) p = p * keep;
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
    {scores_times_mask, "the scores are multiplied by keep",
     "a score of 0 is an ordinary score: e^0 = 1. A hidden key needs the score -infinity."},
    {weights_times_mask, "the weights are multiplied by keep",
     "the hidden keys are silent, but the other weights no longer sum to one. Hide a key before "
     "the "
     "softmax, so that it shares out everything among the rest."},
    {minus_ten, "minus ten",
     "adding -10 hides a key only if it fits badly anyway. Where its score is large it is still "
     "seen. Nothing but -infinity is below every score."},
    {ones_hide, "ones hide",
     "you hide what should be seen, and see what should be hidden: keep is 1 where query i may "
     "look "
     "at key j."},
    {infinity_times_zero, "infinity times zero",
     "0 * infinity is not a number, so multiplying a mask by -infinity spoils the keys that may be "
     "seen. Use log(keep), or where(keep, scores, -infinity)."},
    {seen_anyway, "a large number for infinity",
     "with a large finite number it works until a query may see nothing at all: then it is "
     "subtracted from every score alike, and cancels. -infinity gives the zeros that the contract "
     "asks for."},
    {bias_after_the_softmax, "the bias is added after the softmax",
     "you add the bias to the weights. It belongs to the scores, inside the softmax: e^-infinity "
     "is "
     "0 there."},
    {zeros, "zeros", "your answers are all zero. What is left to do?"},
};

}  // namespace mistakes
