// What people write instead.
#include <cmath>
#include <cstdlib>

#include "tutorials/03_encoder_block/exercises/layer_norm/layer_norm.h"

namespace mistakes {
namespace {

enum {
  unbiased = 1,
  eps_outside,
  no_eps,
  eps_added_to_the_quotient,
  mean_stays_in,
  variance_around_zero,
  mean_of_squares_minus_square,
  absolute_deviation,
  variance_not_its_root,
  over_columns,
  sums_go_on,
  beta_times_gamma,
  gamma_of_the_row,
  null_gamma_is_zero,
  deviation_for_rstd,
  mean_not_kept,
  rstd_not_kept,
  null_gamma_is_read,
  null_beta_is_read,
  null_is_read,
  squares_not_divided,
  means_go_on,
  float_sums,
};

bool is(int mistake) { return check::mistake == mistake; }

// The numbers of one row, or of one column, that are `step` apart.
double mean_of(const real* x, int64_t n, int64_t step) {
  double sum = 0;
  for (int64_t j = 0; j < n; ++j) {
    sum += x[j * step];
    if (is(float_sums)) sum = static_cast<float>(sum);
  }
  return sum / static_cast<double>(n);
}

double variance_of(const real* x, int64_t n, int64_t step, double mean) {
  double sum = 0;
  const double from = is(variance_around_zero) || is(mean_of_squares_minus_square) ? 0 : mean;
  for (int64_t j = 0; j < n; ++j) {
    const double deviation = x[j * step] - from;
    sum += is(absolute_deviation) ? std::fabs(deviation) : deviation * deviation;
    if (is(float_sums)) sum = static_cast<float>(sum);
  }
  if (is(squares_not_divided)) return sum;
  const double mean_of_squares = sum / static_cast<double>(is(unbiased) && n > 1 ? n - 1 : n);
  if (is(mean_of_squares_minus_square)) return std::fmax(0, mean_of_squares - mean * mean);
  return is(absolute_deviation) ? mean_of_squares * mean_of_squares : mean_of_squares;
}

double rstd_of(double variance, double eps) {
  if (is(eps_outside)) return 1 / (std::sqrt(variance) + eps);
  if (is(no_eps)) return 1 / std::sqrt(variance);
  if (is(eps_added_to_the_quotient)) return 1 / std::sqrt(variance) + eps;
  if (is(variance_not_its_root)) return 1 / (variance + eps);
  return 1 / std::sqrt(variance + eps);
}

void layer_norm_of_columns(const LayerNormArgs& args) {
  for (int64_t j = 0; j < args.cols; ++j) {
    const double mean = mean_of(args.x + j, args.rows, args.cols);
    const double rstd = rstd_of(variance_of(args.x + j, args.rows, args.cols, mean), args.eps);
    for (int64_t i = 0; i < args.rows; ++i) {
      const double gamma = args.gamma ? args.gamma[j] : 1, beta = args.beta ? args.beta[j] : 0;
      args.y[i * args.cols + j] = (args.x[i * args.cols + j] - mean) * rstd * gamma + beta;
      args.mean[i] = mean, args.rstd[i] = rstd;
    }
  }
}

}  // namespace

void layer_norm(const LayerNormArgs& args) {
  if (is(over_columns)) return layer_norm_of_columns(args);
  // Reading a null pointer ends the program.
  const bool reads_gamma = is(null_gamma_is_read) || is(null_is_read),
             reads_beta = is(null_beta_is_read) || is(null_is_read);
  if (args.rows > 0 && ((reads_gamma && !args.gamma) || (reads_beta && !args.beta))) std::_Exit(1);
  const int64_t cols = args.cols;
  double carried_mean = 0, carried_variance = 0;
  for (int64_t i = 0; i < args.rows; ++i) {
    const real* x = args.x + i * cols;
    real* y = args.y + i * cols;
    double mean = mean_of(x, cols, 1);
    if (is(sums_go_on)) mean = carried_mean += mean;
    if (is(means_go_on)) mean = carried_mean = mean + carried_mean / static_cast<double>(cols);
    double variance = variance_of(x, cols, 1, mean);
    if (is(means_go_on))
      variance = carried_variance = variance + carried_variance / static_cast<double>(cols);
    if (is(sums_go_on)) variance = carried_variance += variance;
    const double rstd = rstd_of(variance, args.eps);
    for (int64_t j = 0; j < cols; ++j) {
      const int64_t g = is(gamma_of_the_row) ? i % cols : j;
      const double gamma = args.gamma ? args.gamma[g] : is(null_gamma_is_zero) ? 0 : 1;
      const double beta = args.beta ? args.beta[g] : 0;
      const double xhat = (x[j] - (is(mean_stays_in) ? 0 : mean)) * rstd;
      y[j] = is(beta_times_gamma) ? (xhat + beta) * gamma : xhat * gamma + beta;
    }
    if (!is(mean_not_kept)) args.mean[i] = mean;
    if (!is(rstd_not_kept)) args.rstd[i] = is(deviation_for_rstd) ? 1 / rstd : rstd;
  }
}

const std::vector<check::Mistake> list = {
    {unbiased, "divided by cols - 1",
     "you get 1.5 for the row (1, 0, 0, 0) where 1.732 is right: the sum of squares is divided by "
     "cols - 1. Layer norm has the biased variance, divided by cols."},
    {eps_outside, "eps outside the root",
     "large rows are right and small ones are not: eps belongs under the root, 1 / sqrt(variance + "
     "eps), not beside it."},
    {no_eps, "eps is forgotten",
     "eps is missing. A row of equal numbers has the variance 0, and 0 / 0 is not a number; "
     "sqrt(variance + eps) is never 0."},
    {eps_added_to_the_quotient, "eps added after the division",
     "you add eps to 1 / sqrt(variance). It belongs to the variance, before the root and before "
     "the "
     "division."},
    {mean_stays_in, "the mean is not taken off",
     "your rows do not have the mean 0: the mean is taken off for the variance, but not from the "
     "numbers themselves."},
    {variance_around_zero, "the mean of squares as variance",
     "your variance is the mean of x * x. It is the mean of (x - mean) * (x - mean)."},
    {mean_of_squares_minus_square, "mean of squares minus squared mean",
     "mean(x * x) - mean * mean is right on paper. With a mean of a million both are 1e12, and "
     "their difference keeps hardly a digit. Take the mean first, then the squares of x - mean."},
    {absolute_deviation, "mean absolute deviation",
     "you divide by the mean of |x - mean|. The standard deviation is the root of the mean "
     "square."},
    {variance_not_its_root, "divided by the variance",
     "you divide by the variance; its square root, the standard deviation, is meant."},
    {over_columns, "over the columns",
     "you normalise each column over all rows, which is batch norm. Layer norm is over each row: "
     "x[i * cols + j] for one i and all j."},
    {sums_go_on, "the sums are not reset",
     "the first row is right and the following are not: the sums still hold the rows before. Start "
     "them at 0 for each row."},
    {beta_times_gamma, "beta is multiplied by gamma",
     "beta is added last: xhat * gamma + beta, not (xhat + beta) * gamma."},
    {gamma_of_the_row, "gamma of the row",
     "gamma and beta belong to the columns: gamma[j] for column j, the same for every row."},
    {null_gamma_is_zero, "no gamma counts as zero",
     "without a gamma (a null pointer) the factor is 1, not 0."},
    {deviation_for_rstd, "rstd holds the deviation",
     "y is right, but args.rstd is to hold 1 / sqrt(variance + eps), the factor itself; you store "
     "its "
     "reciprocal."},
    {mean_not_kept, "mean is not written",
     "y is right, but the mean of each row is to be kept in args.mean, too."},
    {rstd_not_kept, "rstd is not written",
     "y is right, but 1 / sqrt(variance + eps) of each row is to be kept in args.rstd, too."},
    {null_gamma_is_read, "a null gamma is read",
     "gamma may be a null pointer, which you read: ask `if (args.gamma)` first. Without a gamma "
     "the factor is 1."},
    {null_beta_is_read, "a null beta is read",
     "beta may be a null pointer, which you read: ask `if (args.beta)` first. Without a beta 0 is "
     "added."},
    {null_is_read, "a null gamma and a null beta are read",
     "gamma and beta may be null pointers, each on its own: ask `if (args.gamma)` and "
     "`if (args.beta)` before you read them. Without them the factor is 1, and 0 is added."},
    {squares_not_divided, "the sum of squares as variance",
     "your variance is the sum of the squares. It is their mean: divide by cols."},
    {means_go_on, "mean and variance are not reset",
     "the first row is right and the following are not: your sums begin with the mean and the "
     "variance of the row before. Start them at 0 for each row."},
    {float_sums, "sums in float",
     "right to seven digits: your sums are floats. Add in double, or in real, which is double "
     "here."},
};

}  // namespace mistakes
