// crash: signed integer overflow
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  int32_t product = 1;
  for (int64_t i = 0; i < 64; ++i) product *= 3;  // here
  y[0] = static_cast<real>(product) + x[0] + static_cast<real>(rows + cols);
}

}  // namespace mine
