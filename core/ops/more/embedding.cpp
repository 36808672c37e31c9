// embedding with a padding row: the rows of core/ops/embedding.cpp, but without a gradient for
// those of padding_idx. PyTorch: torch.nn.functional.embedding(padding_idx).
#include "core/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Tensor embedding(const Tensor& table, const Ids& ids, int32_t padding_idx, Where where) {
  const Tensor y = embedding(table, ids, where);
  const int64_t count = table.size(0);
  const int64_t padding = padding_idx < 0 ? padding_idx + count : padding_idx;
  if (padding < 0 || padding >= count)
    fail("embedding",
         "padding_idx is " + std::to_string(padding_idx) + ", of a table of " +
             std::to_string(count) + " rows",
         "negative ones count from the end; embedding(table, ids) has no such row", where);
  std::vector<real> real_ids;
  for (int32_t id : ids.values()) real_ids.push_back(id != padding);
  Shape shape = ids.shape();
  shape.push_back(1);
  return cairn::where(Tensor::of(shape, real_ids), y, y.detach(), where);
}

}}  // namespace cairn::CAIRN_PRECISION
