// crash: it reads or writes past the end of a vector, a string or the like
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/real.h"

namespace mine {

using cairn::real;

void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  std::vector<real> sums;
  sums.reserve(static_cast<size_t>(rows * cols + 1));
  sums.push_back(0);
  sums[1] = x[0];  // here
  y[0] = sums[0];
}

}  // namespace mine
