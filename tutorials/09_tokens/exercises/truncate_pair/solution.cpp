// Cutting a pair, in the place of the library's function.
#include "text/truncation.h"

#include <algorithm>

namespace cairn {

// How many ids each of two texts keeps, of `first` and `second`, if both together may have `max_ids`:
// longest first.
std::pair<size_t, size_t> truncate_pair(size_t first, size_t second, size_t max_ids) {
  if (first + second <= max_ids) return {first, second};
  if (first > second) {
    const size_t kept = std::min(second, max_ids / 2);
    return {max_ids - kept, kept};
  }
  const size_t kept = std::min(first, max_ids / 2);
  return {kept, max_ids - kept};
}

}  // namespace cairn
