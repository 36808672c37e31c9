#pragma once
// The function of this exercise, in its three places.
#include <vector>

#include "tutorials/check/check.h"

using TopologicalOrder = std::vector<int>(const std::vector<std::vector<int>>& inputs, int result);

namespace mine {
TopologicalOrder topological_order;
}
namespace mistakes {
TopologicalOrder topological_order;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<TopologicalOrder>> list;
}
