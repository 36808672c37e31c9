// crash: it ends the whole program, with code 0
#include <cstdint>
#include <cstdlib>

#include "core/real.h"

namespace mine {

using cairn::real;

void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  y[0] = x[0] + static_cast<real>(rows + cols);
  std::exit(0);
}

}  // namespace mine
