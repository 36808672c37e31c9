// Kernels over whole rows in plain loops: softmax, log_softmax, cross entropy, layer norm. Every
// sum is kept in double, added from the first column (or row) to the last; results are rounded
// once.
#include <math.h>

#include "core/kernels/reference.h"
#include "core/kernels/scratch.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace reference {
namespace {

// sum_j e^(x_j - max_x); the maximum is taken off so that no term overflows.
double sum_of_exp(const real* x, double max_x, int64_t n) {
  double sum = 0;
  for (int64_t j = 0; j < n; j++) sum += ::exp(double(x[j]) - max_x);
  return sum;
}

}  // namespace

// y_j = e^(x_j - max x) / sum_k e^(x_k - max x)
void softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; i++, x += cols, y += cols) {
    const double max_x = max_of(x, cols);
    const double sum = sum_of_exp(x, max_x, cols);
    for (int64_t j = 0; j < cols; j++)  // a row of all -inf gives zeros
      y[j] = max_x == -infinity ? 0 : static_cast<real>(::exp(double(x[j]) - max_x) / sum);
  }
}

// forward: y = softmax(x), so dy_k/dx_j = y_k ([k = j] - y_j), and dx = y (dy - sum(dy y))
void softmax_backward(real* dx, const real* dy, const real* y, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; i++, dx += cols, dy += cols, y += cols) {
    // dot = sum(dy y)
    double dot = 0;
    for (int64_t j = 0; j < cols; j++) dot += double(dy[j]) * double(y[j]);
    // dx = y (dy - dot)
    for (int64_t j = 0; j < cols; j++)
      dx[j] = static_cast<real>(double(y[j]) * (double(dy[j]) - dot));
  }
}

// y_j = x_j - max x - ln sum_k e^(x_k - max x)
void log_softmax(real* y, const real* x, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; i++, x += cols, y += cols) {
    const double max_x = max_of(x, cols);
    const double log_sum = ::log(sum_of_exp(x, max_x, cols));
    for (int64_t j = 0; j < cols; j++) y[j] = static_cast<real>(double(x[j]) - max_x - log_sum);
  }
}

// forward: y = x - ln sum e^x, so dy_k/dx_j = [k = j] - e^(y_j), and dx = dy - e^y sum(dy)
void log_softmax_backward(real* dx, const real* dy, const real* y, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; i++, dx += cols, dy += cols, y += cols) {
    double sum = 0;
    for (int64_t j = 0; j < cols; j++) sum += double(dy[j]);
    for (int64_t j = 0; j < cols; j++)
      dx[j] = static_cast<real>(double(dy[j]) - ::exp(double(y[j])) * sum);
  }
}

// loss = -log_softmax(x)_label = (max x - x_label) + log_sum
void cross_entropy(real* loss, real* log_sum, const real* x, const int32_t* label, int64_t rows,
                   int64_t cols) {
  for (int64_t i = 0; i < rows; i++, x += cols) {
    const double max_x = max_of(x, cols);
    const double log_sum_i = ::log(sum_of_exp(x, max_x, cols));
    log_sum[i] = static_cast<real>(log_sum_i);
    loss[i] = label[i] < 0 ? 0 : static_cast<real>(max_x - double(x[label[i]]) + log_sum_i);
  }
}

// forward: loss = ln sum e^x - x_label, so dx = dloss (p - onehot(label)) with
// p = softmax(x) = e^(x - max x - log_sum)
void cross_entropy_backward(const CrossEntropyBackwardArgs& args) {
  const real *dloss = args.dloss, *log_sum = args.log_sum;
  const int64_t cols = args.cols;
  for (int64_t i = 0; i < args.rows; i++) {
    const real* x = args.x + i * cols;
    real* dx = args.dx + i * cols;
    const int32_t label = args.label[i];
    const double max_x = max_of(x, cols);
    for (int64_t j = 0; j < cols; j++) {
      const double p = ::exp(double(x[j]) - max_x - double(log_sum[i]));
      const double onehot = label == j ? 1 : 0;
      dx[j] = label < 0 ? 0 : static_cast<real>(double(dloss[i]) * (p - onehot));
    }
  }
}

