#include "core/rows.h"

#include <algorithm>

namespace cairn {

Rows Rows::of_lengths(const std::vector<int32_t>& lengths) {
  std::vector<int32_t> starts{0};
  int64_t longest = 0;
  for (int32_t length : lengths) {
    starts.push_back(starts.back() + length);
    longest = std::max<int64_t>(longest, length);
  }
  return {Ids(std::move(starts)), longest};
}

Rows Rows::equal(int64_t B, int64_t T) {
  return of_lengths(std::vector<int32_t>(static_cast<size_t>(B), static_cast<int32_t>(T)));
}

Ids Rows::first() const {
  return Ids(std::vector<int32_t>(starts.values().begin(), starts.values().end() - 1));
}

}  // namespace cairn
