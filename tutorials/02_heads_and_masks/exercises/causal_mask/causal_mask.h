#pragma once
// The function of this exercise, in its three places.
#include <cstdint>
#include <vector>

#include "tutorials/check/check.h"

using cairn::Tensor;
using CausalMask = Tensor(int64_t T);

namespace mine {
CausalMask causal_mask;
}
namespace mistakes {
CausalMask causal_mask;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<CausalMask>> list;
}
