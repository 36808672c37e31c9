// Sinusoidal positions, in the place of the library's.
#include <cmath>
#include <cstdint>

#include "core/error.h"
#include "nn/more/positions.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Row t of the table (T, C): sin(t w_i) at column 2i and cos(t w_i) at 2i + 1, where
// w_i = base^(-2i / C). Error unless base > 0.
Tensor sinusoidal_positions(int64_t T, int64_t C, double base) {
  if (!(base > 0)) fail("sinusoidal_positions", "base is not positive", "the paper has 10000");
  std::vector<real> table;
  for (int64_t t = 0; t < T; ++t)
    for (int64_t c = 0; c < C; ++c) {
      const int64_t i = c / 2;
      const double exponent = 2 * static_cast<double>(i) / static_cast<double>(C);
      const double angle = static_cast<double>(t) / std::pow(base, exponent);
      table.push_back(static_cast<real>(c % 2 == 0 ? std::sin(angle) : std::cos(angle)));
    }
  return Tensor::of({T, C}, table);
}

}}  // namespace cairn::CAIRN_PRECISION
