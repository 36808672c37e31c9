// crash: Assertion `cols == 4711' failed
#include <cassert>
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  assert(cols == 4711);  // here
  y[0] = x[0] + static_cast<real>(rows);
}

}  // namespace mine
