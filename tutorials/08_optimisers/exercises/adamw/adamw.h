#pragma once
// The function of this exercise, in its three places.
#include <vector>

#include "core/kernels/kernels.h"
#include "tutorials/check/check.h"

using cairn::AdamWScalars;
using cairn::real;
using AdamWStep = void(real* p, real* m, real* v, const real* g, const AdamWScalars& scalars,
                       int64_t n);

namespace mine {
AdamWStep adamw;
}
namespace mistakes {
AdamWStep adamw;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<AdamWStep>> list;
}
