#pragma once
// The function of this exercise, in its three places.
#include <functional>
#include <vector>

#include "tutorials/check/check.h"

using Gradcheck = bool(const std::function<double()>& f, std::vector<double>& x,
                       const std::vector<double>& dx);

namespace mine {
Gradcheck gradcheck;
}
namespace mistakes {
Gradcheck gradcheck;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Gradcheck>> list;
}
