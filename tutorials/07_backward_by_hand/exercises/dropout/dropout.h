#pragma once
// The function of this exercise, in its three places.
#include <cstdint>
#include <vector>

#include "core/kernels/dropout_mask.h"
#include "tutorials/check/check.h"

using cairn::DropoutMask;
using cairn::real;
using Dropout = void(real* y, const real* x, DropoutMask mask, int64_t n);

namespace mine {
Dropout dropout;
}
namespace mistakes {
Dropout dropout;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Dropout>> list;
}
