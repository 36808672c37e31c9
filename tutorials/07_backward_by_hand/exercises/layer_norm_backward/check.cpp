// Each row through the derivatives of mean and rstd in long double, and central differences.
#include <cmath>
#include <string>

#include "tutorials/07_backward_by_hand/exercises/differences.h"
#include "tutorials/07_backward_by_hand/exercises/layer_norm_backward/layer_norm_backward.h"

namespace {

struct Case {
  std::string what;
  std::vector<real> x;
  int64_t rows, cols;
  real eps = 1e-5;
  std::vector<real> gamma{};  // empty: null
  bool dx = true, dgamma = true, dbeta = true;
  double tolerance = 1e-12;
};

// What the kernel writes, and what it should.
struct Results {
  std::vector<real> dx, dgamma, dbeta;
};

std::vector<real> dy_of(const Case& c) { return check::normal(c.rows * c.cols, 21); }

// Writes row i to y, and returns its mean and rstd.
template <class Number>
std::pair<long double, long double> normalised(const Number* x, int64_t cols, real eps,
                                               long double* xhat) {
  const long double n = static_cast<long double>(cols);
  long double mean = 0, variance = 0;
  for (int64_t j = 0; j < cols; ++j) mean += x[j] / n;
  for (int64_t j = 0; j < cols; ++j) variance += (x[j] - mean) * (x[j] - mean) / n;
  const long double rstd = 1 / std::sqrt(variance + eps);
  for (int64_t j = 0; j < cols; ++j) xhat[j] = (x[j] - mean) * rstd;
  return {mean, rstd};
}

// With d xhat_k / dx_j = rstd ([k = j] - 1 / C - xhat_k xhat_j / C). dgamma and dbeta held 2 and 3.
Results expected_of(const Case& c) {
  const auto cols = static_cast<size_t>(c.cols);
  const std::vector<real> dy = dy_of(c);
  std::vector<long double> xhat(cols), dgamma(cols, 2), dbeta(cols, 3);
  Results r;
  for (size_t row = 0; row < c.x.size(); row += cols) {
    const long double rstd = normalised(&c.x[row], c.cols, c.eps, xhat.data()).second;
    for (size_t j = 0; j < cols; ++j) {
      long double sum = 0;
      for (size_t k = 0; k < cols; ++k) {
        const long double slope =
            (k == j) - (1 + xhat[k] * xhat[j]) / static_cast<long double>(cols);
        sum += dy[row + k] * (c.gamma.empty() ? 1 : c.gamma[k]) * rstd * slope;
      }
      r.dx.push_back(static_cast<real>(sum));
      dgamma[j] += dy[row + j] * xhat[j], dbeta[j] += dy[row + j];
    }
  }
  r.dgamma.assign(dgamma.begin(), dgamma.end()), r.dbeta.assign(dbeta.begin(), dbeta.end());
  return r;
}

Results answer(LayerNormBackward* backward, check::Judge& judge, const Case& c, real before = 0) {
  judge.input(c.what);
  const std::vector<real> dy = dy_of(c), x = c.x, gamma = c.gamma;
  std::vector<real> mean, rstd;
  std::vector<long double> xhat(static_cast<size_t>(c.cols));
  for (int64_t i = 0; i < c.rows; ++i) {
    const auto [m, r] = normalised(x.data() + i * c.cols, c.cols, c.eps, xhat.data());
    mean.push_back(static_cast<real>(m)), rstd.push_back(static_cast<real>(r));
  }
  Results got{check::garbage(c.rows * c.cols), std::vector<real>(xhat.size(), 2),
              std::vector<real>(xhat.size(), 3)};
  if (before != 0) got.dx.assign(c.x.size(), before);
  const std::vector<real> mean_before = mean, rstd_before = rstd;
  backward({.dx = c.dx ? got.dx.data() : nullptr,
            .dgamma = c.dgamma ? got.dgamma.data() : nullptr,
            .dbeta = c.dbeta ? got.dbeta.data() : nullptr,
            .dy = dy.data(),
            .x = x.data(),
            .gamma = gamma.empty() ? nullptr : gamma.data(),
            .mean = mean.data(),
            .rstd = rstd.data(),
            .rows = c.rows,
            .cols = c.cols});
  judge.unchanged(c.what + ": x", x, c.x);
  judge.unchanged(c.what + ": dy", dy, dy_of(c));
  judge.unchanged(c.what + ": gamma", gamma, c.gamma);
  judge.unchanged(c.what + ": mean", mean, mean_before);
  judge.unchanged(c.what + ": rstd", rstd, rstd_before);
  return got;
}

void check_case(LayerNormBackward* backward, check::Judge& judge, const Case& c, real before = 0) {
  const Results expected = expected_of(c), got = answer(backward, judge, c, before);
  if (c.dx) judge.equal(c.what + ": dx", got.dx, expected.dx, {c.rows, c.cols}, c.tolerance);
  if (c.dgamma)
    judge.equal(c.what + ": dgamma", got.dgamma, expected.dgamma, {c.cols}, c.tolerance);
  if (c.dbeta) judge.equal(c.what + ": dbeta", got.dbeta, expected.dbeta, {c.cols}, c.tolerance);
}

// x and gamma are moved; beta would add dy.
void check_differences(LayerNormBackward* backward, check::Judge& judge) {
  const Case c{"beside central differences", check::normal(12, 9), 3, 4, 0.1, check::normal(4, 10)};
  const std::vector<real> dy = dy_of(c);
  std::vector<real> all = c.x;
  all.insert(all.end(), c.gamma.begin(), c.gamma.end());
  const auto loss = [&](const std::vector<long double>& at) {
    long double sum = 0, xhat[4];
    for (size_t row = 0; row < 12; row += 4) {
      normalised(&at[row], 4, c.eps, xhat);
      for (size_t j = 0; j < 4; ++j) sum += dy[row + j] * xhat[j] * at[12 + j];
    }
    return sum;
  };
  const Results got = answer(backward, judge, c);
  std::vector<real> gradients = got.dx;
  for (real dgamma : got.dgamma) gradients.push_back(dgamma - 2);
  judge.equal(c.what, gradients, differences(all, loss), {16}, 1e-9);
}

std::vector<real> shifted(std::vector<real> x, real by) {
  for (real& number : x) number += by;
  return x;
}

void check_layer_norm_backward(LayerNormBackward* backward, check::Judge& judge) {
  const auto check = [&](const Case& c) { check_case(backward, judge, c); };
  const std::vector<real> gamma = check::normal(4, 11), of_five = check::normal(5, 12);
  check({"the row (1, 0, 0, 0)", {1, 0, 0, 0}, 1, 4, 1e-6});
  check({"three rows", check::normal(12, 1), 3, 4});
  check({"with gamma", check::normal(12, 2, 3), 3, 4, 1e-12, gamma});
  check_case(backward, judge,
             {"the same once more, into ones", check::normal(12, 2, 3), 3, 4, 1e-12, gamma}, 1);
  check({"more rows than columns", check::normal(35, 3, 5), 7, 5, 1e-5, of_five});
  check({"a long row", check::normal(300, 4), 1, 300});
  check({"a small row, where eps counts", check::normal(8, 5, 1e-2), 2, 4, 1e-4, gamma});
  check({"dx is null", check::normal(12, 6), 3, 4, 1e-5, gamma, false});
  check({"dgamma is null", check::normal(12, 6), 3, 4, 1e-5, gamma, true, false});
  check({"dbeta is null", check::normal(12, 6), 3, 4, 1e-5, gamma, true, true, false});
  check({"dx alone", check::normal(12, 7), 3, 4, 1e-5, {}, true, false, false});
  check({"none is asked for", check::normal(12, 7), 3, 4, 1e-5, gamma, false, false, false});
  const std::vector<real> equal = {3, 3, 3, 3, -2, -2, -2, -2};
  check({"rows of equal numbers", equal, 2, 4, 1e-5, gamma, true, true, true, 1e-8});
  check({"a mean of a million",
         shifted(check::normal(64, 8), 1e6),
         2,
         32,
         1e-5,
         {},
         true,
         true,
         true,
         1e-8});
  check({"one column", {5, -5, 0}, 3, 1, 1e-4, {2}, true, true, true, 1e-8});
  check({"no rows", {}, 0, 4, 1e-5, gamma});
  check_differences(backward, judge);
}

void work(LayerNormBackward* backward) {
  static const std::vector<real> x = check::normal(128 * 768, 10), gamma = check::normal(768, 13);
  static const std::vector<real> mean(128), rstd(128, 1);
  static std::vector<real> dx(x.size()), dgamma(768), dbeta(768);
  backward({.dx = dx.data(),
            .dgamma = dgamma.data(),
            .dbeta = dbeta.data(),
            .dy = x.data(),
            .x = x.data(),
            .gamma = gamma.data(),
            .mean = mean.data(),
            .rstd = rstd.data(),
            .rows = 128,
            .cols = 768});
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<LayerNormBackward>({.name = "layer_norm_backward",
                                        .check = check_layer_norm_backward,
                                        .mine = mine::layer_norm_backward,
                                        .mistaken = mistakes::layer_norm_backward,
                                        .mistakes = mistakes::list,
                                        .alternatives = alternatives::list,
                                        .library = cairn::kernels().layer_norm_backward,
                                        .work = work},
                                       argc, argv);
}
