#pragma once
// The function of this exercise, in its three places.
#include <cstdint>
#include <vector>

#include "tutorials/check/check.h"

using cairn::real;
using Step = void(real* p, real* b, const real* g, double lr, double momentum, int64_t n);

namespace mine {
Step sgd_momentum;
}
namespace mistakes {
Step sgd_momentum;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Step>> list;
}
