#pragma once
// The function of this exercise, in its three places.
#include <vector>

#include "core/kernels/kernels.h"
#include "tutorials/check/check.h"

using cairn::LayerNormBackwardArgs;
using cairn::real;
using LayerNormBackward = void(const LayerNormBackwardArgs& args);

namespace mine {
LayerNormBackward layer_norm_backward;
}
namespace mistakes {
LayerNormBackward layer_norm_backward;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<LayerNormBackward>> list;
}
