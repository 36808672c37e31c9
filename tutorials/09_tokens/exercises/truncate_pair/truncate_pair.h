#pragma once
// The function of this exercise, in its three places. The reader's is the library's own.
#include <utility>
#include <vector>

#include "text/truncation.h"
#include "tutorials/check/check.h"

using TruncatePair = std::pair<size_t, size_t>(size_t first, size_t second, size_t max_ids);

namespace mistakes {
TruncatePair truncate_pair;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<TruncatePair>> list;
}
