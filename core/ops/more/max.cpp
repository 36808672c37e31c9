// argmax, argmin: the index of the first largest (smallest) number along an axis, or of the first
// NaN; without an axis, over all numbers. Ids have no gradient. PyTorch: torch.argmax,
// torch.argmin. max, min: along an axis, that number and its index, a gather():
//   y = x[i], i = argmax(x)      dx[i] = dy, the others 0      PyTorch: torch.max, torch.min
// max(x) is amax(x), and max(a, b) is maximum(a, b).
#include <cmath>

#include "core/ops.h"
#include "core/ops/more/lanes.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

bool is_larger(real a, real b) { return a > b; }
bool is_smaller(real a, real b) { return a < b; }

Ids best_index(const char* op, bool (*better)(real a, real b), const Tensor& x, int axis,
               bool keepdim, Where where) {
  const int at = normal_axis(axis, x.axes(), op, where);
  Shape shape = x.shape();
  shape[at] = 1;
  const Lanes lanes(x.shape(), at);
  if (numel(shape) > 0 && lanes.size == 0)
    fail(op, "axis " + std::to_string(axis) + " of " + to_string(x.shape()) + " has no number", "",
         where);
  check_countable(lanes.size, op, where);
  const Contiguous from(x);
  std::vector<int32_t> index;
  for (int64_t o = 0; x.numel() > 0 && o < lanes.outer; ++o)
    for (int64_t k = 0; k < lanes.step; ++k) {
      const real* lane = from + o * lanes.size * lanes.step + k;
      int64_t best = 0;
      for (int64_t i = 1; i < lanes.size; ++i) {
        const real a = lane[i * lanes.step], b = lane[best * lanes.step];
        if (better(a, b) || (std::isnan(a) && !std::isnan(b))) best = i;
      }
      index.push_back(static_cast<int32_t>(best));
    }
  if (!keepdim) shape.erase(at);
  return Ids(shape, std::move(index));
}

// The numbers at an index that still has the axis, and the index.
std::pair<Tensor, Ids> numbers_at(const Tensor& x, int axis, const Ids& index, bool keepdim,
                                  Where where) {
  const Tensor y = gather(x, axis, index, where);
  if (keepdim) return {y, index};
  const Tensor without_axis = squeeze(y, axis, where);
  return {without_axis, index.reshape(without_axis.shape())};
}

}  // namespace

Ids argmax(const Tensor& x, int axis, bool keepdim, Where where) {
  return best_index("argmax", is_larger, x, axis, keepdim, where);
}
Ids argmin(const Tensor& x, int axis, bool keepdim, Where where) {
  return best_index("argmin", is_smaller, x, axis, keepdim, where);
}

Ids argmax(const Tensor& x, Where where) {
  return argmax(reshape(x.detach(), x.numel(), where), 0, false, where);
}
Ids argmin(const Tensor& x, Where where) {
  return argmin(reshape(x.detach(), x.numel(), where), 0, false, where);
}

std::pair<Tensor, Ids> max(const Tensor& x, int axis, bool keepdim, Where where) {
  return numbers_at(x, axis, best_index("max", is_larger, x, axis, true, where), keepdim, where);
}
std::pair<Tensor, Ids> min(const Tensor& x, int axis, bool keepdim, Where where) {
  return numbers_at(x, axis, best_index("min", is_smaller, x, axis, true, where), keepdim, where);
}

Tensor max(const Tensor& x, Where where) { return amax(x, {}, false, where); }
Tensor min(const Tensor& x, Where where) { return amin(x, {}, false, where); }
Tensor max(const Tensor& a, const Tensor& b, Where where) { return maximum(a, b, where); }
Tensor min(const Tensor& a, const Tensor& b, Where where) { return minimum(a, b, where); }

OpInfo argmax_info() {
  return {.name = "argmax", .formula = "the index of the first largest x", .derivative = ""};
}
OpInfo argmin_info() {
  return {.name = "argmin", .formula = "the index of the first smallest x", .derivative = ""};
}
OpInfo max_info() {
  return {.name = "max",
          .formula = "y = x[i], i = argmax(x)",
          .derivative = "dx[i] = dy",
          .saved = "i",
          .cases = axis_cases("max", [](auto& x, int axis) { return max(x, axis).first; })};
}
OpInfo min_info() {
  return {.name = "min",
          .formula = "y = x[i], i = argmin(x)",
          .derivative = "dx[i] = dy",
          .saved = "i",
          .cases = axis_cases("min", [](auto& x, int axis) { return min(x, axis, true).first; })};
}

}}  // namespace cairn::CAIRN_PRECISION
