// wrong: an exception
#include <cstdint>
#include <stdexcept>

#include "core/real.h"

namespace mine {

using cairn::real;

void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  if (rows > 0) throw std::out_of_range("no such row");  // here
  y[0] = x[0] + static_cast<real>(cols);
}

}  // namespace mine
