// Each row against the formula in long double.
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <string>

#include "tutorials/03_encoder_block/exercises/layer_norm/layer_norm.h"

namespace {

struct Case {
  std::string what;
  std::vector<real> x;
  int64_t rows, cols;
  real eps = 1e-5;
  std::vector<real> gamma{}, beta{};  // empty: null
  double tolerance = 1e-12;
};

// What the kernel writes, and what it should.
struct Results {
  std::vector<real> y, mean, rstd;
};

Results expected_of(const Case& c) {
  Results r{c.x, {}, {}};
  for (int64_t i = 0; i < c.rows; ++i) {
    real* row = r.y.data() + i * c.cols;
    long double mean = 0, variance = 0;
    for (int64_t j = 0; j < c.cols; ++j) mean += row[j];
    mean /= static_cast<long double>(c.cols);
    for (int64_t j = 0; j < c.cols; ++j) variance += (row[j] - mean) * (row[j] - mean);
    variance /= static_cast<long double>(c.cols);
    const long double rstd = 1 / std::sqrt(variance + c.eps);
    for (int64_t j = 0; j < c.cols; ++j) {
      const auto at = static_cast<size_t>(j);
      const real gamma = c.gamma.empty() ? 1 : c.gamma[at], beta = c.beta.empty() ? 0 : c.beta[at];
      row[j] = static_cast<real>((row[j] - mean) * rstd * gamma + beta);
    }
    r.mean.push_back(static_cast<real>(mean)), r.rstd.push_back(static_cast<real>(rstd));
  }
  return r;
}

// Whether the call returns, tried in a process of its own.
bool returns(LayerNorm* layer_norm, const LayerNormArgs& args) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    alarm(3);
    layer_norm(args);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// Whether it reads a null gamma or beta: the call ends the program, and with a gamma and a beta in
// their place it does not.
bool reads_null(LayerNorm* layer_norm, LayerNormArgs args) {
  if ((args.gamma && args.beta) || returns(layer_norm, args)) return false;
  const std::vector<real> ones(static_cast<size_t>(args.cols), 1);
  if (!args.gamma) args.gamma = ones.data();
  if (!args.beta) args.beta = ones.data();
  return returns(layer_norm, args);
}

void check_case(LayerNorm* layer_norm, check::Judge& judge, const Case& c) {
  const Results expected = expected_of(c);
  Results got{check::garbage(c.rows * c.cols), check::garbage(c.rows), check::garbage(c.rows)};
  const Case before = c;
  const LayerNormArgs args = {.y = got.y.data(),
                              .mean = got.mean.data(),
                              .rstd = got.rstd.data(),
                              .x = c.x.data(),
                              .gamma = c.gamma.empty() ? nullptr : c.gamma.data(),
                              .beta = c.beta.empty() ? nullptr : c.beta.data(),
                              .eps = c.eps,
                              .rows = c.rows,
                              .cols = c.cols};
  if (reads_null(layer_norm, args)) {
    const std::string none = args.gamma ? "beta is" : args.beta ? "gamma is" : "gamma and beta are";
    judge.that(false, c.what, "the function crashes where " + none + " null");
    return;
  }
  layer_norm(args);
  judge.equal(c.what + ": y", got.y, expected.y, {c.rows, c.cols}, c.tolerance);
  judge.equal(c.what + ": mean", got.mean, expected.mean, {c.rows}, c.tolerance);
  judge.equal(c.what + ": rstd", got.rstd, expected.rstd, {c.rows}, c.tolerance);
  judge.unchanged(c.what + ": x", c.x, before.x);
  judge.unchanged(c.what + ": gamma", c.gamma, before.gamma);
  judge.unchanged(c.what + ": beta", c.beta, before.beta);
}

std::vector<real> shifted(std::vector<real> x, real by) {
  for (real& number : x) number += by;
  return x;
}

void check_layer_norm(LayerNorm* layer_norm, check::Judge& judge) {
  const auto check = [&](const Case& c) { check_case(layer_norm, judge, c); };
  const std::vector<real> gamma = check::normal(4, 11), beta = check::normal(4, 12);
  check({"the row (1, 0, 0, 0)", {1, 0, 0, 0}, 1, 4, 1e-6});
  check({"three rows", check::normal(12, 1), 3, 4, 1e-5});
  check({"the same once more", check::normal(12, 1), 3, 4, 1e-5});
  check({"with gamma and beta", check::normal(12, 2, 3), 3, 4, 1e-5, gamma, beta});
  check({"with gamma alone", check::normal(12, 3), 3, 4, 1e-5, gamma});
  check({"with beta alone", check::normal(12, 4), 3, 4, 1e-5, {}, beta});
  check({"more rows than columns", check::normal(35, 5, 5), 7, 5});
  check({"a long row", check::normal(1000, 6), 1, 1000, 1e-12});
  check({"a small row, where eps counts", check::normal(8, 7, 1e-3), 2, 4, 1e-5});
  check({"rows of equal numbers", {3, 3, 3, 3, -2, -2, -2, -2}, 2, 4, 1e-5, gamma, beta});
  check({"a mean of a million", shifted(check::normal(64, 8), 1e6), 2, 32, 1e-5, {}, {}, 1e-8});
  check({"eps is 0", check::normal(8, 9), 2, 4, 0});
  check({"one column", {5, -5, 0}, 3, 1, 1e-4});
  check({"no rows", {}, 0, 4, 1e-5, gamma, beta});
}

void work(LayerNorm* layer_norm) {
  static const std::vector<real> x = check::normal(128 * 768, 10), gamma = check::normal(768, 13);
  static std::vector<real> y(x.size()), mean(128), rstd(128);
  layer_norm({.y = y.data(),
              .mean = mean.data(),
              .rstd = rstd.data(),
              .x = x.data(),
              .gamma = gamma.data(),
              .beta = gamma.data(),
              .eps = 1e-12,
              .rows = 128,
              .cols = 768});
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<LayerNorm>({.name = "layer_norm",
                                .check = check_layer_norm,
                                .mine = mine::layer_norm,
                                .mistaken = mistakes::layer_norm,
                                .mistakes = mistakes::list,
                                .alternatives = alternatives::list,
                                .library = cairn::kernels().layer_norm,
                                .work = work},
                               argc, argv);
}
