// Layer norm of each row.
#include <cmath>
#include <cstdint>

#include "core/kernels/kernels.h"

namespace mine {

using cairn::LayerNormArgs;
using cairn::real;

// y = (x - mean) * rstd * gamma + beta over each row of x (rows, cols), with
// rstd = 1 / sqrt(variance + eps); mean and rstd of each row are kept.
void layer_norm(const LayerNormArgs& args) {
  const int64_t cols = args.cols;
  for (int64_t i = 0; i < args.rows; ++i) {
    const real* x = args.x + i * cols;
    real* y = args.y + i * cols;
    double mean = 0, variance = 0;
    for (int64_t j = 0; j < cols; ++j) mean += x[j];
    mean /= static_cast<double>(cols);
    for (int64_t j = 0; j < cols; ++j) variance += (x[j] - mean) * (x[j] - mean);
    variance /= static_cast<double>(cols);
    const double rstd = 1 / std::sqrt(variance + args.eps);
    for (int64_t j = 0; j < cols; ++j) {
      const double gamma = args.gamma ? args.gamma[j] : 1, beta = args.beta ? args.beta[j] : 0;
      y[j] = static_cast<real>((x[j] - mean) * rstd * gamma + beta);
    }
    args.mean[i] = static_cast<real>(mean);
    args.rstd[i] = static_cast<real>(rstd);
  }
}

}  // namespace mine
