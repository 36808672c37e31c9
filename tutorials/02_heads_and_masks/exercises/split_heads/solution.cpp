// Split heads, cell by cell.
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

// x (B, T, heads * d) -> y (B, heads, T, d), both row-major.
void split_heads(real* y, const real* x, int64_t B, int64_t T, int64_t heads, int64_t d) {
  for (int64_t b = 0; b < B; ++b)
    for (int64_t h = 0; h < heads; ++h)
      for (int64_t t = 0; t < T; ++t)
        for (int64_t c = 0; c < d; ++c)
          y[((b * heads + h) * T + t) * d + c] = x[((b * T + t) * heads + h) * d + c];
}

}  // namespace mine
