// Other ways to write it, as good.
#include <numeric>
#include <vector>

#include "tutorials/07_backward_by_hand/exercises/layer_norm_backward/layer_norm_backward.h"

namespace alternatives {
namespace {

// One pass for everything that is summed, then dx.
void one_pass(const LayerNormBackwardArgs& args) {
  const real n = static_cast<real>(args.cols);
  for (int64_t i = 0; i < args.rows; ++i) {
    const real *x = args.x + i * args.cols, *dy = args.dy + i * args.cols;
    real sum = 0, dot = 0;
    for (int64_t j = 0; j < args.cols; ++j) {
      const real xhat = (x[j] - args.mean[i]) * args.rstd[i];
      const real dxhat = args.gamma ? dy[j] * args.gamma[j] : dy[j];
      sum += dxhat, dot += dxhat * xhat;
      if (args.dgamma) args.dgamma[j] += dy[j] * xhat;
      if (args.dbeta) args.dbeta[j] += dy[j];
    }
    if (!args.dx) continue;
    for (int64_t j = 0; j < args.cols; ++j) {
      const real xhat = (x[j] - args.mean[i]) * args.rstd[i];
      const real dxhat = args.gamma ? dy[j] * args.gamma[j] : dy[j];
      args.dx[i * args.cols + j] = args.rstd[i] * (dxhat - (sum + xhat * dot) / n);
    }
  }
}

// In textbook order: the gradients by the variance and by the mean first.
void through_mean_and_variance(const LayerNormBackwardArgs& args) {
  const int64_t cols = args.cols;
  for (int64_t i = args.rows; i-- > 0;) {
    const long double r = args.rstd[i], n = static_cast<long double>(cols);
    long double dvariance = 0, dmean = 0;
    std::vector<long double> dxhat(static_cast<size_t>(cols)), off(dxhat);
    for (size_t j = 0; j < dxhat.size(); ++j) {
      const size_t at = static_cast<size_t>(i * cols) + j;
      off[j] = static_cast<long double>(args.x[at]) - args.mean[i];
      dxhat[j] = args.dy[at] * static_cast<long double>(args.gamma ? args.gamma[j] : 1);
      dvariance -= dxhat[j] * off[j] * r * r * r / 2;
      dmean -= dxhat[j] * r;
      if (args.dgamma) args.dgamma[j] += static_cast<real>(args.dy[at] * off[j] * r);
      if (args.dbeta) args.dbeta[j] += args.dy[at];
    }
    for (size_t j = 0; args.dx && j < dxhat.size(); ++j)
      args.dx[static_cast<size_t>(i * cols) + j] =
          static_cast<real>(dxhat[j] * r + dvariance * 2 * off[j] / n + dmean / n);
  }
}

// Whole matrices, one after the other.
void by_matrices(const LayerNormBackwardArgs& args) {
  const auto cols = static_cast<size_t>(args.cols), all = static_cast<size_t>(args.rows) * cols;
  std::vector<real> xhat(all), dxhat(args.dy, args.dy + all);
  for (size_t at = 0; at < all; ++at)
    xhat[at] = args.x[at] * args.rstd[at / cols] - args.mean[at / cols] * args.rstd[at / cols];
  for (size_t at = 0; args.gamma && at < all; ++at) dxhat[at] *= args.gamma[at % cols];
  for (size_t at = 0; args.dx && at < all; ++at) {
    const auto row = static_cast<std::ptrdiff_t>(at - at % cols);
    const auto begin = dxhat.begin() + row, end = begin + args.cols;
    const real mean = std::accumulate(begin, end, real{0}) / static_cast<real>(cols);
    const real dot = std::inner_product(begin, end, xhat.begin() + row, real{0});
    args.dx[at] =
        (dxhat[at] - mean - xhat[at] * dot / static_cast<real>(cols)) * args.rstd[at / cols];
  }
  for (size_t at = 0; args.dgamma && at < all; ++at)
    args.dgamma[at % cols] += args.dy[at] * xhat[at];
  for (size_t at = 0; args.dbeta && at < all; ++at) args.dbeta[at % cols] += args.dy[at];
}

}  // namespace

const std::vector<check::Alternative<LayerNormBackward>> list = {
    {"one pass over each row", one_pass},
    {"through mean and variance", through_mean_and_variance},
    {"matrix by matrix", by_matrices},
};

}  // namespace alternatives
