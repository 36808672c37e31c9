#pragma once
// The function of this exercise, in its three places.
#include <string>
#include <vector>

#include "tutorials/check/check.h"

using GradientOrError = std::string(char program);

namespace mine {
GradientOrError gradient_or_error;
}
namespace mistakes {
GradientOrError gradient_or_error;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<GradientOrError>> list;
}
