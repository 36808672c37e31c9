// What people write instead.
#include <algorithm>
#include <cmath>

#include "core/autograd/grad_mode.h"
#include "core/error.h"
#include "core/ops.h"
#include "tutorials/11_fine_tuning/exercises/pooling/pooling.h"

namespace mistakes {
namespace {

enum {
  padding_counts = 1,
  divided_by_T,
  padding_in_the_count_alone,
  garbage_times_zero,
  garbage_in_all,
  sum_for_mean,
  empty_is_nan,
  empty_reads_padding,
  mean_without_cls,
  always_cls,
  always_mean,
  last_token,
  maximum,
  pools_exchanged,
  over_the_batch,
  one_length_for_all,
  history_lost,
  gradient_doubled,
  writes_zeros_into_hidden,
  divided_by_the_root,
  cls_normalised,
  refuses_empty,
  nothing_to_join,
};

bool is(int mistake) { return check::mistake == mistake; }

Tensor of_tokens(const Tensor& tokens, Pool pool, int64_t T) {
  const int64_t length = tokens.size(0);
  const real count = static_cast<real>(length);
  if (is(pools_exchanged)) pool = pool == Pool::cls ? Pool::mean : Pool::cls;
  if (is(always_cls)) pool = Pool::cls;
  if (is(always_mean)) pool = Pool::mean;
  if (is(last_token) && pool == Pool::cls) return slice(tokens, 0, length - 1, length);
  if (pool == Pool::cls) {
    const Tensor first = slice(tokens, 0, 0, 1);
    return is(cls_normalised) ? first / sqrt(sum(first * first) + real{1e-12}) : first;
  }
  if (is(mean_without_cls) && length > 1) return mean(slice(tokens, 0, 1, length), {0}, true);
  if (is(sum_for_mean)) return sum(tokens, {0}, true);
  if (is(divided_by_T)) return sum(tokens, {0}, true) / static_cast<real>(T);
  if (is(divided_by_the_root)) return sum(tokens, {0}, true) / std::sqrt(count);
  if (is(maximum)) {
    Tensor largest = slice(tokens, 0, 0, 1);
    for (int64_t t = 1; t < length; ++t) {
      const Tensor next = slice(tokens, 0, t, t + 1);
      largest = largest + relu(next - largest);
    }
    return largest;
  }
  return mean(tokens, {0}, true);
}

// A mean over (T, C) with a mask of T numbers that multiplies.
Tensor multiplied(const Tensor& tokens, const Ids& mask, int64_t b, int64_t length) {
  const int64_t T = tokens.size(0);
  std::vector<real> ones;
  for (int64_t t = 0; t < T; ++t) ones.push_back(mask[b * T + t]);
  const Tensor m = Tensor::of({T, 1}, ones);
  const Tensor all = sum(is(padding_in_the_count_alone) ? tokens : tokens * m, {0}, true);
  return all / static_cast<real>(std::max<int64_t>(1, length));
}

// (B, T, 1): 1/n at the n tokens that count, 0 at all others.
Tensor weights_of(const Ids& mask, const Tensor& hidden, Pool pool) {
  const int64_t B = hidden.size(0), T = hidden.size(1);
  std::vector<real> weights;
  for (int64_t b = 0; b < B; ++b) {
    int64_t n = 0;
    for (int64_t t = 0; t < T; ++t) n += mask[b * T + t];
    if (pool == Pool::cls) n = std::min<int64_t>(n, 1);
    for (int64_t t = 0; t < T; ++t) weights.push_back(t < n ? real{1} / static_cast<real>(n) : 0);
  }
  return Tensor::of({B, T, 1}, weights);
}

}  // namespace

Tensor pooling(const Tensor& hidden, const Ids& mask, Pool pool) {
  const int64_t B = hidden.size(0), T = hidden.size(1), C = hidden.size(2);
  if (is(over_the_batch)) {
    Tensor one = B > 0 ? mean(hidden, {0}) : Tensor::zeros({T, C});
    return T > 0
               ? cairn::cat(std::vector<Tensor>(static_cast<size_t>(B + 1), slice(one, 0, 0, 1)), 0)
               : Tensor::zeros({B, C});
  }
  if (is(garbage_in_all)) return sum(hidden * weights_of(mask, hidden, pool), {1});
  std::vector<Tensor> rows;
  if (!is(nothing_to_join)) rows.push_back(Tensor::zeros({0, C}));
  for (int64_t b = 0; b < B; ++b) {
    int64_t length = 0;
    const int64_t from = is(one_length_for_all) ? 0 : b;
    while (length < T && mask[from * T + length] != 0) ++length;
    const bool multiplies = is(garbage_times_zero) || is(padding_in_the_count_alone);
    if (is(padding_counts) && length > 0) length = T;
    if (is(writes_zeros_into_hidden))
      for (int64_t t = length; t < T; ++t) {
        const cairn::NoGrad no_grad;
        Tensor(hidden[b][t]).fill_(0);
      }
    if (length == 0) {
      if (is(refuses_empty)) cairn::fail("pooling", "an empty sentence");
      if (is(empty_is_nan) && pool == Pool::mean) rows.push_back(Tensor::full({1, C}, NAN));
      else if (is(empty_reads_padding) && pool == Pool::cls && T > 0)
        rows.push_back(slice(hidden[b], 0, 0, 1));
      else rows.push_back(Tensor::zeros({1, C}));
      continue;
    }
    if (multiplies && pool == Pool::mean) rows.push_back(multiplied(hidden[b], mask, b, length));
    else rows.push_back(of_tokens(slice(hidden[b], 0, 0, length), pool, T));
  }
  Tensor result = cairn::cat(rows, 0);
  if (is(history_lost)) result = result.detach();
  if (is(gradient_doubled)) result = result + result - result.detach();
  return result;
}

const std::vector<check::Mistake> list = {
    {padding_counts, "padding counts",
     "you take the mean over all T rows. Rows where the mask is 0 are padding: they hold garbage."},
    {divided_by_T, "divided by T",
     "you add the right rows and divide by T. Divide by the number of ones in the sentence's "
     "mask."},
    {padding_in_the_count_alone, "padding in the sum",
     "you divide by the right number, but your sum has the padding in it."},
    {garbage_times_zero, "garbage times 0",
     "you multiply padding by 0. If NaN or infinity stands there, that is NaN. Do not read it at "
     "all: slice, index_select, or where(mask, hidden, 0)."},
    {garbage_in_all, "garbage times a weight of 0",
     "you give padding the weight 0. If NaN or infinity stands there, that is NaN. Do not read it "
     "at all: slice, index_select, or where(mask, hidden, 0)."},
    {sum_for_mean, "the sum", "that is the sum of the rows; divide by their number."},
    {empty_is_nan, "0 / 0 for an empty sentence",
     "a sentence without tokens gives 0 / 0. Here its row is 0."},
    {empty_reads_padding, "an empty sentence has a first row",
     "a sentence without tokens has no first row: what stands there is padding. Its row is 0."},
    {mean_without_cls, "the first token left out",
     "your mean leaves out the first token. All tokens of the mask count."},
    {always_cls, "the first row in both cases", "you give the first row for Pool::mean, too."},
    {always_mean, "the mean in both cases", "you give the mean for Pool::cls, too."},
    {last_token, "the last token", "Pool::cls is the first row, not the last."},
    {maximum, "the maximum", "that is the largest number of each column, not their mean."},
    {pools_exchanged, "the two exchanged", "cls and mean have changed places."},
    {over_the_batch, "over the batch",
     "you take the mean over axis 0, which is the sentences. The tokens are axis 1."},
    {one_length_for_all, "the first sentence's mask for all",
     "you use one sentence's mask for all of them. That of sentence b begins at mask[b * T]."},
    {history_lost, "no history",
     "the numbers are right, but backward does not get through: your result is made of plain "
     "numbers. Compute it with ops."},
    {gradient_doubled, "the gradient is off by a factor",
     "the numbers are right, and their gradient is not: is something detached, or added twice?"},
    {writes_zeros_into_hidden, "zeros written into hidden",
     "you write zeros into hidden, which belongs to somebody else."},
    {divided_by_the_root, "divided by the root of the length",
     "you divide by the root of the number of tokens."},
    {cls_normalised, "the first row scaled to length 1",
     "you scale the first row to length 1. It is to be handed on as it is."},
    {refuses_empty, "an exception for an empty sentence",
     "an empty sentence is allowed: its row is 0."},
    {nothing_to_join, "nothing to join",
     "without sentences there is nothing to join, and cat refuses: begin its list with "
     "Tensor::zeros({0, C})."},
};

}  // namespace mistakes
