#pragma once
// The function of this exercise, in its three places.
#include <vector>

#include "tutorials/check/check.h"

using WhichGradient = std::vector<double>(char question);

namespace mine {
WhichGradient which_gradient;
}
namespace mistakes {
WhichGradient which_gradient;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<WhichGradient>> list;
}
