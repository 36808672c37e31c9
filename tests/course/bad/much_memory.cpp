// crash: it asks for more memory than there is
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/real.h"

namespace mine {

using cairn::real;

void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  const std::vector<real> all(static_cast<std::size_t>(1) << 34, x[0]);  // here
  y[0] = all[static_cast<std::size_t>(rows * cols)];
}

}  // namespace mine
