#pragma once
// The function of this exercise, in its three places.
#include <vector>

#include "tutorials/03_encoder_block/exercises/post_norm_block/weights.h"
#include "tutorials/check/check.h"

using cairn::real;
using cairn::Tensor;
using PostNormBlock = Tensor(const Tensor& x, const BlockWeights& w);

namespace mine {
PostNormBlock post_norm_block;
}
namespace mistakes {
PostNormBlock post_norm_block;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<PostNormBlock>> list;
}
