#pragma once
// The function of this exercise, in its three places.
#include <string>
#include <vector>

#include "tutorials/check/check.h"

using Answer = std::string();

namespace mine {
Answer read_the_bytes;
}
namespace mistakes {
Answer read_the_bytes;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Answer>> list;
}
