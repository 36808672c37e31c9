#pragma once
// The function of this exercise, in its three places.
#include <string>
#include <vector>

#include "tutorials/check/check.h"

using Answers = std::vector<std::string>();

namespace mine {
Answers pieces_by_hand;
}
namespace mistakes {
Answers pieces_by_hand;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Answers>> list;
}
