#pragma once
// The function of this exercise, in its three places.
#include <cstdint>
#include <vector>

#include "tutorials/check/check.h"

using cairn::real;
using SplitHeads = void(real* y, const real* x, int64_t B, int64_t T, int64_t heads, int64_t d);

namespace mine {
SplitHeads split_heads;
}
namespace mistakes {
SplitHeads split_heads;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<SplitHeads>> list;
}
