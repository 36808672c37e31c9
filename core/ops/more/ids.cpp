// Ids sliced, joined and compared. PyTorch: the functions of these names on integer tensors.
#include "core/ops/more/ids.h"

#include <algorithm>

#include "core/ops.h"
#include "core/ops/more/lanes.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// The slices at `chosen`, which are valid indices of the axis.
Ids slices_at(const Ids& ids, int axis, const std::vector<int64_t>& chosen) {
  const Lanes lanes(ids.shape(), axis);
  Shape shape = ids.shape();
  shape[axis] = static_cast<int64_t>(chosen.size());
  if (numel(shape) == 0) return Ids(shape, {});
  std::vector<int32_t> values;
  values.reserve(static_cast<size_t>(numel(shape)));
  for (int64_t o = 0; o < lanes.outer; ++o)
    for (int64_t i : chosen) {
      const int32_t* from = ids.data() + (o * lanes.size + i) * lanes.step;
      values.insert(values.end(), from, from + lanes.step);
    }
  return Ids(shape, std::move(values));
}

}  // namespace

Ids slice(const Ids& ids, int axis, int64_t start, int64_t stop, int64_t step, Where where) {
  const int at = normal_axis(axis, ids.axes(), "slice", where);
  if (step < 1) fail("slice", "the step is " + std::to_string(step), "1 or more", where);
  const int64_t size = ids.shape()[at], end = slice_bound(stop, size);
  std::vector<int64_t> chosen;
  start = slice_bound(start, size);
  for (int64_t i = start; i < end; i += std::min(step, size)) chosen.push_back(i);
  return slices_at(ids, at, chosen);
}

Ids select(const Ids& ids, int axis, int64_t index, Where where) {
  const int at = normal_axis(axis, ids.axes(), "select", where);
  const Ids one = slices_at(ids, at, {normal_index(index, ids.shape(), at, "select", where)});
  Shape shape = one.shape();
  shape.erase(at);
  return one.reshape(shape);
}

template <std::same_as<Ids> T>
Ids cat(const std::vector<T>& parts, int axis, Where where) {
  if (parts.empty()) fail("cat", "there are no parts", "", where);
  const int at = normal_axis(axis, parts[0].axes(), "cat", where);
  Shape shape = parts[0].shape();
  shape[at] = 0;
  for (const Ids& part : parts) {
    Shape expected = shape;
    if (part.axes() == shape.size()) expected[at] = part.shape()[at];
    if (!(part.shape() == expected))
      fail("cat", to_string(parts[0].shape()) + " and " + to_string(part.shape()),
           "the sizes off the axis must agree", where);
    shape[at] += part.shape()[at];
  }
  if (numel(shape) == 0) return Ids(shape, {});
  std::vector<int32_t> values;
  values.reserve(static_cast<size_t>(numel(shape)));
  const int64_t outer = Lanes(shape, at).outer;
  for (int64_t o = 0; o < outer; ++o)
    for (const Ids& part : parts) {
      const Lanes lanes(part.shape(), at);
      const int32_t* from = part.data() + o * lanes.size * lanes.step;
      values.insert(values.end(), from, from + lanes.size * lanes.step);
    }
  return Ids(shape, std::move(values));
}

template Ids cat<Ids>(const std::vector<Ids>& parts, int axis, Where where);

Ids index_select(const Ids& ids, const Ids& rows, Where where) {
  if (ids.axes() == 0) fail("index_select", "a single id has no rows", "", where);
  std::vector<int64_t> chosen;
  for (int32_t row : rows.values())
    chosen.push_back(normal_index(row, ids.shape(), 0, "index_select", where));
  return slices_at(ids, 0, chosen);
}

Tensor to_tensor(const Ids& ids) {
  Tensor x = Tensor::empty(ids.shape());
  std::copy_n(ids.data(), ids.numel(), x.write());
  return x;
}

Tensor equal(const Ids& a, const Ids& b, Where where) {
  // Broadcasting (N, 1) against (N) would be an accuracy over N x N pairs, which nobody wants.
  if (!(a.shape() == b.shape()) && a.axes() != 0 && b.axes() != 0)
    fail("equal", "shapes differ: " + to_string(a.shape()) + " and " + to_string(b.shape()),
         "reshape() one of them", where);
  const Ids& larger = a.axes() == 0 ? b : a;
  Tensor y = Tensor::empty(larger.shape());
  real* to = y.write();
  for (int64_t i = 0; i < y.numel(); ++i)
    to[i] = a[a.axes() == 0 ? 0 : i] == b[b.axes() == 0 ? 0 : i];
  return y;
}

Tensor not_equal(const Ids& a, const Ids& b, Where where) { return 1 - equal(a, b, where); }

}}  // namespace cairn::CAIRN_PRECISION
