// crash: division by zero
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  const int64_t each = 7 / (rows - rows);  // here
  y[0] = static_cast<real>(each) + x[cols - cols];
}

}  // namespace mine
