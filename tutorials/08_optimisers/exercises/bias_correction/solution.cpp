// Corrected running means.
#include <cmath>
#include <vector>

#include "core/real.h"

namespace mine {

using cairn::real;

// The running mean after each of the gradients, m = beta m + (1 - beta) g from m = 0 on, divided by
// 1 - beta^t at step t = 1, 2, ...
std::vector<real> bias_correction(const std::vector<real>& g, double beta) {
  std::vector<real> corrected;
  double mean = 0;
  for (const real gradient : g) {
    const double t = static_cast<double>(corrected.size() + 1);
    mean = beta * mean + (1 - beta) * gradient;
    corrected.push_back(static_cast<real>(mean / (1 - std::pow(beta, t))));
  }
  return corrected;
}

}  // namespace mine
