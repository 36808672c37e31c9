// compile: there is no mine::softmax
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

void soft_max(real* y, const real* x, int64_t rows, int64_t cols) {
  y[0] = x[0] + static_cast<real>(rows + cols);
}

}  // namespace mine
