// GELU of each number; task.md in tutorials/03_encoder_block/exercises/gelu says what is asked.
#include <cmath>
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

// y[i] = x[i] * (1 + erf(x[i] / sqrt(2))) / 2
void gelu(real* y, const real* x, int64_t n) {
  // TODO
  (void)y, (void)x, (void)n;
}

}  // namespace mine
