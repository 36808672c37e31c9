// Other ways to write it, as good.
#include <cmath>

#include "core/ops.h"
#include "tutorials/03_encoder_block/exercises/post_norm_block/post_norm_block.h"

namespace alternatives {
namespace {

using cairn::Rows;

Tensor second_half(const Tensor& mixed, const BlockWeights& w) {
  const Tensor hidden = gelu(linear(mixed, w.widen_weight, w.widen_bias));
  return layer_norm(linear(hidden, w.narrow_weight, w.narrow_bias) + mixed, w.gamma2, w.beta2,
                    w.eps);
}

// With the library's op for attention.
Tensor with_attention(const Tensor& x, const BlockWeights& w) {
  const Rows rows = Rows::of_lengths({static_cast<int32_t>(x.size(0))});
  const Tensor heard = attention(
      linear(x, w.query_weight, w.query_bias), linear(x, w.key_weight, w.key_bias),
      linear(x, w.value_weight, w.value_bias), rows, rows, {.heads = w.heads, .bias = {}});
  const Tensor summed = linear(heard, w.output_weight, w.output_bias) + x;
  return second_half(layer_norm(summed, w.gamma1, w.beta1, w.eps), w);
}

// One head after the other, each with its own rows of the weights; what they say is added up.
Tensor head_by_head(const Tensor& x, const BlockWeights& w) {
  const int64_t d = x.size(1) / w.heads;
  Tensor heard = x + w.output_bias;
  for (int64_t h = 0; h < w.heads; ++h) {
    const auto part = [&](const Tensor& weight, const Tensor& bias) {
      return linear(x, slice(weight, 0, h * d, (h + 1) * d), slice(bias, 0, h * d, (h + 1) * d));
    };
    const Tensor q = part(w.query_weight, w.query_bias), k = part(w.key_weight, w.key_bias);
    const Tensor scores = matmul(q * (1 / std::sqrt(static_cast<real>(d))), transpose(k, 0, 1));
    const Tensor answer = matmul(softmax(scores), part(w.value_weight, w.value_bias));
    const Tensor columns = slice(w.output_weight, 1, h * d, (h + 1) * d);
    heard = heard + matmul(answer, transpose(columns, 0, 1));
  }
  return second_half(layer_norm(heard, w.gamma1, w.beta1, w.eps), w);
}

// Query, key and value in one product; the norm from its definition.
Tensor in_one_product(const Tensor& x, const BlockWeights& w) {
  const int64_t T = x.size(0), C = x.size(1), d = C / w.heads;
  const Tensor all = linear(x, cairn::cat({w.query_weight, w.key_weight, w.value_weight}),
                            cairn::cat({w.query_bias, w.key_bias, w.value_bias}));
  const Tensor parts = permute(reshape(all, {T, 3, w.heads, d}), {1, 2, 0, 3});
  const Tensor scores = matmul(parts[0], transpose(parts[1], -1, -2));
  const Tensor e = exp(log_softmax(scores / std::sqrt(static_cast<real>(d))));
  const Tensor answers = reshape(permute(matmul(e, parts[2]), {1, 0, 2}), {T, C});
  const Tensor summed = x + matmul(answers, transpose(w.output_weight, 0, 1)) + w.output_bias;
  const Tensor centred = summed - mean(summed, {1}, true);
  const Tensor deviation = sqrt(mean(centred * centred, {1}, true) + w.eps);
  return second_half(centred / deviation * w.gamma1 + w.beta1, w);
}

}  // namespace

const std::vector<check::Alternative<PostNormBlock>> list = {
    {"with the op for attention", with_attention},
    {"head by head", head_by_head},
    {"query, key and value in one product", in_one_product},
};

}  // namespace alternatives
