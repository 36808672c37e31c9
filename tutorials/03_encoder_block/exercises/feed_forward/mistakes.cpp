// What people write instead.
#include "core/ops.h"
#include "tutorials/03_encoder_block/exercises/feed_forward/feed_forward.h"

namespace mistakes {
namespace {

enum {
  no_bend = 1,
  tanh_form,
  with_relu,
  with_tanh,
  bend_at_the_end,
  bend_at_both,
  bend_first,
  view_for_transpose,
  no_first_bias,
  no_second_bias,
  first_bias_after_the_bend,
  second_bias_needs_the_first,
  residual,
  normalised,
  rows_mixed,
  storage_of_a_view,
  biases_not_asked,
  not_transposed,
  biases_twice,
};

bool is(int mistake) { return check::mistake == mistake; }

Tensor affine(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  const Tensor turned = is(view_for_transpose) ? reshape(weight, {weight.size(1), weight.size(0)})
                                               : transpose(weight, 0, 1);
  if (is(biases_twice)) return bias.defined() ? linear(x, weight, bias) + bias : matmul(x, turned);
  const Tensor y = matmul(x, is(not_transposed) ? weight : turned);
  if (is(biases_not_asked)) return y + bias;
  return bias.defined() ? y + bias : y;
}

Tensor bend(const Tensor& x) {
  if (is(no_bend) || is(bend_first) || is(bend_at_the_end)) return x;
  if (is(tanh_form)) return gelu_tanh(x);
  if (is(with_relu)) return relu(x);
  if (is(with_tanh)) return tanh(x);
  return gelu(x);
}

}  // namespace

Tensor feed_forward(const Tensor& input, const Tensor& weight1, const Tensor& bias1,
                    const Tensor& weight2, const Tensor& bias2) {
  Tensor x = is(bend_first) ? gelu(input) : input;
  if (is(storage_of_a_view)) {
    const real* numbers = input.strided_data();
    x = Tensor::of(input.shape(), std::vector<real>(numbers, numbers + input.numel()));
  }
  if (is(rows_mixed) && x.size(0) > 0) x = x + mean(x, {0}, true);
  if (is(normalised)) x = layer_norm(x, {}, {}, 1e-12);
  const bool late = is(no_first_bias) || is(first_bias_after_the_bend);
  Tensor hidden = bend(affine(x, weight1, late ? Tensor() : bias1));
  if (is(first_bias_after_the_bend) && bias1.defined()) hidden = hidden + bias1;
  const bool none = is(no_second_bias) || (is(second_bias_needs_the_first) && !bias1.defined());
  const Tensor y = affine(hidden, weight2, none ? Tensor() : bias2);
  if (is(bend_at_the_end) || is(bend_at_both)) return gelu(y);
  return is(residual) ? x + y : y;
}

const std::vector<check::Mistake> list = {
    {no_bend, "without GELU",
     "there is no GELU in it. Two matrices with nothing between them are one matrix, and the part "
     "could be left out."},
    {tanh_form, "the tanh form of GELU",
     "very near: you have GELU's tanh form, and the form with erf is asked for (`gelu`)."},
    {with_relu, "ReLU",
     "you have ReLU between the two, as in the first Transformer. BERT has GELU."},
    {with_tanh, "tanh", "you have tanh between the two. It is GELU."},
    {bend_at_the_end, "GELU at the end",
     "GELU stands between the two products; yours comes after the second."},
    {bend_at_both, "GELU twice",
     "GELU stands between the two products alone. The result of the second is returned as it is."},
    {bend_first, "GELU at the beginning",
     "GELU stands between the two products; yours comes before the first."},
    {view_for_transpose, "a view for the transpose",
     "a weight is (out, in), and has to be transposed. reshape(weight, {in, out}) has the right "
     "shape "
     "and the wrong cells: it reads the same numbers in the same order."},
    {no_first_bias, "without bias1", "bias1 is missing; it is added before GELU."},
    {no_second_bias, "without bias2", "bias2 is missing; it is added at the end."},
    {first_bias_after_the_bend, "bias1 after GELU",
     "bias1 belongs inside of GELU: gelu(x w1^T + b1)."},
    {second_bias_needs_the_first, "bias2 only with bias1",
     "either bias may be undefined without the other: ask each of them."},
    {residual, "with the residual",
     "you have added x. The residual belongs to the block, outside of this function."},
    {normalised, "with the norm",
     "you have normalised x. The norm belongs to the block, outside of this function."},
    {rows_mixed, "the rows are mixed",
     "a token's result changes with the other tokens. Each row stands for itself here."},
    {storage_of_a_view, "the memory of a view",
     "x may be a view, a transposed matrix for instance, whose numbers do not lie in memory in the "
     "order of the index. Read them through to_vector() or with ops."},
    {biases_not_asked, "a bias that is undefined",
     "a bias may be undefined, and then there is nothing to add: ask bias.defined() before you "
     "use it, each bias on its own."},
    {not_transposed, "weights are not transposed",
     "the shapes do not meet: weights are (out, in), and have to be transposed before the "
     "product."},
    {biases_twice, "the biases twice",
     "your biases are added twice: `linear` adds its bias already."},
};

}  // namespace mistakes
