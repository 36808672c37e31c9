// What people write instead.
#include <cmath>
#include <vector>

#include "tutorials/07_backward_by_hand/exercises/layer_norm_backward/layer_norm_backward.h"

namespace mistakes {
namespace {

enum {
  nothing_written = 1,
  scale_only,
  without_the_mean,
  without_the_second_term,
  plus_the_second_term,
  second_term_twice,
  without_rstd,
  rstd_twice,
  divided_by_rstd,
  sums_not_divided,
  divided_by_rows,
  unbiased,
  sums_go_on,
  without_gamma,
  gamma_afterwards,
  gamma_twice,
  gamma_only_in_front,
  gamma_of_the_row,
  null_gamma_is_zero,
  second_term_with_dy,
  second_term_with_x,
  second_term_with_plain_x,
  second_term_without_xhat,
  mean_stays_in,
  rstd_taken_anew,
  first_mean_and_rstd,
  dgamma_written,
  dbeta_written,
  both_written,
  dgamma_with_x,
  dgamma_with_gamma,
  dgamma_is_dbeta,
  dbeta_with_gamma,
  dbeta_over_columns,
  means_over_rows,
  dx_added,
  null_dx_ends_it,
  null_dgamma_ends_it,
  null_gamma_no_dgamma,
  float_sums,
};

bool is(int mistake) { return check::mistake == mistake; }

// 1 / sqrt(variance + 1e-5)
double rstd_of(const real* x, int64_t n, double mean) {
  double squares = 0;
  for (int64_t j = 0; j < n; ++j) squares += (x[j] - mean) * (x[j] - mean);
  return 1 / std::sqrt(squares / static_cast<double>(n) + 1e-5);
}

}  // namespace

void layer_norm_backward(const LayerNormBackwardArgs& args) {
  if (is(nothing_written)) return;
  if (is(null_dx_ends_it) && !args.dx) return;
  if (is(null_dgamma_ends_it) && (!args.dgamma || !args.dbeta)) return;
  const int64_t cols = args.cols;
  std::vector<double> dgamma(static_cast<size_t>(cols)), dbeta(dgamma);
  double sum = 0, dot = 0;
  for (int64_t i = 0; i < args.rows; ++i) {
    const real *x = args.x + i * cols, *dy = args.dy + i * cols;
    const double mean = is(mean_stays_in) ? 0 : args.mean[is(first_mean_and_rstd) ? 0 : i];
    double r = args.rstd[is(first_mean_and_rstd) ? 0 : i];
    if (is(rstd_taken_anew)) r = rstd_of(x, cols, mean);
    double n = static_cast<double>(cols);
    if (is(divided_by_rows)) n = static_cast<double>(args.rows);
    if (is(sums_not_divided)) n = 1;
    if (is(unbiased) && cols > 1) n -= 1;
    if (!is(sums_go_on)) sum = 0, dot = 0;
    const auto gamma_at = [&](int64_t j) {
      if (!args.gamma) return is(null_gamma_is_zero) ? 0.0 : 1.0;
      return double(args.gamma[is(gamma_of_the_row) ? i % cols : j]);
    };
    const auto xhat_at = [&](int64_t j) { return (x[j] - mean) * r; };
    const auto dxhat_at = [&](int64_t j) {
      const bool left_out = is(without_gamma) || is(gamma_afterwards);
      return left_out ? dy[j] : dy[j] * gamma_at(j);
    };
    for (int64_t j = 0; j < cols; ++j) {
      const auto at = static_cast<size_t>(j);
      const bool plain = is(gamma_only_in_front) || is(second_term_with_dy);
      sum += is(gamma_only_in_front) ? dy[j] : dxhat_at(j);
      const double deviation = is(second_term_with_x)         ? x[j] - mean
                               : is(second_term_with_plain_x) ? x[j]
                                                              : xhat_at(j);
      dot += (plain ? dy[j] : dxhat_at(j)) * deviation;
      if (is(float_sums)) sum = static_cast<float>(sum), dot = static_cast<float>(dot);
      double to_dgamma = dy[j] * xhat_at(j), to_dbeta = dy[j];
      if (is(dgamma_with_x)) to_dgamma = dy[j] * x[j];
      if (is(dgamma_with_gamma)) to_dgamma *= gamma_at(j);
      if (is(dgamma_is_dbeta)) to_dgamma = dy[j];
      if (is(dbeta_with_gamma)) to_dbeta *= gamma_at(j);
      if (is(dbeta_over_columns)) {
        to_dbeta = 0;
        for (int64_t k = 0; k < cols && i == 0; ++k)
          to_dbeta += j < args.rows ? args.dy[j * cols + k] : 0;
      }
      if (is(means_over_rows))
        to_dgamma /= static_cast<double>(args.rows), to_dbeta /= static_cast<double>(args.rows);
      dgamma[at] += to_dgamma, dbeta[at] += to_dbeta;
    }
    for (int64_t j = 0; args.dx && j < cols; ++j) {
      double first = sum / n, second = xhat_at(j) * dot / n, factor = r;
      if (is(scale_only) || is(without_the_mean)) first = 0;
      if (is(scale_only) || is(without_the_second_term)) second = 0;
      if (is(second_term_without_xhat)) second = dot / n;
      if (is(plus_the_second_term)) second = -second;
      if (is(second_term_twice)) second *= 2;
      if (is(without_rstd)) factor = 1;
      if (is(rstd_twice)) factor = r * r;
      if (is(divided_by_rstd)) factor = 1 / r;
      if (is(gamma_afterwards) || is(gamma_twice)) factor *= gamma_at(j);
      const double result = factor * (dxhat_at(j) - first - second);
      real& dx = args.dx[i * cols + j];
      dx = is(dx_added) ? dx + result : result;
    }
  }
  for (int64_t j = 0; j < cols; ++j) {
    const auto at = static_cast<size_t>(j);
    const bool asked = args.dgamma && (args.gamma || !is(null_gamma_no_dgamma));
    if (asked)
      args.dgamma[j] = dgamma[at] + (is(dgamma_written) || is(both_written) ? 0 : args.dgamma[j]);
    if (args.dbeta)
      args.dbeta[j] = dbeta[at] + (is(dbeta_written) || is(both_written) ? 0 : args.dbeta[j]);
  }
}

const std::vector<check::Mistake> list = {
    {nothing_written, "nothing is written",
     "nothing has been written: dx, dgamma and dbeta hold what they held before the call."},
    {scale_only, "rstd dxhat alone",
     "dx is rstd dxhat only if mean and rstd stay where they are. Every x_j moves both, and "
     "through "
     "them the whole row."},
    {without_the_mean, "the mean of dxhat stays in",
     "your rows of dx do not sum to 0. Adding the same to all x moves no y, so they must: the mean "
     "of dxhat is taken off."},
    {without_the_second_term, "the way through rstd is missing",
     "you have the ways through the numerator and the mean. rstd moves with x as well: a term with "
     "xhat is missing."},
    {plus_the_second_term, "the last term is added",
     "the term with xhat has the wrong sign: a larger deviation makes rstd smaller."},
    {second_term_twice, "the last term twice",
     "your last term is twice what it should be. The 2 of the square's derivative meets the 1/2 of "
     "the root's."},
    {without_rstd, "rstd is missing in front",
     "your bracket is right; xhat is (x - mean) times rstd, so rstd stands in front."},
    {rstd_twice, "rstd twice in front",
     "there is one factor rstd in front of the bracket; the others are in xhat."},
    {divided_by_rstd, "divided by rstd", "rstd is one over the deviation already: multiply by it."},
    {sums_not_divided, "the sums are not divided",
     "in the bracket stand means: divide both sums by cols."},
    {divided_by_rows, "divided by rows",
     "the means in the bracket are over a row, which has cols numbers; you divide by rows."},
    {unbiased, "divided by cols - 1",
     "you divide by cols - 1. The forward pass divided the squares by cols, so the way back does, "
     "too."},
    {sums_go_on, "the sums are not reset",
     "the first row of dx is right and the following are not: the two sums still hold the rows "
     "before."},
    {without_gamma, "gamma is left out of dx",
     "dx knows nothing of gamma. The gradient by xhat is dy times gamma."},
    {gamma_afterwards, "gamma comes last",
     "you multiply by gamma at the end. It belongs to dy, before the means are taken: gamma of "
     "other columns is in them."},
    {gamma_twice, "gamma twice",
     "gamma is in dxhat already, and you multiply the whole bracket by it once more."},
    {gamma_only_in_front, "the means are of dy",
     "in the means you have dy where dxhat, dy times gamma, should be."},
    {gamma_of_the_row, "gamma of the row",
     "gamma has a number for each column, and you take that of the row."},
    {null_gamma_is_zero, "a null gamma is 0", "a null gamma stands for a gamma of 1, not of 0."},
    {second_term_with_dy, "dy in the last term",
     "in the mean of the last term you have dy where dxhat, dy times gamma, should be."},
    {second_term_with_x, "x - mean in the last term",
     "in the mean of the last term stands xhat, which is (x - mean) times rstd."},
    {second_term_with_plain_x, "x in the last term",
     "in the mean of the last term you have x where xhat, (x - mean) times rstd, should be."},
    {second_term_without_xhat, "the last term without xhat",
     "the mean of dxhat xhat is to be multiplied by xhat of each column before it is taken off."},
    {mean_stays_in, "xhat without the mean", "your xhat is x times rstd: take the mean off first."},
    {rstd_taken_anew, "rstd is taken anew",
     "you compute rstd again, with an eps of your own. It is given, with the eps that the forward "
     "pass had."},
    {first_mean_and_rstd, "mean and rstd of the first row",
     "every row has the mean and the rstd of the first. Row i has mean[i] and rstd[i]."},
    {dgamma_written, "dgamma is written",
     "dgamma loses what it held before the call. It is added to."},
    {dbeta_written, "dbeta is written",
     "dbeta loses what it held before the call. It is added to."},
    {both_written, "dgamma and dbeta are written",
     "dgamma and dbeta lose what they held before the call. Both are added to."},
    {dgamma_with_x, "dgamma with x",
     "gamma multiplied xhat, so dgamma is the sum of dy xhat, not of "
     "dy x."},
    {dgamma_with_gamma, "dgamma with gamma",
     "your dgamma has the factor gamma. y grows by xhat for each unit of gamma: it is dy xhat."},
    {dgamma_is_dbeta, "dgamma without xhat", "your dgamma is dbeta: the factor xhat is missing."},
    {dbeta_with_gamma, "dbeta with gamma",
     "your dbeta has the factor gamma. beta is added after gamma: it is the sum of dy alone."},
    {dbeta_over_columns, "dbeta over the columns",
     "your dbeta sums over the columns of a row. beta has a number for each column, and all rows "
     "contribute to it."},
    {means_over_rows, "dgamma and dbeta are means",
     "you divide dgamma and dbeta by the number of rows. Gradients of what is shared add up."},
    {dx_added, "dx is added to",
     "you add to what dx holds. dx is written; dgamma and dbeta are added to."},
    {null_dx_ends_it, "a null dx ends it",
     "without a dx your function does nothing. dgamma and dbeta may be asked for all the same."},
    {null_dgamma_ends_it, "a null dgamma or dbeta ends it",
     "without a dgamma or a dbeta your function does nothing. The others may be asked for all the "
     "same."},
    {null_gamma_no_dgamma, "no dgamma without a gamma",
     "a null gamma stands for ones, and they have a gradient, too, if dgamma is asked for."},
    {float_sums, "a float for the sums",
     "right to seven digits: is a sum a float? The check computes in double; write real or "
     "double."},
};

}  // namespace mistakes
