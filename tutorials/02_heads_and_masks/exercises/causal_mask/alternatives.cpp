// Other ways to write it, as good.
#include <cmath>

#include "core/ops.h"
#include "tutorials/02_heads_and_masks/exercises/causal_mask/causal_mask.h"

namespace alternatives {
namespace {

using cairn::real;

// A triangle of ones, turned into a bias.
Tensor from_a_triangle(int64_t T) { return additive_mask(tril(Tensor::ones({T, T}))); }

// All hidden, then row by row what may be seen, from the last.
Tensor row_by_row(int64_t T) {
  Tensor mask = Tensor::full({T, T}, -INFINITY);
  for (int64_t i = T; i-- > 0;) slice(mask[i], 0, 0, i + 1).fill_(0);
  return mask;
}

// One loop over all elements; where a key may be seen stands -0, which is 0.
Tensor one_loop(int64_t T) {
  std::vector<real> mask(static_cast<size_t>(T * T));
  for (size_t at = 0; at < mask.size(); ++at) {
    const size_t i = at / static_cast<size_t>(T), j = at % static_cast<size_t>(T);
    mask[at] = i < j ? -INFINITY : real{-0.0};
  }
  return Tensor::of({T, T}, mask);
}

// Written column by column, as the transpose of its transpose: strides (1, T).
Tensor as_a_view(int64_t T) { return transpose(additive_mask(triu(Tensor::ones({T, T}))), 0, 1); }

}  // namespace

const std::vector<check::Alternative<CausalMask>> list = {
    {"from a triangle", from_a_triangle},
    {"row by row", row_by_row},
    {"one loop, minus zero", one_loop},
    {"as a view", as_a_view},
};

}  // namespace alternatives
