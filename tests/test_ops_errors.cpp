// What the ops refuse: the op's name, what is wrong, with shapes and numbers, and the user's line.
#include <doctest/doctest.h>

#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

const Tensor a = counting({2, 3}), wide = counting({2, 3, 4}), none = Tensor::zeros({2, 0});
const Tensor one = Tensor::scalar(1), line = counting({3});
const Ids ids{0, 1}, index({2, 2}, {0, 1, 2, 0});
const Tensor many = expand(one, {int64_t{1} << 31});
constexpr int64_t huge = int64_t{1} << 61;

struct RefusedAt {
  int line;
  std::function<void()> call;
  std::string says;
};

// Each call is an Error that begins with these words and quotes the call's line.
void check(const std::vector<RefusedAt>& calls) {
  for (const RefusedAt& call : calls) {
    const std::string text = error_of(call.call);
    CHECK_MESSAGE(text.starts_with(call.says), text, " instead of ", call.says);
    const std::string at = "at test_ops_errors.cpp:" + std::to_string(call.line);
    CHECK_MESSAGE((has(text, at + "\n") || has(text, at + " ") || text.ends_with(at)), text);
  }
}

}  // namespace

TEST_CASE("errors: ops that rearrange name shape, axis and number") {
  // clang-format off
  check({
      {__LINE__, [] { flatten(a, 1, 0); }, "[flatten] axis 1 comes after axis 0 in (2, 3)"},
      {__LINE__, [] { flatten(a, -1, -2); }, "[flatten] axis -1 comes after axis -2 in (2, 3)"},
      {__LINE__, [] { flatten(a, 2); }, "[flatten] axis 2 of a tensor with 2 axes"},
      {__LINE__, [] { flatten(a, 0, 2); }, "[flatten] axis 2 of a tensor with 2 axes"},
      {__LINE__, [] { repeat(a, {2}); }, "[repeat] 1 counts for (2, 3)"},
      {__LINE__, [] { repeat(a, {2, -1}); }, "[repeat] 2 counts for (2, 3)"},
      {__LINE__, [] { flip(a, {2}); }, "[flip] axis 2 of a tensor with 2 axes"},
      {__LINE__, [] { flip(a, {1, -1}); }, "[flip] axis 1 is named twice"},
      {__LINE__, [] { flip(none, {2}); }, "[flip] axis 2 of a tensor with 2 axes"},
      {__LINE__, [] { roll(a, 1, 2); }, "[roll] axis 2 of a tensor with 2 axes"},
      {__LINE__, [] { pad(a, {1}); }, "[pad] 1 widths for (2, 3)"},
      {__LINE__, [] { pad(a, {1, 1, 1, 1, 1, 1}); }, "[pad] 6 widths for (2, 3)"},
      {__LINE__, [] { pad(a, {huge, 0}); }, "[pad] a width is 2305843009213693952"},
      {__LINE__, [] { pad(a, {1, huge}); }, "[pad] a width is 2305843009213693952"},
      {__LINE__, [] { pad(a, {-4, 9}); },
       "[pad] the widths cut off more than there is: -4 and 9 of axis 1 of (2, 3)"},
      {__LINE__, [] { pad(a, {0, 0, 9, -3}); },
       "[pad] the widths cut off more than there is: 9 and -3 of axis 0 of (2, 3)"},
      {__LINE__, [] { pad(a, {-2, -2}); }, "[pad] the widths cut off more than there is"},
      {__LINE__, [] { stack({}); }, "[stack] there are no parts"},
      {__LINE__, [] { stack({a, line}); }, "[stack] shapes differ: (2, 3) and (3,)"},
      {__LINE__, [] { stack({a, a}, 3); }, "[unsqueeze] axis 3 of a tensor with 3 axes"},
      {__LINE__, [] { split(a, {1, 1}, 1); },
       "[split] the sizes (1, 1) do not add up to axis 1 of (2, 3)"},
      {__LINE__, [] { split(a, {2, 2}, -1); }, "[split] the sizes (2, 2) do not add up to axis -1"},
      {__LINE__, [] { split(a, {4, -1}, 1); }, "[split] the sizes (4, -1) do not add up"},
      {__LINE__, [] { split(a, {3, 0, 1}, 1); }, "[split] the sizes (3, 0, 1) do not add up"},
      {__LINE__, [] { split(a, int64_t{0}, 1); }, "[split] the size is 0"},
      {__LINE__, [] { split(a, int64_t{1}, 2); }, "[split] axis 2 of a tensor with 2 axes"},
      {__LINE__, [] { chunk(a, 0, 1); }, "[chunk] the count is 0"},
      {__LINE__, [] { chunk(a, 1, 2); }, "[chunk] axis 2 of a tensor with 2 axes"},
      {__LINE__, [] { chunk(none, huge, 1); }, "[chunk] 2305843009213693952 parts were asked for"},
      {__LINE__, [] { unbind(a, 2); }, "[unbind] axis 2 of a tensor with 2 axes"},
      {__LINE__, [] { unbind(expand(one, {(1 << 24) + 1})); }, "[unbind] 16777217 parts were"},
      {__LINE__, [] { split(expand(one, {(1 << 24) + 1}), int64_t{1}); }, "[split] 16777217 parts"},
      {__LINE__, [] { cat({a, wide}, 0); }, "[cat] shapes do not fit: (2, 3) and (2, 3, 4)"},
      {__LINE__, [] { cat({a, counting({3, 3})}, 1); }, "[cat] shapes do not fit: (2, 3) and (3"},
      {__LINE__, [] { cat({a}, 2); }, "[cat] axis 2 of a tensor with 2 axes"},
      {__LINE__, [] { diagonal(a, 0, 1, -1); }, "[diagonal] both axes are axis 1 of (2, 3)"},
      {__LINE__, [] { diagonal(a, 0, 2); }, "[diagonal] axis 2 of a tensor with 2 axes"},
      {__LINE__, [] { triu(line); }, "[triu] x is (3,)"},
      {__LINE__, [] { tril(line); }, "[tril] x is (3,)"},
      {__LINE__, [] { squeeze(a, -1); }, "[squeeze] axis -1 of (2, 3) is not 1"},
      {__LINE__, [] { unsqueeze(a, 3); }, "[unsqueeze] axis 3 of a tensor with 3 axes"},
      {__LINE__, [] { permute(a, {0, 1, 2}); }, "[permute] 3 axes named for (2, 3)"},
      {__LINE__, [] { slice(a, 2, 0, 1); }, "[slice] axis 2 of a tensor with 2 axes"},
      {__LINE__, [] { slice(a, 0, 0, 1, -1); }, "[slice] the step is -1"},
      {__LINE__, [] { select(a, 0, -3); }, "[select] index -3 on axis 0 of (2, 3)"},
  });
  // clang-format on
}

