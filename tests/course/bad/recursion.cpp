// crash: it calls itself without an end
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

real deeper(const real* x, int64_t n) {  // here
  volatile real kept[64] = {x[0]};
  return kept[0] + deeper(x, n + 1) + kept[1];
}

void softmax(real* y, const real* x, int64_t rows, int64_t cols) { y[0] = deeper(x, rows * cols); }

}  // namespace mine
