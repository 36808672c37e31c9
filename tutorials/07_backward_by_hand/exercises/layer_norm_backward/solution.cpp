// The way back through layer norm.
#include <cstdint>

#include "core/kernels/kernels.h"

namespace mine {

using cairn::LayerNormBackwardArgs;
using cairn::real;

namespace {

double xhat_at(const LayerNormBackwardArgs& args, int64_t i, int64_t j) {
  return (double(args.x[i * args.cols + j]) - double(args.mean[i])) * double(args.rstd[i]);
}

// The gradient by xhat.
double dxhat_at(const LayerNormBackwardArgs& args, int64_t i, int64_t j) {
  return double(args.dy[i * args.cols + j]) * (args.gamma ? double(args.gamma[j]) : 1);
}

// dx = rstd (dxhat - mean(dxhat) - xhat mean(dxhat xhat)) in row i
void write_dx(const LayerNormBackwardArgs& args, int64_t i) {
  double mean = 0, mean_with_xhat = 0;
  for (int64_t j = 0; j < args.cols; ++j) {
    mean += dxhat_at(args, i, j) / static_cast<double>(args.cols);
    mean_with_xhat += dxhat_at(args, i, j) * xhat_at(args, i, j) / static_cast<double>(args.cols);
  }
  for (int64_t j = 0; j < args.cols; ++j) {
    const double moved = dxhat_at(args, i, j) - mean - xhat_at(args, i, j) * mean_with_xhat;
    args.dx[i * args.cols + j] = static_cast<real>(double(args.rstd[i]) * moved);
  }
}

}  // namespace

// y = xhat * gamma + beta of each row of x (rows, cols), with xhat = (x - mean) * rstd; dy is the
// gradient of the loss by y. dx is written; dgamma and dbeta are added to. Each may be null.
void layer_norm_backward(const LayerNormBackwardArgs& args) {
  for (int64_t i = 0; args.dx && i < args.rows; ++i) write_dx(args, i);
  for (int64_t j = 0; j < args.cols; ++j) {
    double dgamma = 0, dbeta = 0;
    for (int64_t i = 0; i < args.rows; ++i) {
      dgamma += double(args.dy[i * args.cols + j]) * xhat_at(args, i, j);
      dbeta += double(args.dy[i * args.cols + j]);
    }
    if (args.dgamma) args.dgamma[j] += static_cast<real>(dgamma);
    if (args.dbeta) args.dbeta[j] += static_cast<real>(dbeta);
  }
}

}  // namespace mine
