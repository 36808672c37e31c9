#pragma once
// The function of this exercise, in its three places.
#include <cstdint>
#include <vector>

#include "tutorials/check/check.h"

using cairn::real;
using Gelu = void(real* y, const real* x, int64_t n);

namespace mine {
Gelu gelu;
}
namespace mistakes {
Gelu gelu;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Gelu>> list;
}
