#pragma once
// The function of this exercise, in its three places.
#include <cstdint>
#include <vector>

#include "tutorials/check/check.h"

using WhoSeesIt = std::vector<int64_t>(char question);

namespace mine {
WhoSeesIt who_sees_it;
}
namespace mistakes {
WhoSeesIt who_sees_it;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<WhoSeesIt>> list;
}
