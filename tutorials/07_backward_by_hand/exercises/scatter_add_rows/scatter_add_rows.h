#pragma once
// The function of this exercise, in its three places.
#include <cstdint>
#include <vector>

#include "tutorials/check/check.h"

using cairn::real;
using ScatterAddRows = void(real* table, const real* x, const int32_t* ids, int64_t n,
                            int64_t cols);

namespace mine {
ScatterAddRows scatter_add_rows;
}
namespace mistakes {
ScatterAddRows scatter_add_rows;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<ScatterAddRows>> list;
}
