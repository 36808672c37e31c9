// crash: it asks for more memory than there is
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/real.h"

namespace mine {

using cairn::real;

void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  std::vector<real*> all;
  for (int64_t i = 0; i >= 0; ++i) all.push_back(new real[1 << 16]());
  y[0] = *all[static_cast<std::size_t>(rows * cols)] + x[0];
}

}  // namespace mine
