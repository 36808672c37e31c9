// index_add: y = x, with alpha src[i] added to slice rows[i] along an axis.
//   dx = dy      dsrc[i] = alpha dy[rows[i]]      saves rows
// A scatter_add whose index is the same along each slice. PyTorch: torch.index_add.
#include "core/ops.h"
#include "core/ops/more/lanes.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Tensor index_add(const Tensor& x, int axis, const Ids& rows, const Tensor& src, real alpha,
                 Where where) {
  const int at = normal_axis(axis, x.axes(), "index_add", where);
  Shape shape = x.shape();
  shape[at] = rows.numel();
  if (rows.shape().size() != 1 || !(src.shape() == shape))
    fail("index_add",
         "x is " + to_string(x.shape()) + ", the rows " + to_string(rows.shape()) + ", src " +
             to_string(src.shape()),
         "src has a slice of x's for each row", where);
  const Scope scope("index_add", where);
  const Tensor added = src * alpha;  // first: what there is no memory for is an Error here
  std::vector<int32_t> index;
  index.reserve(static_cast<size_t>(src.numel()));
  const Lanes lanes(shape, at);
  for (int64_t o = 0; src.numel() > 0 && o < lanes.outer; ++o)
    for (int64_t i = 0; i < lanes.size; ++i)
      index.insert(index.end(), static_cast<size_t>(lanes.step), rows[i]);
  return scatter_add(x, at, Ids(shape, std::move(index)), added);
}

namespace {

// index_add with rows in no order, some of them twice.
Tensor add_rows(const Tensor& x, int axis, const Tensor& src) {
  std::vector<int32_t> rows;
  for (int64_t i = 0; i < src.size(axis); ++i)
    rows.push_back(static_cast<int32_t>(i * i % x.size(axis)));
  return index_add(x, axis, Ids(std::move(rows)), src, 1.5);
}

}  // namespace

OpInfo index_add_info() {
  return {.name = "index_add",
          .formula = "y = x; y[rows[i]] += alpha src[i]",
          .derivative = "dx = dy, dsrc[i] = alpha dy[rows[i]]",
          .saved = "rows",
          .cases = {CASE(add_rows(x[0], 0, x[1]), {{3, 4}, {5, 4}}, {{4}, {3}}, {{3, 4}, {0, 4}},
                         {{2, 0}, {3, 0}}),
                    CASE(add_rows(x[0], 1, x[1]), {{3, 4}, {3, 2}}, {{1, 1}, {1, 1}}),
                    CASE(add_rows(x[0], -1, x[1]), {{2, 3, 4}, {2, 3, 6}}),
                    CASE(add_rows(x[0], -2, x[1]), {{2, 3, 4}, {2, 4, 4}})}};
}

}}  // namespace cairn::CAIRN_PRECISION
