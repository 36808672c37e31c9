// Each row against the formula in long double, and against central differences of the loss.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "tutorials/07_backward_by_hand/exercises/cross_entropy_backward/cross_entropy_backward.h"
#include "tutorials/07_backward_by_hand/exercises/differences.h"

namespace {

const real minus_infinity = -std::numeric_limits<real>::infinity();

struct Case {
  std::string what;
  std::vector<real> x, dloss;
  std::vector<int32_t> label;
  int64_t cols;
  real before = 0;  // what dx holds; 0: garbage
};

long double log_sum_of(const real* x, int64_t cols, long double max) {
  long double sum = 0;
  for (int64_t j = 0; j < cols; ++j) sum += std::exp(x[j] - max);
  return std::log(sum);
}

// What the function writes to dx.
std::vector<real> answer(CrossEntropyBackward* backward, check::Judge& judge, const Case& c) {
  judge.input(c.what);
  const Case before = c;
  const auto rows = static_cast<int64_t>(c.label.size());
  std::vector<real> log_sum, dx = check::garbage(rows * c.cols);
  for (int64_t i = 0; i < rows; ++i) {
    const real *x = c.x.data() + i * c.cols, max = *std::max_element(x, x + c.cols);
    log_sum.push_back(static_cast<real>(log_sum_of(x, c.cols, max)));
  }
  const std::vector<real> log_sum_before = log_sum;
  if (c.before != 0) std::fill(dx.begin(), dx.end(), c.before);
  backward({.dx = dx.data(),
            .dloss = c.dloss.data(),
            .x = c.x.data(),
            .log_sum = log_sum.data(),
            .label = c.label.data(),
            .rows = rows,
            .cols = c.cols});
  judge.unchanged(c.what + ": x", c.x, before.x);
  judge.unchanged(c.what + ": dloss", c.dloss, before.dloss);
  judge.unchanged(c.what + ": log_sum", log_sum, log_sum_before);
  judge.that(c.label == before.label, c.what + ": label", "the input was changed");
  return dx;
}

void check_case(CrossEntropyBackward* backward, check::Judge& judge, const Case& c) {
  std::vector<real> expected;
  for (size_t i = 0; i < c.label.size(); ++i) {
    const real* x = c.x.data() + static_cast<int64_t>(i) * c.cols;
    const long double max = *std::max_element(x, x + c.cols);
    const long double log_sum = log_sum_of(x, c.cols, max);
    for (int64_t j = 0; j < c.cols; ++j) {
      const long double p = std::exp(x[j] - max - log_sum);
      const long double slope = c.label[i] < 0 ? 0 : p - (c.label[i] == j ? 1 : 0);
      expected.push_back(static_cast<real>(c.dloss[i] * slope));
    }
  }
  const std::vector<real> dx = answer(backward, judge, c);
  judge.equal(c.what, dx, expected, {static_cast<int64_t>(c.label.size()), c.cols});
}

void check_differences(CrossEntropyBackward* backward, check::Judge& judge) {
  const Case c = {"beside central differences", check::normal(12, 9), {0.5, 2, -1}, {3, -1, 0}, 4};
  const auto loss = [&](const std::vector<long double>& x) {
    long double total = 0;
    for (size_t i = 0; i < 3; ++i) {
      long double sum = 0;
      for (size_t j = 0; j < 4; ++j) sum += std::exp(x[i * 4 + j]);
      if (c.label[i] < 0) continue;
      const long double x_label = x[i * 4 + static_cast<size_t>(c.label[i])];
      total += c.dloss[i] * (std::log(sum) - x_label);
    }
    return total;
  };
  judge.equal(c.what, answer(backward, judge, c), differences(c.x, loss), {3, 4}, 1e-9);
}

void check_cross_entropy_backward(CrossEntropyBackward* backward, check::Judge& judge) {
  const auto check = [&](const Case& c) { check_case(backward, judge, c); };
  const std::vector<real> ones(7, 1);
  check({"two equal logits", {0, 0}, {1}, {1}, 2});
  check({"three rows", check::normal(12, 1), {0.5, 2, -1}, {3, 1, 2}, 4});
  check({"the same once more, into ones", check::normal(12, 1), {0.5, 2, -1}, {3, 1, 2}, 4, 1});
  check({"labels of class 0", check::normal(6, 2), {1, 3, 2}, {0, 1, 0}, 2});
  check({"the mean of two rows of five",
         check::normal(20, 3),
         std::vector<real>(5, 0.5),
         {-1, 3, -1, 2, -1},
         4});
  check(
      {"ignored in several ways", check::normal(20, 4), {1, 2, 3, 4, 5}, {-100, 1, -1, 0, -7}, 4});
  check({"all ignored", check::normal(8, 5), ones, {-1, -100}, 4});
  check({"more rows than columns", check::normal(21, 6, 3), ones, {0, 2, 1, 1, 2, 0, 0}, 3});
  check({"a vocabulary", check::normal(1000, 7, 2), {2}, {517}, 1000});
  check({"large logits", {1000, 1001, 999, 710, 0, -1000}, {1, 2}, {0, 2}, 3});
  check({"large negative logits", {-1000, -1001, -999}, {1}, {1}, 3});
  check({"rows far apart", {0, 1, 2, -2000, -2001, -2002}, {1, 2}, {2, 0}, 3});
  check({"logits of a million", {1e6, 1e6 + 0.1, 1e6 - 0.3}, {1}, {2}, 3});
  check({"800 below the best", {800, 0, 1}, {1}, {1}, 3});
  check({"some classes excluded", {1, minus_infinity, 2, minus_infinity, 0, 1}, {1, 2}, {0, 2}, 3});
  check({"one class", {5, -5, 1e9}, {1, 2, 3}, {0, -1, 0}, 1});
  check({"no rows", {}, {}, {}, 3});
  check_differences(backward, judge);
}

void work(CrossEntropyBackward* backward) {
  static const std::vector<real> x = check::normal(32 * 1500, 8), ones(32, 1), log_sum(32, 7);
  static const std::vector<int32_t> label(32, 7);
  static std::vector<real> dx(x.size());
  backward({.dx = dx.data(),
            .dloss = ones.data(),
            .x = x.data(),
            .log_sum = log_sum.data(),
            .label = label.data(),
            .rows = 32,
            .cols = 1500});
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<CrossEntropyBackward>({.name = "cross_entropy_backward",
                                           .check = check_cross_entropy_backward,
                                           .mine = mine::cross_entropy_backward,
                                           .mistaken = mistakes::cross_entropy_backward,
                                           .mistakes = mistakes::list,
                                           .alternatives = alternatives::list,
                                           .library = cairn::kernels().cross_entropy_backward,
                                           .work = work},
                                          argc, argv);
}
