// wrong: of a type that is not derived from std::exception
#include <cstdint>

#include "core/real.h"

namespace mine {

using cairn::real;

void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  if (rows > 0) throw 7;  // here
  y[0] = x[0] + static_cast<real>(cols);
}

}  // namespace mine
