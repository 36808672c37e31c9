#pragma once
// Operations on Ids: slicing, joining, comparing, and drawing them. The results are new Ids, or
// tensors without history. Axes may be negative.
#include <vector>

#include "core/ids.h"
#include "core/random.h"
#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// ---- Slicing and joining, as for tensors.
Ids slice(const Ids& ids, int axis, int64_t start, int64_t stop, int64_t step = 1,
          Where where = Where::current());
Ids select(const Ids& ids, int axis, int64_t index, Where where = Where::current());
template <std::same_as<Ids> T = Ids>  // a template, so that cat({}) is that of tensors
Ids cat(const std::vector<T>& parts, int axis = 0, Where where = Where::current());
// The slices rows[0], rows[1], ... along axis 0. Error if there is no such row.
Ids index_select(const Ids& ids, const Ids& rows, Where where = Where::current());

// ---- To tensors.
Tensor to_tensor(const Ids& ids);  // the same shape; exact up to 2^24 in float
// 1 where a and b have the same id, else 0. Error if the shapes differ, except that one side may
// be a single id. So a classifier's accuracy is mean(argmax(logits, 1) == labels).
Tensor equal(const Ids& a, const Ids& b, Where where = Where::current());
Tensor not_equal(const Ids& a, const Ids& b, Where where = Where::current());

// ---- Drawing.
// p (C) or (B, C): weights, which need not sum to one -> (count) or (B, count) indices, drawn in
// proportion to them; without replacement, no index twice in a row. Error if a weight is negative,
// NaN or infinite, or if fewer than `count` weights (with replacement: none) are above 0.
Ids multinomial(const Tensor& p, int64_t count, bool replacement = false,
                Random& random = default_random(), Where where = Where::current());

// An operand carries the line it was written on.
struct InIds {
  const Ids& ids;
  Where where;
  InIds(const Ids& ids, Where where = Where::current()) : ids(ids), where(where) {}
};
inline Tensor operator==(InIds a, InIds b) { return equal(a.ids, b.ids, a.where); }
inline Tensor operator!=(InIds a, InIds b) { return not_equal(a.ids, b.ids, a.where); }
inline Tensor operator==(InIds a, int32_t b) { return equal(a.ids, Ids({}, {b}), a.where); }
inline Tensor operator!=(InIds a, int32_t b) { return not_equal(a.ids, Ids({}, {b}), a.where); }
inline Tensor operator==(int32_t a, InIds b) { return equal(b.ids, Ids({}, {a}), b.where); }
inline Tensor operator!=(int32_t a, InIds b) { return not_equal(b.ids, Ids({}, {a}), b.where); }

}}  // namespace cairn::CAIRN_PRECISION
