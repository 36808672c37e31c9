// What people write instead.
#include <cmath>

#include "core/ops.h"
#include "tutorials/03_encoder_block/exercises/post_norm_block/post_norm_block.h"

namespace mistakes {
namespace {

enum {
  pre_norm = 1,
  norm_before_the_sum,
  no_residuals,
  no_first_residual,
  second_residual_from_x,
  feed_forward_of_x,
  norms_exchanged,
  no_second_norm,
  eps_of_pytorch,
  unbiased,
  no_bend,
  tanh_form,
  heads_by_view,
  merged_by_view,
  root_of_all_columns,
  divided_by_size,
  not_divided,
  keys_ask,
  softmax_over_queries,
  no_value,
  no_output,
  one_head,
  square_not_transposed,
  none_transposed,
  split_and_merged_by_view,
  no_second_residual,
  with_relu,
  softmax_over_heads,
  value_of_the_keys,
  no_query_bias,
  eps_of_bert,
};

bool is(int mistake) { return check::mistake == mistake; }

// x weight^T + bias
Tensor affine(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  const bool square = weight.size(0) == weight.size(1);
  if (is(none_transposed) || (is(square_not_transposed) && square)) return matmul(x, weight) + bias;
  return linear(x, weight, bias);
}

Tensor split_heads(const Tensor& x, int64_t heads) {
  const int64_t T = x.size(0), d = x.size(1) / heads;
  if (is(heads_by_view) || is(split_and_merged_by_view)) return reshape(x, {heads, T, d});
  return transpose(reshape(x, {T, heads, d}), 0, 1);
}

Tensor attend(const Tensor& x, const BlockWeights& w) {
  const int64_t heads = is(one_head) ? 1 : w.heads;
  const Tensor query_bias = is(no_query_bias) ? w.query_bias * 0 : w.query_bias;
  Tensor q = split_heads(affine(x, w.query_weight, query_bias), heads);
  Tensor k = split_heads(affine(x, w.key_weight, w.key_bias), heads);
  if (is(keys_ask)) std::swap(q, k);
  const bool of_keys = is(value_of_the_keys);
  const Tensor &value_weight = of_keys ? w.key_weight : w.value_weight,
               &value_bias = of_keys ? w.key_bias : w.value_bias;
  const Tensor v = split_heads(is(no_value) ? x : affine(x, value_weight, value_bias), heads);
  const auto d = static_cast<real>(q.size(-1));
  real by = std::sqrt(d);
  if (is(root_of_all_columns)) by = std::sqrt(static_cast<real>(x.size(1)));
  if (is(divided_by_size)) by = d;
  if (is(not_divided)) by = 1;
  const int axis = is(softmax_over_queries) ? 1 : is(softmax_over_heads) ? 0 : -1;
  const Tensor p = softmax(matmul(q, transpose(k, 1, 2)) / by, axis);
  const Tensor answers = matmul(p, v);
  const bool by_view = is(merged_by_view) || is(split_and_merged_by_view);
  const Tensor merged = reshape(by_view ? answers : transpose(answers, 0, 1), x.shape());
  return is(no_output) ? merged : affine(merged, w.output_weight, w.output_bias);
}

Tensor feed_forward(const Tensor& x, const BlockWeights& w) {
  const Tensor wide = affine(x, w.widen_weight, w.widen_bias);
  const Tensor bent = is(no_bend)     ? wide
                      : is(tanh_form) ? gelu_tanh(wide)
                      : is(with_relu) ? relu(wide)
                                      : gelu(wide);
  return affine(bent, w.narrow_weight, w.narrow_bias);
}

Tensor norm(const Tensor& x, const BlockWeights& w, bool first) {
  if (is(norms_exchanged)) first = !first;
  const Tensor &gamma = first ? w.gamma1 : w.gamma2, &beta = first ? w.beta1 : w.beta2;
  if (is(unbiased)) {
    const Tensor centred = x - mean(x, {-1}, true);
    const auto n = static_cast<real>(x.size(1) - 1);
    return centred / sqrt(sum(centred * centred, {-1}, true) / n + w.eps) * gamma + beta;
  }
  return layer_norm(x, gamma, beta, is(eps_of_pytorch) ? 1e-5 : is(eps_of_bert) ? 1e-12 : w.eps);
}

}  // namespace

Tensor post_norm_block(const Tensor& x, const BlockWeights& w) {
  if (is(pre_norm)) {
    const Tensor mixed = x + attend(norm(x, w, true), w);
    return mixed + feed_forward(norm(mixed, w, false), w);
  }
  if (is(norm_before_the_sum)) {
    const Tensor mixed = x + norm(attend(x, w), w, true);
    return mixed + norm(feed_forward(mixed, w), w, false);
  }
  const bool none = is(no_residuals);
  const Tensor heard = attend(x, w);
  const Tensor mixed = norm(none || is(no_first_residual) ? heard : x + heard, w, true);
  const Tensor thought = feed_forward(is(feed_forward_of_x) ? x : mixed, w);
  const Tensor summed =
      none || is(no_second_residual) ? thought : (is(second_residual_from_x) ? x : mixed) + thought;
  return is(no_second_norm) ? summed : norm(summed, w, false);
}

const std::vector<check::Mistake> list = {
    {pre_norm, "pre-norm",
     "that is pre-norm, x + f(norm(x)), as GPT-2 has it. BERT has post-norm: norm(x + f(x))."},
    {norm_before_the_sum, "the norm before the addition",
     "you compute x + norm(f(x)): the sublayer's answer is normalised and then added. It is "
     "norm(x + f(x))."},
    {no_residuals, "without the residuals",
     "both residuals are missing: each norm is over x + f(x), not over f(x)."},
    {no_first_residual, "without the first residual",
     "the first residual is missing: the first norm is over x + attention(x)."},
    {second_residual_from_x, "the second residual from x",
     "the second residual adds the block's input x. It adds what goes into the feed-forward part: "
     "the "
     "result of the first norm."},
    {feed_forward_of_x, "feed-forward of x",
     "the feed-forward part reads the block's input. It reads the result of the first norm."},
    {norms_exchanged, "the norms are exchanged",
     "gamma1 and beta1 belong to the norm after attention, gamma2 and beta2 to the one at the end; "
     "yours have changed places."},
    {no_second_norm, "without the second norm",
     "the second norm is missing: what leaves the block is normalised."},
    {eps_of_pytorch, "eps is 1e-5 whatever w says",
     "almost: eps is w.eps. A fixed 1e-5, PyTorch's, is wrong for BERT's checkpoints."},
    {unbiased, "the variance over C - 1",
     "your norms divide by C - 1. The variance of layer norm is the mean of the squares, over C."},
    {no_bend, "without GELU", "there is no GELU between widening and narrowing."},
    {tanh_form, "the tanh form of GELU",
     "very near: you have GELU's tanh form. BERT's is the one with erf (`gelu`)."},
    {heads_by_view, "heads by a view",
     "reshape(x, {heads, T, d}) has the right shape and the wrong cells: it gives a head some "
     "tokens' "
     "whole rows. First {T, heads, d}, then transpose the first two axes."},
    {merged_by_view, "merged by a view",
     "splitting is right, merging is not: transpose (heads, T, d) back to (T, heads, d) before you "
     "reshape to (T, C)."},
    {root_of_all_columns, "the root of C",
     "the scores are divided by the root of d = C / heads, the size of one head; you have the root "
     "of "
     "C."},
    {divided_by_size, "divided by d", "the scores are divided by the root of d, not by d."},
    {not_divided, "not divided",
     "the scores are not divided by the root of d, the size of a head."},
    {keys_ask, "queries and keys exchanged",
     "queries and keys have changed places: row i of the scores belongs to query i."},
    {softmax_over_queries, "softmax over the queries",
     "your softmax is over the queries. It is over the keys, the last axis, so that each query's "
     "weights sum to one."},
    {no_value, "no value projection",
     "the weights mix the tokens themselves. They mix the values, x value_weight^T + value_bias."},
    {no_output, "no output projection",
     "the heads' answers go through output_weight and output_bias before they are added to x."},
    {one_head, "one head",
     "you have one head over all C columns. There are w.heads, each with its own C / heads columns "
     "and its own softmax. (The op `attention` is told with {.heads = w.heads, .bias = {}}.)"},
    {square_not_transposed, "square weights are not transposed",
     "query, key, value and output weights are (out, in) as well: being square, they run without "
     "the transpose, too. `linear` does it."},
    {none_transposed, "weights are not transposed",
     "weights are (out, in), and have to be transposed before the product; the square ones, too, "
     "where no shape will tell. `linear` does it."},
    {split_and_merged_by_view, "split and merged by a view",
     "your heads are views in both directions, and nothing is transposed: reshape(x, {heads, T, "
     "d}) gives a head some tokens' whole rows. First {T, heads, d}, then transpose the first two "
     "axes; and back before you merge."},
    {no_second_residual, "without the second residual",
     "the second residual is missing: the second norm is over mixed + ff(mixed)."},
    {with_relu, "ReLU", "you have ReLU between widening and narrowing. BERT has GELU."},
    {softmax_over_heads, "softmax over the heads",
     "your softmax is over axis 0, the heads. It is over the keys, the last axis, so that each "
     "query's weights sum to one."},
    {value_of_the_keys, "values from the keys' weights",
     "your values come from key_weight and key_bias; they have weights of their own, value_weight "
     "and value_bias."},
    {no_query_bias, "without query_bias", "query_bias is missing."},
    {eps_of_bert, "eps is 1e-12 whatever w says",
     "almost: eps is w.eps, and you have a fixed 1e-12 in its place."},
};

}  // namespace mistakes
