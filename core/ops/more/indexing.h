#pragma once
// Ops that read and write by index. An index outside [0, size) is an Error that names it.
#include <utility>

#include "core/ids.h"
#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// ---- By index.
// y[i, j, k] = x[i, index[i, j, k], k] for axis 1, and likewise for others. `index` has x's number
// of axes, and along the others no larger sizes.
Tensor gather(const Tensor& x, int axis, const Ids& index, Where where = Where::current());
// x, with src[i, j, k] added to [i, index[i, j, k], k] for axis 1. `src` has index's shape.
Tensor scatter_add(const Tensor& x, int axis, const Ids& index, const Tensor& src,
                   Where where = Where::current());

// The slices rows[0], rows[1], ... along the axis (`rows` has one axis).
Tensor index_select(const Tensor& x, int axis, const Ids& rows, Where where = Where::current());
// x, with alpha times slice i of src added to slice rows[i], along the axis.
Tensor index_add(const Tensor& x, int axis, const Ids& rows, const Tensor& src, real alpha = 1,
                 Where where = Where::current());
// The numbers where the mask, which broadcasts to x's shape, is not 0; one axis.
Tensor masked_select(const Tensor& x, const Tensor& mask, Where where = Where::current());
// As embedding(table, ids), but the row padding_idx, counted from the end if negative, gets no
// gradient from here. Error if there is no such row.
Tensor embedding(const Tensor& table, const Ids& ids, int32_t padding_idx,
                 Where where = Where::current());

// ---- In order.
// The numbers in ascending (or descending) order along the axis, and where they were. Equal ones
// keep their order; NaN counts as the largest.
std::pair<Tensor, Ids> sort(const Tensor& x, int axis = -1, bool descending = false,
                            Where where = Where::current());
// The k largest in descending order (or the k smallest in ascending order), and where they were.
// Error if k > size.
std::pair<Tensor, Ids> topk(const Tensor& x, int64_t k, int axis = -1, bool largest = true,
                            Where where = Where::current());

// ---- From ids.
// 1 at each id, 0 elsewhere: the ids' shape, then `classes`. Without history.
Tensor one_hot(const Ids& ids, int64_t classes, Where where = Where::current());

}}  // namespace cairn::CAIRN_PRECISION
