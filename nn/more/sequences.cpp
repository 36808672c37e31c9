// Padded to ragged and back.
#include "nn/more/sequences.h"

#include "core/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Tensor to_ragged(const Tensor& x, Rows& rows, Where where) {
  const int axes = x.axes();
  if (axes != 2 && axes != 3)
    fail("sequences", "x is " + to_string(x.shape()), "(N, C), (T, C) or (B, T, C)", where);
  const int64_t B = axes == 3 ? x.size(0) : 1, T = x.size(axes - 2);
  if (rows.starts().numel() == 0) rows = Rows::equal(B, T);
  if (axes == 3) {
    const bool full = rows.sequences() == B && rows.longest() == T && rows.total() == B * T;
    return full ? reshape(x, {B * T, x.size(2)}) : pack(x, rows, where);
  }
  if (rows.total() != T) {
    fail("sequences",
         "x is " + to_string(x.shape()) + ", but its rows count " + std::to_string(rows.total()) +
             " tokens",
         "Rows::of_lengths(lengths), whose sum is the first size of x", where);
  }
  return x;
}

Tensor from_ragged(const Tensor& y, const Rows& rows, const Tensor& like) {
  if (like.axes() == 2) return y;
  const int64_t B = like.size(0), T = like.size(1), C = y.size(1);
  if (rows.total() == B * T) return reshape(y, {B, T, C});
  const Tensor padded = unpack(y, rows);  // (B, longest, C); `like` may be padded further
  if (padded.size(1) == T) return padded;
  return cat({padded, Tensor::zeros({B, T - padded.size(1), C})}, 1);
}

}}  // namespace cairn::CAIRN_PRECISION
