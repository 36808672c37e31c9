// Other ways to write it, as good.
#include <algorithm>
#include <cmath>
#include <limits>

#include "tutorials/01_scaled_dot_product_attention/exercises/softmax/softmax.h"

namespace alternatives {
namespace {

constexpr real minus_infinity = -std::numeric_limits<real>::infinity();

// Maximum and sum in one pass: where a larger number comes, the sum so far is rescaled (Milakov &
// Gimelshein 2018).
void online(real* y, const real* x, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; ++i, x += cols, y += cols) {
    real max = minus_infinity, sum = 0;
    for (int64_t j = 0; j < cols; ++j) {
      if (x[j] == minus_infinity) continue;
      if (x[j] > max) {
        sum *= std::exp(max - x[j]);
        max = x[j];
      }
      sum += std::exp(x[j] - max);
    }
    for (int64_t j = 0; j < cols; ++j) y[j] = sum == 0 ? 0 : std::exp(x[j] - max) / sum;
  }
}

// e^(x - ln sum e^x), added from the last to the first.
void through_the_logarithm(real* y, const real* x, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; ++i, x += cols, y += cols) {
    const real max = cols ? *std::max_element(x, x + cols) : 0;
    if (max == minus_infinity) {
      std::fill(y, y + cols, real{-0.0});
      continue;
    }
    real sum = 0;
    for (int64_t j = cols; j-- > 0;) sum += std::exp(x[j] - max);
    const real log_sum = max + std::log(sum);
    for (int64_t j = 0; j < cols; ++j) y[j] = std::exp(x[j] - log_sum);
  }
}

// The powers are stored in y and divided there; sums in long double.
void stored_powers(real* y, const real* x, int64_t rows, int64_t cols) {
  for (int64_t i = rows; i-- > 0;) {
    const real* row = x + i * cols;
    real* out = y + i * cols;
    real max = minus_infinity;
    for (int64_t j = 0; j < cols; ++j) max = row[j] > max ? row[j] : max;
    long double sum = 0;
    for (int64_t j = 0; j < cols; ++j)
      sum += out[j] = max == minus_infinity ? 0 : std::exp(row[j] - max);
    for (int64_t j = 0; j < cols && sum > 0; ++j) out[j] = static_cast<real>(out[j] / sum);
  }
}

}  // namespace

const std::vector<check::Alternative<Softmax>> list = {
    {"online, in one pass", online},
    {"through the logarithm", through_the_logarithm},
    {"powers stored, long double", stored_powers},
};

}  // namespace alternatives
