// The padding mask.
#include <cstdint>
#include <limits>
#include <vector>

#include "core/ops.h"

namespace mine {

using cairn::real;
using cairn::Tensor;

// (B, 1, 1, T): 0 for the first lengths[b] keys of sentence b, minus infinity for the others.
Tensor padding_mask(const std::vector<int64_t>& lengths, int64_t T) {
  const int64_t B = static_cast<int64_t>(lengths.size());
  Tensor mask = Tensor::empty({B, 1, 1, T});
  real* m = mask.write();
  for (int64_t length : lengths)
    for (int64_t j = 0; j < T; ++j) *m++ = j < length ? 0 : -std::numeric_limits<real>::infinity();
  return mask;
}

}  // namespace mine
