#pragma once
// Two texts in the room for one.
#include <cstddef>
#include <utility>

namespace cairn {

// How many ids each of two texts keeps, of `first` and `second`, if both together may have `max_ids`.
// The longer one is cut down to the other's length, then both; what is odd then goes to the one that
// was longer, and to the second if they were equal. Hugging Face: `tokenizers`' strategy "longest
// first".
std::pair<size_t, size_t> truncate_pair(size_t first, size_t second, size_t max_ids);

}  // namespace cairn
