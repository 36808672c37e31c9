// The feed-forward part of a block.
#include "core/ops.h"

namespace mine {

using cairn::real;
using cairn::Tensor;

namespace {

// x weight^T, and the bias if there is one.
Tensor project(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  const Tensor y = matmul(x, transpose(weight, 0, 1));
  return bias.defined() ? y + bias : y;
}

}  // namespace

// gelu(x weight1^T + bias1) weight2^T + bias2 for x (T, C), with weight1 (H, C), bias1 (H), weight2
// (C, H) and bias2 (C). A bias may be undefined, which means none.
Tensor feed_forward(const Tensor& x, const Tensor& weight1, const Tensor& bias1,
                    const Tensor& weight2, const Tensor& bias2) {
  const Tensor hidden = gelu(project(x, weight1, bias1));  // (T, H)
  return project(hidden, weight2, bias2);
}

}  // namespace mine
