#pragma once
// The function of this exercise, in its three places.
#include <string>
#include <vector>

#include "tutorials/check/check.h"

using Order = std::string();

namespace mine {
Order order;
}
namespace mistakes {
Order order;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Order>> list;
}
