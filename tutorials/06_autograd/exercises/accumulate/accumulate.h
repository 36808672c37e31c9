#pragma once
// The function of this exercise, in its three places.
#include <vector>

#include "tutorials/06_autograd/exercises/accumulate/tape.h"
#include "tutorials/check/check.h"

using Accumulate = void(const Tape& tape, int result, std::vector<double>& grad);

namespace mine {
Accumulate accumulate;
}
namespace mistakes {
Accumulate accumulate;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Accumulate>> list;
}
