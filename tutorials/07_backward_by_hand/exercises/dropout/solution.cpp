// Dropout.
#include <cstdint>

#include "core/kernels/dropout_mask.h"

namespace mine {

using cairn::DropoutMask;
using cairn::real;

// y[i] = x[i] / (1 - mask.p) where the mask keeps element i, else 0, of n numbers.
void dropout(real* y, const real* x, DropoutMask mask, int64_t n) {
  const cairn::DropoutHash hash = cairn::dropout_hash(mask);
  for (int64_t i = 0; i < n; ++i)
    if (cairn::keeps(hash, i)) y[i] = x[i] / (1 - mask.p);
    else y[i] = 0;
}

}  // namespace mine
