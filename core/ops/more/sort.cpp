// sort, topk: the numbers along an axis in order (the first k of them), and where they were. Equal
// numbers keep their order, and NaN counts as the largest.
//   y_i = x[index_i]      dx[index_i] = dy_i      saves the index
// The numbers come by gather(), which has the derivative.
// PyTorch: torch.sort(stable=True), torch.topk.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/ops.h"
#include "core/ops/more/lanes.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

bool is_smaller(real a, real b) { return a < b || (std::isnan(b) && !std::isnan(a)); }

// Of each lane along the axis, where its first `count` numbers in order are.
Ids order(const char* op, const Tensor& x, int axis, int64_t count, bool descending, Where where) {
  const Lanes lanes(x.shape(), axis);
  Shape shape = x.shape();
  shape[axis] = count;
  if (numel(shape) == 0) return Ids(shape, {});
  check_countable(lanes.size, op, where);
  const Contiguous from(x);
  std::vector<int32_t> index(static_cast<size_t>(numel(shape)));
  std::vector<int32_t> lane_order(static_cast<size_t>(lanes.size));
  for (int64_t o = 0; o < lanes.outer; ++o)
    for (int64_t k = 0; k < lanes.step; ++k) {
      const real* lane = from + o * lanes.size * lanes.step + k;
      std::iota(lane_order.begin(), lane_order.end(), 0);
      std::stable_sort(lane_order.begin(), lane_order.end(), [&](int32_t i, int32_t j) {
        const real a = lane[i * lanes.step], b = lane[j * lanes.step];
        return descending ? is_smaller(b, a) : is_smaller(a, b);
      });
      for (int64_t i = 0; i < count; ++i)
        index[static_cast<size_t>((o * count + i) * lanes.step + k)] =
            lane_order[static_cast<size_t>(i)];
    }
  return Ids(shape, std::move(index));
}

}  // namespace

std::pair<Tensor, Ids> sort(const Tensor& x, int axis, bool descending, Where where) {
  const int at = normal_axis(axis, x.axes(), "sort", where);
  const Ids index = order("sort", x, at, x.shape()[at], descending, where);
  return {gather(x, at, index, where), index};
}

std::pair<Tensor, Ids> topk(const Tensor& x, int64_t k, int axis, bool largest, Where where) {
  const int at = normal_axis(axis, x.axes(), "topk", where);
  if (k < 0 || k > x.shape()[at])
    fail("topk",
         "k is " + std::to_string(k) + ", axis " + std::to_string(axis) + " of " +
             to_string(x.shape()) + " has fewer",
         "", where);
  const Ids index = order("topk", x, at, k, largest, where);
  return {gather(x, at, index, where), index};
}

OpInfo sort_info() {
  return {.name = "sort",
          .formula = "y_i = x[index_i], in order",
          .derivative = "dx[index_i] = dy_i",
          .saved = "index",
          .cases = joined(axis_cases("sort", [](auto& x, int axis) { return sort(x, axis).first; }),
                          axis_cases("sort, descending: ",
                                     [](auto& x, int axis) { return sort(x, axis, true).first; }))};
}
OpInfo topk_info() {
  return {.name = "topk",
          .formula = "y_i = x[index_i], the k largest in order",
          .derivative = "dx[index_i] = dy_i",
          .saved = "index",
          .cases = joined(
              axis_cases("topk, 1: ", [](auto& x, int axis) { return topk(x, 1, axis).first; }),
              {CASE(topk(x[0], 2).first, {{3, 4}}), CASE(topk(x[0], 2, 0, false).first, {{3, 4}}),
               CASE(topk(x[0], 0).first, {{3, 4}})})};
}

}}  // namespace cairn::CAIRN_PRECISION
