// compile: it does not compile
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  y[0] = x[0] + sofmax(rows, cols);  // here
}

}  // namespace mine
