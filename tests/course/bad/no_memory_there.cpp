// crash: store to null pointer
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  real* nowhere = nullptr;
  for (int64_t i = 0; i < rows * cols; ++i) nowhere[i] = y[i] = x[i];  // here
}

}  // namespace mine
