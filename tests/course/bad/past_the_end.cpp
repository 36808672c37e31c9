// crash: it reads or writes past the end of an array
#include <cstdint>
#include <vector>

#include "core/real.h"

namespace mine {

using cairn::real;

void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  const std::vector<real> copy(x, x + rows * cols);
  for (int64_t i = 0; i <= rows * cols; ++i) y[0] += copy.data()[i];  // here
}

}  // namespace mine
