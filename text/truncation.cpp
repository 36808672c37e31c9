// The arithmetic of "longest first", without cutting one id at a time.
#include "text/truncation.h"

#include <algorithm>

namespace cairn {

std::pair<size_t, size_t> truncate_pair(size_t first, size_t second, size_t max_ids) {
  if (first + second <= max_ids) return {first, second};
  const size_t shorter = std::min(first, second);
  const size_t half = max_ids / 2;
  // Only the longer text is cut, unless the shorter one exceeds half as well.
  const size_t small = std::min(shorter, half), large = max_ids - small;
  return first > second ? std::pair(large, small) : std::pair(small, large);
}

}  // namespace cairn
