// A batch without padding, in the place of the library's.
#include <cstdint>
#include <vector>

#include "core/error.h"
#include "text/batches.h"

namespace cairn {

Batch make_batch(const std::vector<Encoding>& encodings, const std::vector<int32_t>& labels,
                 const std::vector<int64_t>& indices) {
  const auto count = static_cast<int64_t>(encodings.size());
  if (!labels.empty() && labels.size() != encodings.size())
    fail("make_batch", "labels and texts differ in number");
  std::vector<int32_t> ids, types, chosen, lengths;
  for (const int64_t index : indices) {
    if (index < 0 || index >= count) fail("make_batch", "no text " + std::to_string(index));
    const Encoding& text = encodings[static_cast<size_t>(index)];
    for (const int32_t id : text.ids) ids.push_back(id);
    for (const int32_t type : text.token_types) types.push_back(type);
    lengths.push_back(static_cast<int32_t>(text.ids.size()));
    if (!labels.empty()) chosen.push_back(labels[static_cast<size_t>(index)]);
  }
  return {Ids(ids), Ids(types), Ids(chosen), Rows::of_lengths(lengths)};
}

}  // namespace cairn
