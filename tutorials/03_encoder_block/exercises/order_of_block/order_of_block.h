#pragma once
// The function of this exercise, in its three places.
#include <string>
#include <vector>

#include "tutorials/check/check.h"

using OrderOfBlock = std::string();

namespace mine {
OrderOfBlock order_of_block;
}
namespace mistakes {
OrderOfBlock order_of_block;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<OrderOfBlock>> list;
}
