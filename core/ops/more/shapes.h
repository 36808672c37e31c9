#pragma once
// Rearrangements beyond the views of core/ops/ops.h. flatten, split, chunk, unbind and diagonal
// share x's storage (flatten only if x's strides allow it), the others copy.
#include <vector>

#include "core/rows.h"
#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// ---- Joining and splitting.
// The axes `first` to `last` as one; a single number becomes (1).
Tensor flatten(const Tensor& x, int first = 0, int last = -1, Where where = Where::current());
// The parts as slices of a new axis. Error if their shapes differ.
Tensor stack(const std::vector<Tensor>& parts, int axis = 0, Where where = Where::current());
// Parts of these sizes along the axis, which must add up to its size.
std::vector<Tensor> split(const Tensor& x, const std::vector<int64_t>& sizes, int axis = 0,
                          Where where = Where::current());
// Parts of this size, the last perhaps smaller; an axis of size 0 gives one empty part.
std::vector<Tensor> split(const Tensor& x, int64_t size, int axis = 0,
                          Where where = Where::current());
// At most `count` parts of equal size, the last perhaps smaller.
std::vector<Tensor> chunk(const Tensor& x, int64_t count, int axis = 0,
                          Where where = Where::current());
// Each select(x, axis, i).
std::vector<Tensor> unbind(const Tensor& x, int axis = 0, Where where = Where::current());

// ---- Rearranging.
// counts[i] copies of x along axis i; more counts than axes add axes in front.
Tensor repeat(const Tensor& x, const std::vector<int64_t>& counts, Where where = Where::current());
// Backwards along each of the axes.
Tensor flip(const Tensor& x, const Axes& axes, Where where = Where::current());
// y[(i + shift) mod size] = x[i] along the axis.
Tensor roll(const Tensor& x, int64_t shift, int axis, Where where = Where::current());
// `value` before and after each axis: widths are {before, after} of the last axis, then of the one
// before it, and so on. A negative width cuts off.
Tensor pad(const Tensor& x, const std::vector<int64_t>& widths, real value = 0,
           Where where = Where::current());

// ---- Padded and ragged batches: (B, T, C) -> (N, C), and (N, C) -> (B, longest, C) with zeros at
// the padding.
Tensor pack(const Tensor& padded, const Rows& rows, Where where = Where::current());
Tensor unpack(const Tensor& x, const Rows& rows, Where where = Where::current());

// ---- Diagonals and triangles.
// x[i, i + offset] of the two axes, which are removed; the diagonal becomes the last axis.
Tensor diagonal(const Tensor& x, int64_t offset = 0, int axis0 = 0, int axis1 = 1,
                Where where = Where::current());
// x (..., m, n), but 0 below (triu) or above (tril) the diagonal j - i = `diagonal`.
Tensor triu(const Tensor& x, int64_t diagonal = 0, Where where = Where::current());
Tensor tril(const Tensor& x, int64_t diagonal = 0, Where where = Where::current());

}}  // namespace cairn::CAIRN_PRECISION
