// The feed-forward part of a block; task.md in tutorials/03_encoder_block/exercises/feed_forward
// says what is asked.
#include "core/ops.h"

namespace mine {

using cairn::real;
using cairn::Tensor;

// gelu(x weight1^T + bias1) weight2^T + bias2 for x (T, C), with weight1 (H, C), bias1 (H), weight2
// (C, H) and bias2 (C). A bias may be undefined, which means none.
Tensor feed_forward(const Tensor& x, const Tensor& weight1, const Tensor& bias1,
                    const Tensor& weight2, const Tensor& bias2) {
  // TODO
  (void)weight1, (void)bias1, (void)weight2, (void)bias2;
  return Tensor::zeros(x.shape());
}

}  // namespace mine
