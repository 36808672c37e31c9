#pragma once
// The function of this exercise, in its three places.
#include <string>
#include <vector>

#include "tutorials/check/check.h"

using Places = std::string();

namespace mine {
Places zero_grad_places;
}
namespace mistakes {
Places zero_grad_places;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Places>> list;
}
