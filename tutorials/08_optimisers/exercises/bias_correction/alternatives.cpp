// Other ways to write it, as good.
#include <cmath>

#include "tutorials/08_optimisers/exercises/bias_correction/bias_correction.h"

namespace alternatives {
namespace {

// A fading sum of the gradients, divided by a fading sum of ones.
std::vector<real> sum_by_sum(const std::vector<real>& g, double beta) {
  std::vector<real> result(g.size());
  long double sum = 0, weights = 0;
  for (size_t i = 0; i < g.size(); ++i) {
    sum = beta * sum + g[i], weights = beta * weights + 1;
    result[i] = static_cast<real>(sum / weights);
  }
  return result;
}

// The power is kept from step to step.
std::vector<real> with_a_power(const std::vector<real>& g, double beta) {
  std::vector<real> result;
  double mean = 0, power = 1;
  for (const real gradient : g) {
    mean += (1 - beta) * (gradient - mean);
    result.push_back(mean / (1 - (power *= beta)));
  }
  return result;
}

// The corrected mean itself moves, by a share that begins at 1 and falls to 1 - beta.
std::vector<real> moving_share(const std::vector<real>& g, double beta) {
  std::vector<real> result;
  double corrected = 0;
  for (const real gradient : g) {
    const double t = static_cast<double>(result.size()) + 1;
    corrected += (1 - beta) / -std::expm1(t * std::log(beta)) * (gradient - corrected);
    result.push_back(corrected);
  }
  return beta == 0 ? g : result;
}

}  // namespace

const std::vector<check::Alternative<Corrected>> list = {
    {"a sum by a sum", sum_by_sum},
    {"the power kept", with_a_power},
    {"a moving share", moving_share},
};

}  // namespace alternatives