// y = xhat gamma + beta with xhat = (x - mean) rstd, rstd = 1 / sqrt(var + eps)
void layer_norm(const LayerNormArgs& args) {
  const real *gamma = args.gamma, *beta = args.beta;
  const int64_t cols = args.cols;
  for (int64_t i = 0; i < args.rows; i++) {
    const real* x = args.x + i * cols;
    real* y = args.y + i * cols;
    // mean = sum(x) / cols
    double sum = 0;
    for (int64_t j = 0; j < cols; j++) sum += double(x[j]);
    const double mean_i = sum / double(cols);
    // var = sum((x - mean)^2) / cols
    double squares = 0;
    for (int64_t j = 0; j < cols; j++) squares += (double(x[j]) - mean_i) * (double(x[j]) - mean_i);
    const double rstd_i = 1 / ::sqrt(squares / double(cols) + double(args.eps));
    // y = xhat gamma + beta
    for (int64_t j = 0; j < cols; j++) {
      const double xhat = (double(x[j]) - mean_i) * rstd_i;
      const double scaled = xhat * (gamma ? double(gamma[j]) : 1);
      y[j] = static_cast<real>(scaled + (beta ? double(beta[j]) : 0));
    }
    args.mean[i] = static_cast<real>(mean_i);
    args.rstd[i] = static_cast<real>(rstd_i);
  }
}

// forward: xhat = (x - mean) rstd, y = xhat gamma + beta, so
//   dgamma = sum over rows of dy xhat,  dbeta = sum over rows of dy,  dxhat = dy gamma,
// and, because every x_j moves mean and rstd as well,
//   dx = rstd (dxhat - mean(dxhat) - xhat mean(dxhat xhat)).
void layer_norm_backward(const LayerNormBackwardArgs& args) {
  const real *gamma = args.gamma, *mean = args.mean, *rstd = args.rstd;
  const int64_t cols = args.cols;
  double* gamma_sum =
      static_cast<double*>(scratch(scratch_partials, 2 * cols * int64_t(sizeof(double))));
  double* beta_sum = gamma_sum + cols;
  for (int64_t j = 0; j < 2 * cols; j++) gamma_sum[j] = 0;
  for (int64_t i = 0; i < args.rows; i++) {
    const real* dy = args.dy + i * cols;
    const real* x = args.x + i * cols;
    // The mean to double precision: the rounded one, and what its rounding left out.
    double rest = 0;
    for (int64_t j = 0; j < cols; j++) rest += double(x[j]) - double(mean[i]);
    const double mean_i = double(mean[i]) + rest / double(cols);
    const double rstd_i = double(rstd[i]);
    // sum(dxhat) and sum(dxhat xhat) for dx; this row's part of dgamma and dbeta
    double sum = 0;
    double dot = 0;
    for (int64_t j = 0; j < cols; j++) {
      const double xhat = (double(x[j]) - mean_i) * rstd_i;
      const double dxhat = double(dy[j]) * (gamma ? double(gamma[j]) : 1);
      sum += dxhat;
      dot += dxhat * xhat;
      gamma_sum[j] += double(dy[j]) * xhat;
      beta_sum[j] += double(dy[j]);
    }
    // dx = rstd (dxhat - (sum + xhat dot) / cols)
    for (int64_t j = 0; args.dx && j < cols; j++) {
      const double xhat = (double(x[j]) - mean_i) * rstd_i;
      const double dxhat = double(dy[j]) * (gamma ? double(gamma[j]) : 1);
      const double dx = rstd_i * (dxhat - (sum + xhat * dot) / double(cols));
      args.dx[i * cols + j] = static_cast<real>(dx);
    }
  }
  for (int64_t j = 0; j < cols; j++) {
    if (args.dgamma) args.dgamma[j] += static_cast<real>(gamma_sum[j]);
    if (args.dbeta) args.dbeta[j] += static_cast<real>(beta_sum[j]);
  }
}

}}}  // namespace cairn::CAIRN_PRECISION::reference
