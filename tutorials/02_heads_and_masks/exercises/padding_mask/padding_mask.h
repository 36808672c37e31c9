#pragma once
// The function of this exercise, in its three places.
#include <cstdint>
#include <vector>

#include "tutorials/check/check.h"

using cairn::Tensor;
using PaddingMask = Tensor(const std::vector<int64_t>& lengths, int64_t T);

namespace mine {
PaddingMask padding_mask;
}
namespace mistakes {
PaddingMask padding_mask;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<PaddingMask>> list;
}
