#pragma once
// The function of this exercise, in its three places.
#include <string>
#include <vector>

#include "tutorials/check/check.h"

using OrderOfStep = std::string();

namespace mine {
OrderOfStep order_of_step;
}
namespace mistakes {
OrderOfStep order_of_step;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<OrderOfStep>> list;
}
