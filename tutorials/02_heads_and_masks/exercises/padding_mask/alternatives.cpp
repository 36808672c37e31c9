// Other ways to write it, as good.
#include <cmath>

#include "core/ops.h"
#include "tutorials/02_heads_and_masks/exercises/padding_mask/padding_mask.h"

namespace alternatives {
namespace {

using cairn::real;

// By comparing positions with lengths, broadcast against each other.
Tensor by_comparison(const std::vector<int64_t>& lengths, int64_t T) {
  const int64_t B = static_cast<int64_t>(lengths.size());
  std::vector<real> sizes(lengths.begin(), lengths.end());
  if (B == 0 || T == 0) return Tensor::zeros({B, 1, 1, T});
  const Tensor positions = Tensor::arange(static_cast<double>(T));
  return additive_mask(positions < Tensor::of({B, 1, 1, 1}, sizes));
}

// All hidden, then the tokens of each sentence shown.
Tensor by_slices(const std::vector<int64_t>& lengths, int64_t T) {
  Tensor mask = Tensor::full({static_cast<int64_t>(lengths.size()), 1, 1, T}, -INFINITY);
  for (size_t b = 0; b < lengths.size(); ++b) slice(mask[b], -1, 0, lengths[b]).fill_(0);
  return mask;
}

// ln 1 = 0 and ln 0 = minus infinity, from the last to the first.
Tensor by_logarithm(const std::vector<int64_t>& lengths, int64_t T) {
  const int64_t B = static_cast<int64_t>(lengths.size());
  std::vector<real> keep(static_cast<size_t>(B * T));
  for (size_t i = keep.size(); i-- > 0;) {
    const int64_t at = static_cast<int64_t>(i);
    keep[i] = at % T < lengths[static_cast<size_t>(at / T)];
  }
  return reshape(log(Tensor::of({B, T}, keep)), {B, 1, 1, T});
}

}  // namespace

const std::vector<check::Alternative<PaddingMask>> list = {
    {"by comparing positions", by_comparison},
    {"by slices", by_slices},
    {"the logarithm of ones and zeros", by_logarithm},
};

}  // namespace alternatives
