#pragma once
// The function of this exercise, in its three places.
#include <cstdint>
#include <vector>

#include "tutorials/check/check.h"

using cairn::real;
using Softmax = void(real* y, const real* x, int64_t rows, int64_t cols);

namespace mine {
Softmax softmax;
}
namespace mistakes {
Softmax softmax;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Softmax>> list;
}
