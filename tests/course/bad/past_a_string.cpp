// crash: it reads or writes past the end of a vector, a string or the like
#include <cstdint>
#include <string>

#include "core/real.h"

namespace mine {

using cairn::real;

void softmax(real* y, const real* x, int64_t rows, int64_t) {
  const std::string text = "short";
  y[0] = x[0] + static_cast<real>(text[static_cast<size_t>(rows) + 6]);  // here
}

}  // namespace mine
