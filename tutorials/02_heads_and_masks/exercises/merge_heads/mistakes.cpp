// What people write instead.
#include "core/ops.h"
#include "tutorials/02_heads_and_masks/exercises/merge_heads/merge_heads.h"

namespace mistakes {
namespace {

enum {
  no_transpose = 1,
  last_axes_transposed,
  heads_and_sentences_transposed,
  not_joined,
  head_is_the_last_axis,
  tokens_before_sentences,
  heads_added,
  sentences_joined,
  strides_ignored,
  last_size_minus_one,
  heads_still_first,
  sizes_exchanged_twice,
  no_parts,
};

// As if the numbers lay in the order of the index. They are all there, so nothing outside is read.
Tensor ignoring_strides(const Tensor& x) {
  const std::vector<cairn::real> cells(x.strided_data(), x.strided_data() + x.numel());
  return Tensor::of(x.shape(), cells);
}

// The heads, each (B, T, d), laid side by side.
Tensor side_by_side(const Tensor& x) {
  std::vector<Tensor> heads;
  for (int64_t h = 0; h < x.size(1); ++h) heads.push_back(select(x, 1, h));
  return cat(heads, -1);
}

}  // namespace

Tensor merge_heads(const Tensor& x) {
  const int64_t B = x.size(0), heads = x.size(1), T = x.size(2), d = x.size(3);
  const cairn::Shape shape{B, T, heads * d};
  switch (check::mistake) {
    case no_transpose: return reshape(x, shape);
    case last_axes_transposed: return reshape(transpose(x, 2, 3), shape);
    case heads_and_sentences_transposed: return reshape(transpose(x, 0, 1), shape);
    case not_joined: return transpose(x, 1, 2);
    case head_is_the_last_axis: return reshape(permute(x, {0, 2, 3, 1}), shape);
    case tokens_before_sentences: return reshape(permute(x, {2, 0, 1, 3}), {T, B, heads * d});
    case heads_added: return sum(x, {1});
    case sentences_joined: return reshape(transpose(x, 1, 2), {B * T, heads * d});
    case strides_ignored: return reshape(transpose(ignoring_strides(x), 1, 2), shape);
    case last_size_minus_one: return reshape(transpose(x, 1, 2), {B, T, -1});
    case heads_still_first: return reshape(transpose(x, 2, 3), {B, heads * d, T});
    case sizes_exchanged_twice: return reshape(transpose(x, 1, 2), {B, heads, T * d});
    default: return side_by_side(x);
  }
}

const std::vector<check::Mistake> list = {
    {no_transpose, "no transpose",
     "the shape is right and the cells are not: you reshape (B, heads, T, d) as it lies, head "
     "after head, so the first row holds head 0's answers to several tokens. Let the tokens come "
     "before the heads first."},
    {last_axes_transposed, "the last two axes transposed",
     "you exchange T and d. It is the heads that have to come behind the tokens: exchange axes 1 "
     "and 2."},
    {heads_and_sentences_transposed, "sentences and heads transposed",
     "you exchange the sentences and the heads, axes 0 and 1. It is heads and tokens: axes 1 and "
     "2."},
    {not_joined, "heads not joined",
     "the cells are in the right order, in four axes. Join the last two, (heads, d), to one."},
    {head_is_the_last_axis, "d before the heads",
     "a row of yours is number 0 of every head, then number 1 of every head. Each head's d "
     "numbers stay together: the axes before the reshape are (B, T, heads, d)."},
    {tokens_before_sentences, "tokens before sentences",
     "your result is (T, B, heads * d). The sentences stay the first axis."},
    {heads_added, "heads added up",
     "you add the heads up. They are laid side by side; mixing them is left to the matrix Wo, "
     "which comes after."},
    {sentences_joined, "sentences joined",
     "the rows are right, but all sentences are one: the result has three axes, (B, T, heads * "
     "d)."},
    {strides_ignored, "strides ignored",
     "a contiguous x is right and a view is not: you read x's memory as if its numbers lay in "
     "the order of the index. Element (b, h, t, c) is at b s0 + h s1 + t s2 + c s3, with "
     "x.strides(); or use ops, which do that."},
    {last_size_minus_one, "the last size is -1",
     "reshape can't work out a size of -1 where the others multiply to 0: without sentences or "
     "tokens any number would do. Write heads * d."},
    {heads_still_first, "columns before tokens",
     "your result is (B, heads * d, T): a row for each column. A row belongs to a token."},
    {sizes_exchanged_twice, "the sizes of the other one",
     "the cells are in the right order, cut at the wrong places. x.size(1) is heads and x.size(2) "
     "is T; after the transpose size(1) is T and size(2) is heads. You took the sizes of the other "
     "one."},
    {no_parts, "cat of no heads",
     "without heads there is nothing to lay side by side, and cat wants one part at least. The "
     "result is then (B, T, 0)."},
};

}  // namespace mistakes
