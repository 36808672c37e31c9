#pragma once
// The function of this exercise, in its three places. The reader's is the library's own.
#include <cstdint>
#include <vector>

#include "optim/linear_schedule.h"
#include "tutorials/check/check.h"

using Factor = double(int64_t step, int64_t warmup, int64_t total);

namespace mistakes {
Factor warmup;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Factor>> list;
}