TEST_CASE("errors: ops that pick, place and order name index, place and axis") {
  // clang-format off
  check({
      {__LINE__, [] { gather(a, 2, index); }, "[gather] axis 2 of a tensor with 2 axes"},
      {__LINE__, [] { gather(a, 0, ids); }, "[gather] the index (2,) does not fit x, (2, 3)"},
      {__LINE__, [] { gather(a, 0, index); },
       "[gather] index 2 at position 2, axis 0 of (2, 3)"},
      {__LINE__, [] { gather(a, 1, Ids({2, 1}, {0, -1})); },
       "[gather] index -1 at position 1, axis 1 of (2, 3)"},
      {__LINE__, [] { gather(a, 1, Ids({3, 1}, {0, 0, 0})); },
       "[gather] the index (3, 1) does not fit x, (2, 3)"},
      {__LINE__, [] { scatter_add(a, 1, index, a); },
       "[scatter_add] src is (2, 3), the index (2, 2)"},
      {__LINE__, [] { scatter_add(a, 0, index, counting({2, 2})); },
       "[scatter_add] index 2 at position 2, axis 0 of (2, 3)"},
      {__LINE__, [] { index_add(a, 0, ids, line); },
       "[index_add] x is (2, 3), the rows (2,), src (3,)"},
      {__LINE__, [] { index_add(a, 0, index, a); },
       "[index_add] x is (2, 3), the rows (2, 2), src (2, 3)"},
      {__LINE__, [] { index_add(a, 2, ids, a); }, "[index_add] axis 2 of a tensor with 2 axes"},
      {__LINE__, [] { index_add(a, 0, Ids{0, 2}, a); }, "[scatter_add] index 2 at position 3"},
      {__LINE__, [] { index_select(one, ids); }, "[index_select] x is (), the rows (2,)"},
      {__LINE__, [] { index_select(a, index); }, "[index_select] x is (2, 3), the rows (2, 2)"},
      {__LINE__, [] { index_select(a, 2, ids); }, "[index_select] axis 2 of a tensor with 2 axes"},
      {__LINE__, [] { index_select(a, 1, Ids{0, 3}); },
       "[index_select] id 3 at position 1 of a table of 3 rows"},
      {__LINE__, [] { masked_select(line, a); },
       "[masked_select] the mask (2, 3) does not broadcast to x, (3,)"},
      {__LINE__, [] { masked_fill(line, a, 0); },
       "[masked_fill] the mask (2, 3) does not broadcast to x, (3,)"},
      {__LINE__, [] { where(a, counting({4}), one); }, "[where] shapes do not broadcast"},
      {__LINE__, [] { where(one, a, counting({4})); },
       "[where] shapes do not broadcast: a is (2, 3), b is (4,)"},
      {__LINE__, [] { embedding(line, ids); }, "[embedding] the table is (3,)"},
      {__LINE__, [] { embedding(a, Ids{1, 2}); },
       "[embedding] id 2 at position 1 of a table of 2 rows"},
      {__LINE__, [] { embedding(a, ids, 2); },
       "[embedding] padding_idx is 2, of a table of 2 rows"},
      {__LINE__, [] { embedding(a, ids, -3); },
       "[embedding] padding_idx is -3, of a table of 2 rows"},
      {__LINE__, [] { one_hot(ids, 1); },
       "[one_hot] id 1 at position 1, there are 1 classes"},
      {__LINE__, [] { one_hot(Ids{-1}, 3); },
       "[one_hot] id -1 at position 0, there are 3 classes"},
      {__LINE__, [] { sort(a, 2); }, "[sort] axis 2 of a tensor with 2 axes"},
      {__LINE__, [] { topk(a, 4); }, "[topk] k is 4, axis -1 of (2, 3) has fewer"},
      {__LINE__, [] { topk(a, -1, 0); }, "[topk] k is -1, axis 0 of (2, 3) has fewer"},
      {__LINE__, [] { argmax(a, 2); }, "[argmax] axis 2 of a tensor with 2 axes"},
      {__LINE__, [] { sort(many); }, "[sort] 2147483648 numbers are more than an index can count"},
      {__LINE__, [] { topk(many, 1); }, "[topk] 2147483648 numbers are more than an index"},
      {__LINE__, [] { argmax(many, 0); }, "[argmax] 2147483648 numbers are more than an index"},
      {__LINE__, [] { argmin(none, 1); }, "[argmin] axis 1 of (2, 0) has no number"},
      {__LINE__, [] { max(none, -1); }, "[max] axis -1 of (2, 0) has no number"},
      {__LINE__, [] { min(a, 3); }, "[min] axis 3 of a tensor with 2 axes"},
      {__LINE__, [] { cat({ids, index}); }, "[cat] (2,) and (2, 2)"},
      {__LINE__, [] { slice(ids, 0, 0, 1, 0); }, "[slice] the step is 0"},
      {__LINE__, [] { select(ids, 0, 2); }, "[select] index 2 on axis 0 of (2,)"},
      {__LINE__, [] { index_select(ids, Ids{-3}); }, "[index_select] index -3 on axis 0 of (2,)"},
      {__LINE__, [] { equal(ids, index); }, "[equal] shapes differ: (2,) and (2, 2)"},
      {__LINE__, [] { multinomial(wide, 1); },
       "[multinomial] 1 indices of weights of shape (2, 3, 4)"},
      {__LINE__, [] { multinomial(line, 3); },
       "[multinomial] row 0 has 2 weights above 0, 3 indices are asked for"},
      {__LINE__, [] { pack(wide, Rows::of_lengths({1})); },
       "[pack] (2, 3, 4) does not hold 1 sequences of up to 1 rows"},
      {__LINE__, [] { pack(wide, Rows::of_lengths({1, 4})); },
       "[pack] (2, 3, 4) does not hold 2 sequences of up to 4 rows"},
      {__LINE__, [] { unpack(a, Rows::of_lengths({3})); }, "[unpack] (2, 3) does not hold 3 rows"},
  });
  // clang-format on
}

