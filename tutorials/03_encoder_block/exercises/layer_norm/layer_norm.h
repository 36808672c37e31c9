#pragma once
// The function of this exercise, in its three places.
#include <vector>

#include "core/kernels/kernels.h"
#include "tutorials/check/check.h"

using cairn::LayerNormArgs;
using cairn::real;
using LayerNorm = void(const LayerNormArgs& args);

namespace mine {
LayerNorm layer_norm;
}
namespace mistakes {
LayerNorm layer_norm;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<LayerNorm>> list;
}
