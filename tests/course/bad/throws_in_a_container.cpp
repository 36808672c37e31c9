// wrong: an exception
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/real.h"

namespace mine {

using cairn::real;

void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  const std::vector<real> copy(x, x + rows * cols);
  y[0] = copy.at(static_cast<std::size_t>(rows * cols));  // here
}

}  // namespace mine
