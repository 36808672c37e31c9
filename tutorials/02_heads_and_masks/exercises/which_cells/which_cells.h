#pragma once
// The function of this exercise, in its three places.
#include <cstdint>
#include <vector>

#include "tutorials/check/check.h"

using WhichCells = std::vector<int64_t>(char question);

namespace mine {
WhichCells which_cells;
}
namespace mistakes {
WhichCells which_cells;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<WhichCells>> list;
}
