#pragma once
// The function of this exercise, in its three places.
#include <vector>

#include "tutorials/check/check.h"

using cairn::real;
using Corrected = std::vector<real>(const std::vector<real>& g, double beta);

namespace mine {
Corrected bias_correction;
}
namespace mistakes {
Corrected bias_correction;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Corrected>> list;
}
