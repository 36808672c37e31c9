// Other ways to write it, as good.
#include <algorithm>

#include "core/ops.h"
#include "tutorials/02_heads_and_masks/exercises/split_heads/split_heads.h"

namespace alternatives {
namespace {

// In the order of x, a piece of d numbers at a time.
void piece_by_piece(real* y, const real* x, int64_t B, int64_t T, int64_t heads, int64_t d) {
  for (int64_t b = 0; b < B; ++b, y += heads * T * d)
    for (int64_t t = 0; t < T; ++t)
      for (int64_t h = 0; h < heads; ++h, x += d) std::copy(x, x + d, y + (h * T + t) * d);
}

// One loop over y, which asks of each place what it is.
void one_loop(real* y, const real* x, int64_t B, int64_t T, int64_t heads, int64_t d) {
  const int64_t count = B * T * heads * d;
  for (int64_t i = count; i-- > 0;) {
    const int64_t c = i % d, t = i / d % T, h = i / (d * T) % heads, b = i / (d * T * heads);
    y[i] = x[b * T * heads * d + t * heads * d + h * d + c];
  }
}

// With a view and its copy.
void with_tensors(real* y, const real* x, int64_t B, int64_t T, int64_t heads, int64_t d) {
  const cairn::Tensor rows =
      cairn::Tensor::of({B, T, heads, d}, std::vector<real>(x, x + B * T * heads * d));
  const std::vector<real> split = permute(rows, {0, 2, 1, 3}).to_vector();
  std::copy(split.begin(), split.end(), y);
}

}  // namespace

const std::vector<check::Alternative<SplitHeads>> list = {
    {"in the order of x, by pieces", piece_by_piece},
    {"one loop, from the end", one_loop},
    {"with tensors", with_tensors},
};

}  // namespace alternatives
