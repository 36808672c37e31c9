// Ids cut, joined, compared, drawn. PyTorch: the functions of these names on integer tensors.
#include "core/ops/more/ids.h"

#include <algorithm>
#include <cmath>

#include "core/ops.h"
#include "core/ops/axes.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// The slices at `chosen` along an axis, which are there.
Ids taken(const Ids& ids, int axis, const std::vector<int64_t>& chosen) {
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
  return taken(ids, at, chosen);
}

Ids select(const Ids& ids, int axis, int64_t index, Where where) {
  const int at = normal_axis(axis, ids.axes(), "select", where);
  const Ids one = taken(ids, at, {normal_index(index, ids.shape(), at, "select", where)});
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
  return taken(ids, 0, chosen);
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

namespace {

// Indices of a row of weights with replacement: where `count` random numbers in [0, total) fall.
void draw_with_replacement(const real* p, int64_t C, int64_t count, Random& random,
                           int32_t* to) {
  std::vector<double> ends;  // of the part of [0, total) that belongs to each index
  double total = 0;
  for (int64_t i = 0; i < C; ++i) ends.push_back(total += static_cast<double>(p[i]));
  for (int64_t n = 0; n < count; ++n) {
    const double x = std::min(random.uniform() * total, std::nextafter(total, 0.0));
    const auto at = std::upper_bound(ends.begin(), ends.end(), x);
    to[n] = static_cast<int32_t>(at - ends.begin());
  }
}

// Without: the indices of the `count` smallest of E / p, where E is exponentially distributed, are
// as if drawn one by one (Efraimidis & Spirakis 2006).
void draw_without_replacement(const real* p, int64_t C, int64_t count, Random& random,
                              int32_t* to) {
  std::vector<std::pair<double, int32_t>> keys;
  for (int64_t i = 0; i < C; ++i) {
    const double e = -std::log(1 - random.uniform());
    if (p[i] > 0) keys.push_back({e / static_cast<double>(p[i]), static_cast<int32_t>(i)});
  }
  std::partial_sort(keys.begin(), keys.begin() + count, keys.end());
  for (int64_t n = 0; n < count; ++n) to[n] = keys[static_cast<size_t>(n)].second;
}

// Error unless `count` indices can be drawn from the weights of row b.
void check_weights(const real* p, int64_t C, int64_t b, int64_t count, bool replacement,
                   Where where) {
  int64_t positive = 0;
  for (int64_t i = 0; i < C; ++i) {
    if (!(p[i] >= 0 && std::isfinite(p[i])))
      fail("multinomial",
           "weight " + std::to_string(i) + " of row " + std::to_string(b) + " is " +
               std::to_string(p[i]),
           "weights are finite and not negative; softmax(logits) makes such", where);
    positive += p[i] > 0;
  }
  if (count > 0 && positive < (replacement ? 1 : count))
    fail("multinomial",
         "row " + std::to_string(b) + " has " + std::to_string(positive) +
             " weights above 0, " + std::to_string(count) + " indices are asked for",
         replacement ? "" : "fewer, or replacement = true", where);
}

}  // namespace

Ids multinomial(const Tensor& p, int64_t count, bool replacement, Random& random, Where where) {
  if (p.axes() < 1 || p.axes() > 2 || count < 0)
    fail("multinomial",
         std::to_string(count) + " indices of weights of shape " + to_string(p.shape()),
         "(C) or (B, C), and a count of 0 or more", where);
  const int64_t C = p.size(-1), B = p.axes() == 2 ? p.size(0) : 1;
  const Contiguous weights(p);
  for (int64_t b = 0; (C > 0 || count > 0) && b < B; ++b)
    check_weights(weights + b * C, C, b, count, replacement, where);
  std::vector<int32_t> values = Ids::room(numel({B, count}));
  for (int64_t b = 0; count > 0 && b < B; ++b)
    (replacement ? draw_with_replacement : draw_without_replacement)(
        weights + b * C, C, count, random, values.data() + b * count);
  Shape shape = p.shape();
  shape[p.axes() - 1] = count;
  return Ids(shape, std::move(values));
}

}}  // namespace cairn::CAIRN_PRECISION
