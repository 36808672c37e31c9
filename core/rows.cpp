// Making Rows, and the indices that follow from them.
#include "core/rows.h"

#include <algorithm>
#include <limits>

#include "core/error.h"

namespace cairn {

Rows Rows::of_lengths(const std::vector<int32_t>& lengths) {
  std::vector<int32_t> starts{0};
  int64_t longest = 0;
  for (int32_t length : lengths) {
    if (length < 0 || length > std::numeric_limits<int32_t>::max() - starts.back())
      fail("Rows",
           "a length of " + std::to_string(length) + " after " + std::to_string(starts.back()) +
               " rows",
           "lengths are 0 or more, and below 2^31 in all");
    starts.push_back(starts.back() + length);
    longest = std::max<int64_t>(longest, length);
  }
  return {std::move(starts), longest};
}

Rows Rows::equal(int64_t B, int64_t T) {
  constexpr int64_t max_total = std::numeric_limits<int32_t>::max();
  if (B < 0 || T < 0 || B >= max_total || (T > 0 && B > max_total / T))
    fail("Rows", std::to_string(B) + " sequences of " + std::to_string(T) + " rows",
         "sizes are 0 or more, and below 2^31 in all");
  std::vector<int32_t> starts(static_cast<size_t>(B) + 1);
  for (size_t b = 1; b < starts.size(); ++b) starts[b] = starts[b - 1] + static_cast<int32_t>(T);
  return {std::move(starts), T};  // T, even of no sequences
}

Ids Rows::first() const {
  const auto begin = starts_.values().begin();
  return Ids(std::vector<int32_t>(begin, begin + sequences()));
}

Ids Rows::positions() const {
  std::vector<int32_t> positions;
  positions.reserve(static_cast<size_t>(total()));
  for (int64_t b = 0; b < sequences(); ++b)
    for (int32_t i = 0; i < length(b); ++i) positions.push_back(i);
  return Ids(std::move(positions));
}

}  // namespace cairn
