// The causal mask.
#include <cstdint>
#include <limits>

#include "core/ops.h"

namespace mine {

using cairn::real;
using cairn::Tensor;

// (T, T): 0 where j <= i, minus infinity where key j comes after query i.
Tensor causal_mask(int64_t T) {
  Tensor mask = Tensor::zeros({T, T});
  real* m = mask.write();
  for (int64_t i = 0; i < T; ++i)
    for (int64_t j = i + 1; j < T; ++j) m[i * T + j] = -std::numeric_limits<real>::infinity();
  return mask;
}

}  // namespace mine
