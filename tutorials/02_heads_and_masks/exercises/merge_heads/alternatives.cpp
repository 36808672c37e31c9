// Other ways to write it, as good.
#include "core/ops.h"
#include "tutorials/02_heads_and_masks/exercises/merge_heads/merge_heads.h"

namespace alternatives {
namespace {

using cairn::real;

// The heads, each (B, T, d), laid side by side.
Tensor side_by_side(const Tensor& x) {
  std::vector<Tensor> heads{Tensor::zeros({x.size(0), x.size(2), 0})};
  for (int64_t h = 0; h < x.size(1); ++h) heads.push_back(select(x, 1, h));
  return cat(heads, -1);
}

// Index by index, through the strides.
Tensor in_loops(const Tensor& x) {
  const int64_t B = x.size(0), heads = x.size(1), T = x.size(2), d = x.size(3);
  const cairn::Shape& stride = x.strides();
  const real* from = x.strided_data();
  Tensor y = Tensor::empty({B, T, heads * d});
  real* to = y.write();
  for (int64_t b = 0; b < B; ++b)
    for (int64_t t = 0; t < T; ++t)
      for (int64_t h = 0; h < heads; ++h)
        for (int64_t c = 0; c < d; ++c)
          *to++ = from[b * stride[0] + h * stride[1] + t * stride[2] + c * stride[3]];
  return y;
}

// Each head is written into its own columns.
Tensor into_its_columns(const Tensor& x) {
  const int64_t heads = x.size(1), d = x.size(3);
  Tensor y = Tensor::zeros({x.size(0), x.size(2), heads * d});
  for (int64_t h = heads; h-- > 0;) slice(y, 2, h * d, (h + 1) * d).copy_(select(x, 1, h));
  return y;
}

}  // namespace

const std::vector<check::Alternative<MergeHeads>> list = {
    {"side by side with cat", side_by_side},
    {"in loops, through the strides", in_loops},
    {"into its columns", into_its_columns},
};

}  // namespace alternatives
