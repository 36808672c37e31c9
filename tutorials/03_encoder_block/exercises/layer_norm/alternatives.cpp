// Other ways to write it, as good.
#include <cmath>

#include "tutorials/03_encoder_block/exercises/layer_norm/layer_norm.h"

namespace alternatives {
namespace {

// Writes row i, given its mean and variance.
void finish(const LayerNormArgs& args, int64_t i, long double mean, long double variance) {
  const long double rstd = 1 / std::sqrt(variance + args.eps);
  for (int64_t j = args.cols; j-- > 0;) {
    const int64_t at = i * args.cols + j;
    const long double scaled = (args.x[at] - mean) * rstd * (args.gamma ? args.gamma[j] : 1);
    args.y[at] = static_cast<real>(scaled + (args.beta ? args.beta[j] : 0));
  }
  args.mean[i] = static_cast<real>(mean), args.rstd[i] = static_cast<real>(rstd);
}

// Mean and squares in one pass, each number correcting both (Welford 1962).
void welford(const LayerNormArgs& args) {
  for (int64_t i = 0; i < args.rows; ++i) {
    double mean = 0, squares = 0;
    for (int64_t j = 0; j < args.cols; ++j) {
      const double x = args.x[i * args.cols + j], off = x - mean;
      mean += off / static_cast<double>(j + 1);
      squares += off * (x - mean);
    }
    finish(args, i, mean, squares / static_cast<double>(args.cols));
  }
}

// One pass over the differences to the row's first number, which do not cancel.
void from_the_first(const LayerNormArgs& args) {
  for (int64_t i = args.rows; i-- > 0;) {
    const real* x = args.x + i * args.cols;
    long double sum = 0, squares = 0;
    for (int64_t j = 0; j < args.cols; ++j) {
      const long double off = static_cast<long double>(x[j]) - x[0];
      sum += off, squares += off * off;
    }
    const long double n = static_cast<long double>(args.cols), mean = sum / n;
    const long double variance = squares / n - mean * mean;
    finish(args, i, x[0] + mean, variance > 0 ? variance : 0);
  }
}

// The deviations are stored in y; each sum is split into halves.
double sum_of(const real* x, int64_t n) {
  return n == 0 ? 0 : n == 1 ? x[0] : sum_of(x, n / 2) + sum_of(x + n / 2, n - n / 2);
}
void in_halves(const LayerNormArgs& args) {
  std::vector<real> squares(static_cast<size_t>(args.cols));
  for (int64_t i = 0; i < args.rows; ++i) {
    const real* x = args.x + i * args.cols;
    const double n = static_cast<double>(args.cols), mean = sum_of(x, args.cols) / n;
    for (size_t j = 0; j < squares.size(); ++j) squares[j] = (x[j] - mean) * (x[j] - mean);
    finish(args, i, mean, sum_of(squares.data(), args.cols) / n);
  }
}

}  // namespace

const std::vector<check::Alternative<LayerNorm>> list = {
    {"Welford's one pass", welford},
    {"differences to the first number", from_the_first},
    {"sums in halves", in_halves},
};

}  // namespace alternatives
