// index_select along any axis, masked_select and embedding with a padding row: compositions of the
// ops that pick rows of axis 0. PyTorch: torch.index_select, torch.masked_select,
// torch.nn.functional.embedding(padding_idx).
// one_hot: 1 at each id, 0 elsewhere. PyTorch: torch.nn.functional.one_hot.
#include "core/ops/records/op_info.h"
#include "core/ops.h"
#include "core/ops/axes.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Tensor index_select(const Tensor& x, int axis, const Ids& rows, Where where) {
  if (normal_axis(axis, x.axes(), "index_select", where) == 0) return index_select(x, rows, where);
  const Scope scope("index_select", where);
  return transpose(index_select(transpose(x, axis, 0), rows), axis, 0);
}

Tensor masked_select(const Tensor& x, const Tensor& mask, Where where) {
  if (!(broadcast(x.shape(), mask.shape(), "masked_select", where) == x.shape()))
    fail(
        "masked_select",
        "the mask " + to_string(mask.shape()) + " does not broadcast to x, " + to_string(x.shape()),
        "", where);
  const Scope scope("masked_select", where);
  const Contiguous chosen(expand(mask.detach(), x.shape()));
  check_countable(x.numel(), "masked_select", where);
  std::vector<int32_t> places;
  for (int64_t i = 0; i < x.numel(); ++i)
    if (chosen[i] != 0) places.push_back(static_cast<int32_t>(i));
  return index_select(reshape(x, {x.numel()}), Ids(std::move(places)));
}

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

Tensor one_hot(const Ids& ids, int64_t classes, Where where) {
  Shape shape = ids.shape();
  shape.push_back(classes);
  Tensor y = Tensor::zeros(shape);
  real* to = y.write(where);
  for (int64_t i = 0; i < ids.numel(); ++i) {
    if (ids[i] < 0 || ids[i] >= classes)
      fail("one_hot",
           "id " + std::to_string(ids[i]) + " at position " + std::to_string(i) + ", there are " +
               std::to_string(classes) + " classes",
           "", where);
    to[i * classes + ids[i]] = 1;
  }
  return y;
}

namespace {

Tensor every_third(const std::vector<Tensor>& x) {
  std::vector<real> mask;
  for (int64_t i = 0; i < x[0].numel(); ++i) mask.push_back(i % 3 == 0);
  return masked_select(x[0], Tensor::of(x[0].shape(), mask));
}

}  // namespace

// The other axes of the record that core/ops/embedding.cpp begins.
std::vector<OpCase> index_select_axis_cases() {
  return {CASE(index_select(x[0], -1, Ids{2, 0, 2, 2}), {{2, 3}}),
           CASE(index_select(x[0], 1, Ids{1}), {{2, 3, 4}}),
           CASE(index_select(x[0], -2, Ids()), {{2, 3, 4}}),
           CASE(index_select(x[0], 1, Ids{0, 0, 0}), {{1, 1}})};
}

OpInfo masked_select_info() {
  std::vector<OpCase> cases = {CASE(every_third(x), unary_shapes)};
  cases.push_back(CASE(masked_select(x[0], Tensor::of({3, 1}, {1, 0, 1})), {{2, 3, 2}}));
  return {"masked_select",
          "the numbers where the mask is not 0",
          "dx = zeros, dy written to their places",
          "places",
          "torch.masked_select",
          "core/ops/more/indexing.cpp",
          "",
          cases};
}
OpInfo one_hot_info() {
  return {"one_hot",
          "y[i, j] = 1 if j = ids[i] else 0",
          "",
          "nothing",
          "torch.nn.functional.one_hot",
          "core/ops/more/indexing.cpp",
          "",
          {}};
}

}}  // namespace cairn::CAIRN_PRECISION
