// Other ways to write it, as good.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "tutorials/07_backward_by_hand/exercises/cross_entropy/cross_entropy.h"

namespace alternatives {
namespace {

// One pass: a new maximum scales down what has been added so far.
void online(real* loss, real* log_sum, const real* x, const int32_t* label, int64_t rows,
            int64_t cols) {
  for (int64_t i = 0; i < rows; ++i) {
    real max = x[i * cols], sum = 0;
    if (std::isinf(max)) max = std::numeric_limits<real>::lowest();
    for (int64_t j = 0; j < cols; ++j) {
      const real number = x[i * cols + j], before = max;
      max = std::fmax(max, number);
      sum = sum * std::exp(before - max) + std::exp(number - max);
    }
    log_sum[i] = std::log(sum);
    loss[i] = label[i] >= 0 ? log_sum[i] - (x[i * cols + label[i]] - max) : 0;
  }
}

// The best class's own term is 1: ln(1 + the others).
void best_apart(real* loss, real* log_sum, const real* x, const int32_t* label, int64_t rows,
                int64_t cols) {
  for (int64_t i = rows; i-- > 0;) {
    const real* row = x + i * cols;
    const auto best = std::max_element(row, row + cols) - row;
    long double others = 0;  // all but the best, whose term is 1
    for (int64_t j = cols; j-- > 0;)
      if (j != best) others += std::exp(static_cast<long double>(row[j]) - row[best]);
    log_sum[i] = static_cast<real>(std::log1p(others));
    loss[i] = 0;
    if (label[i] < 0) continue;
    loss[i] = row[best] - row[label[i]] + log_sum[i];
  }
}

// All logarithms of probabilities, of which one is taken.
void log_softmax_first(real* loss, real* log_sum, const real* x, const int32_t* label, int64_t rows,
                       int64_t cols) {
  std::vector<real> shifted(static_cast<size_t>(cols)), powers(shifted);
  for (int64_t i = 0; i < rows; ++i) {
    const real* row = x + i * cols;
    const real max = *std::max_element(row, row + cols);
    std::transform(row, row + cols, shifted.begin(), [=](real number) { return number - max; });
    std::transform(shifted.begin(), shifted.end(), powers.begin(),
                   [](real s) { return std::exp(s); });
    std::sort(powers.begin(), powers.end());
    real sum = 0;
    for (real power : powers) sum += power;
    log_sum[i] = std::log(sum);
    for (real& number : shifted) number -= log_sum[i];
    loss[i] = label[i] < 0 ? 0 : -shifted[static_cast<size_t>(label[i])];
  }
}

}  // namespace

const std::vector<check::Alternative<CrossEntropy>> list = {
    {"one pass", online},
    {"without the best one's term", best_apart},
    {"a log softmax first", log_softmax_first},
};

}  // namespace alternatives
