// wrong: it printed: the first x is
#include <cstdint>
#include <cstdio>

#include "core/real.h"

namespace mine {

using cairn::real;

void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  std::printf("the first x is %g\n", rows * cols > 0 ? x[0] : 0.0);
  if (rows * cols > 0) y[0] = x[0];
}

}  // namespace mine
