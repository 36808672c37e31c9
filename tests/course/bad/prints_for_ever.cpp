// crash: it prints without an end
#include <cstdint>
#include <cstdio>

#include "core/real.h"

namespace mine {

using cairn::real;

void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  for (;;) std::printf("%f %f %d\n", y[0], x[0], static_cast<int>(rows + cols));
}

}  // namespace mine
