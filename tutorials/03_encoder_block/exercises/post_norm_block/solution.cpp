// BERT's encoder block.
#include <cmath>
#include <cstdint>

#include "core/ops.h"
#include "tutorials/03_encoder_block/exercises/post_norm_block/weights.h"

namespace mine {

using cairn::real;
using cairn::Tensor;

namespace {

// (T, C) -> (heads, T, C / heads)
Tensor split_heads(const Tensor& x, int64_t heads) {
  return transpose(reshape(x, {x.size(0), heads, x.size(1) / heads}), 0, 1);
}

// softmax(q k^T / sqrt d) v for each head, the heads' answers side by side: (T, C).
Tensor attend(const Tensor& x, const BlockWeights& w) {
  const Tensor q = split_heads(linear(x, w.query_weight, w.query_bias), w.heads);
  const Tensor k = split_heads(linear(x, w.key_weight, w.key_bias), w.heads);
  const Tensor v = split_heads(linear(x, w.value_weight, w.value_bias), w.heads);
  const real root = std::sqrt(static_cast<real>(q.size(-1)));
  const Tensor answers = matmul(softmax(matmul(q, transpose(k, 1, 2)) / root), v);
  return reshape(transpose(answers, 0, 1), x.shape());
}

}  // namespace

// x (T, C) -> (T, C): norm2(mixed + feed_forward(mixed)) with mixed = norm1(x + attention(x)).
Tensor post_norm_block(const Tensor& x, const BlockWeights& w) {
  const Tensor heard = linear(attend(x, w), w.output_weight, w.output_bias);
  const Tensor mixed = layer_norm(x + heard, w.gamma1, w.beta1, w.eps);
  const Tensor hidden = gelu(linear(mixed, w.widen_weight, w.widen_bias));
  const Tensor thought = linear(hidden, w.narrow_weight, w.narrow_bias);
  return layer_norm(mixed + thought, w.gamma2, w.beta2, w.eps);
}

}  // namespace mine
