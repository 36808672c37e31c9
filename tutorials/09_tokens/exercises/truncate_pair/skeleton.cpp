// Cutting a pair, in the place of the library's function; task.md in
// tutorials/09_tokens/exercises/truncate_pair says what is asked.
#include "text/truncation.h"

#include <algorithm>

namespace cairn {

// How many ids each of two texts keeps, of `first` and `second`, if both together may have `max_ids`:
// longest first.
std::pair<size_t, size_t> truncate_pair(size_t first, size_t second, size_t max_ids) {
  // TODO
  (void)max_ids;
  return {first, second};
}

}  // namespace cairn
