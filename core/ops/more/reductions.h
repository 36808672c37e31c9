#pragma once
// Reductions beyond sum and mean. No axes: over all of them. keepdim keeps them, with size 1.
#include <utility>

#include "core/ids.h"
#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// ---- Over any set of axes.
// sum (x - mean)^2 / (count - correction): unbiased with correction 1, biased with 0. NaN if count
// is not larger than the correction (PyTorch: infinite, unless all x are equal).
Tensor var(const Tensor& x, const Axes& axes = {}, int64_t correction = 1, bool keepdim = false,
           Where where = Where::current());
// sqrt(var), but without overflow of the squares; gradient 0 where that is 0. After `using
// namespace cairn` it is cairn::std(x).
Tensor std(const Tensor& x, const Axes& axes = {}, int64_t correction = 1, bool keepdim = false,
           Where where = Where::current());
// The largest and the smallest; NaN if one is NaN, with the gradient 0 (PyTorch: NaN). Those that
// tie share the gradient equally. Error over no numbers at all.
Tensor amax(const Tensor& x, const Axes& axes = {}, bool keepdim = false,
            Where where = Where::current());
Tensor amin(const Tensor& x, const Axes& axes = {}, bool keepdim = false,
            Where where = Where::current());
Tensor prod(const Tensor& x, const Axes& axes = {}, bool keepdim = false,
            Where where = Where::current());
// ln(sum e^x), without overflow; of nothing, or of minus infinities, it is minus infinity, with the
// gradient 0 (PyTorch: NaN).
Tensor logsumexp(const Tensor& x, const Axes& axes = {}, bool keepdim = false,
                 Where where = Where::current());
// (sum |x|^p)^(1/p), for p > 0, even where |x|^p would overflow; max |x| for p = INFINITY. The
// gradient is 0 at 0, where it has none.
Tensor norm(const Tensor& x, real p = 2, const Axes& axes = {}, bool keepdim = false,
            Where where = Where::current());
// x / max(norm(x, p, {axis}), eps): vectors of length one. Error if eps is negative or NaN.
Tensor normalize(const Tensor& x, real p = 2, int axis = -1, real eps = real{1e-12},
                 Where where = Where::current());

// x . y / (max(|x|, eps) max(|y|, eps)) along the axis, which is removed.
Tensor cosine_similarity(const Tensor& x, const Tensor& y, int axis = -1, real eps = real{1e-8},
                         Where where = Where::current());

// ---- Over one axis, or over all numbers, in row-major order.
// The index of the first largest (smallest) number, or of the first NaN. Error over no numbers.
Ids argmax(const Tensor& x, int axis, bool keepdim = false, Where where = Where::current());
Ids argmin(const Tensor& x, int axis, bool keepdim = false, Where where = Where::current());
Ids argmax(const Tensor& x, Where where = Where::current());
Ids argmin(const Tensor& x, Where where = Where::current());
// The largest (smallest) number and its index, which alone gets the gradient.
std::pair<Tensor, Ids> max(const Tensor& x, int axis, bool keepdim = false,
                           Where where = Where::current());
std::pair<Tensor, Ids> min(const Tensor& x, int axis, bool keepdim = false,
                           Where where = Where::current());
Tensor max(const Tensor& x, Where where = Where::current());  // amax(x)
Tensor min(const Tensor& x, Where where = Where::current());  // amin(x)

// ---- Along one axis, which stays: y_i = x_0 + ... + x_i.
Tensor cumsum(const Tensor& x, int axis, Where where = Where::current());

}}  // namespace cairn::CAIRN_PRECISION