TEST_CASE("errors: reductions and losses name axes, shapes and options") {
  const CrossEntropyOptions few{.weight = counting({2})};
  const CrossEntropyOptions much{.label_smoothing = real{1.5}}, less{.label_smoothing = real{-0.5}};
  const CrossEntropyOptions some{.label_smoothing = real{0.5}};
  const CrossEntropyOptions weighted{.weight = Tensor::ones({3})};
  // clang-format off
  check({
      {__LINE__, [] { sum(a, {1, 1}); }, "[sum] axis 1 is named twice"},
      {__LINE__, [] { mean(a, {2}); }, "[mean] axis 2 of a tensor with 2 axes"},
      {__LINE__, [] { sum_to(a, {2}); }, "[sum_to]"},
      {__LINE__, [] { sum_to(line, {2, 3}); }, "[sum_to] (2, 3) does not broadcast to (3,)"},
      {__LINE__, [] { amax(a, {-3}); }, "[amax] axis -3 of a tensor with 2 axes"},
      {__LINE__, [] { amin(none, {1}); }, "[amin] x is (2, 0): there is no number to choose from"},
      {__LINE__, [] { prod(a, {0, 0}); }, "[prod] axis 0 is named twice"},
      {__LINE__, [] { logsumexp(a, {2}); }, "[logsumexp] axis 2 of a tensor with 2 axes"},
      {__LINE__, [] { cumsum(a, 2); }, "[cumsum] axis 2 of a tensor with 2 axes"},
      {__LINE__, [] { norm(a, 0); }, "[norm] p is 0.000000"},
      {__LINE__, [] { norm(a, NAN); }, "[norm] p is nan"},
      {__LINE__, [] { normalize(a, 2, 0, -1); }, "[normalize] eps is -1"},
      {__LINE__, [] { cosine_similarity(a, line); }, "[cosine_similarity] x is (2, 3), y (3,)"},
      {__LINE__, [] { cosine_similarity(a, a, 0, NAN); }, "[cosine_similarity] eps is nan"},
      {__LINE__, [] { mse_loss(a, line); }, "[mse_loss] shapes differ: (2, 3) and (3,)"},
      {__LINE__, [] { l1_loss(a, line); }, "[l1_loss] shapes differ: (2, 3) and (3,)"},
      {__LINE__, [] { smooth_l1_loss(a, a, -1); }, "[smooth_l1_loss] beta is -1.000000"},
      {__LINE__, [] { smooth_l1_loss(a, line); }, "[smooth_l1_loss] shapes differ"},
      {__LINE__, [] { huber_loss(a, a, 0); }, "[huber_loss] delta is 0.000000"},
      {__LINE__, [] { kl_div(a, line); }, "[kl_div] shapes differ: (2, 3) and (3,)"},
      {__LINE__, [] { binary_cross_entropy_with_logits(a, line); },
       "[binary_cross_entropy_with_logits] shapes differ: (2, 3) and (3,)"},
      {__LINE__, [] { cross_entropy(a, Ids{0, 1, 2}); },
       "[cross_entropy] logits are (2, 3), labels (3,)"},
      {__LINE__, [] { cross_entropy(one, ids); }, "[cross_entropy] logits are (), labels (2,)"},
      {__LINE__, [] { cross_entropy(a, Ids{0, -1}); },
       "[cross_entropy] label -1 at position 1, there are 3 classes"},
      {__LINE__, [=] { cross_entropy(a, Ids{3, 0}, weighted); },
       "[cross_entropy] label 3 at position 0, there are 3 classes"},
      {__LINE__, [=] { cross_entropy(a, ids, few); },
       "[cross_entropy] logits are (2, 3), the weight (2,)"},
      {__LINE__, [=] { cross_entropy(a, ids, much); },
       "[cross_entropy] label_smoothing is 1.500000"},
      {__LINE__, [=] { cross_entropy(a, a, less); },
       "[cross_entropy] label_smoothing is -0.500000"},
      {__LINE__, [=] { cross_entropy(a, line, some); },
       "[cross_entropy] logits are (2, 3), labels (3,)"},
      {__LINE__, [=] { nll_loss(a, ids, some); }, "[nll_loss] label_smoothing is 0.500000"},
      {__LINE__, [] { nll_loss(a, Ids{0}); }, "[nll_loss] logits are (2, 3), labels (1,)"},
  });
  // clang-format on
}
