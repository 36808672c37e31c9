// A batch without padding, in the place of the library's; task.md in
// tutorials/10_pretraining/exercises/make_batch says what is asked.
#include <cstdint>
#include <vector>

#include "core/error.h"
#include "text/batches.h"

namespace cairn {

// The encodings at these indices, one after the other. `labels` has one for each encoding, or is
// empty.
Batch make_batch(const std::vector<Encoding>& encodings, const std::vector<int32_t>& labels,
                 const std::vector<int64_t>& indices) {
  // TODO
  (void)encodings, (void)labels, (void)indices;
  return {};
}

}  // namespace cairn
