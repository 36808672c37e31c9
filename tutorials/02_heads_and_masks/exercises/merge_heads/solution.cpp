// Merge heads.
#include "core/ops.h"

namespace mine {

using cairn::Tensor;

// (B, heads, T, d) -> (B, T, heads * d)
Tensor merge_heads(const Tensor& x) {
  const int64_t B = x.size(0), heads = x.size(1), T = x.size(2), d = x.size(3);
  const Tensor tokens_first = transpose(x, 1, 2);  // (B, T, heads, d), a view
  return reshape(tokens_first, {B, T, heads * d});
}

}  // namespace mine
