#pragma once
// The function of this exercise, in its three places. The reader's is the library's own.
#include <cstdint>
#include <vector>

#include "nn/more/positions.h"
#include "tutorials/check/check.h"

using cairn::real;
using cairn::Tensor;
using Positions = Tensor(int64_t T, int64_t C, double base);

namespace mistakes {
Positions sinusoidal_positions;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Positions>> list;
}
