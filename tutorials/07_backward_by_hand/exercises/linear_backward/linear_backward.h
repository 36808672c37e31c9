#pragma once
// The function of this exercise, in its three places. The reader's is the library's own.
#include <vector>

#include "core/ops/linear_backward.h"
#include "tutorials/check/check.h"

using cairn::LinearBackwardArgs;
using cairn::real;
using LinearBackward = void(const LinearBackwardArgs& args);

namespace mistakes {
LinearBackward linear_backward;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<LinearBackward>> list;
}
