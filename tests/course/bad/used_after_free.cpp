// crash: it uses memory that was given back
#include <cstddef>
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  real* copy = new real[static_cast<std::size_t>(rows * cols) + 1];
  delete[] copy;
  copy[0] = x[0];  // here
  y[0] = copy[0];
}

}  // namespace mine
