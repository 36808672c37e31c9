// Each row against the formula in long double.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/kernels/kernels.h"
#include "tutorials/07_backward_by_hand/exercises/cross_entropy/cross_entropy.h"

namespace {

const real minus_infinity = -std::numeric_limits<real>::infinity();

void check_rows(CrossEntropy* cross_entropy, check::Judge& judge, const std::string& what,
                const std::vector<real>& x, const std::vector<int32_t>& label, int64_t cols,
                bool garbage = true) {
  judge.input(what);
  const auto rows = static_cast<int64_t>(label.size());
  std::vector<real> expected, expected_log_sum;
  for (size_t i = 0; i < label.size(); ++i) {
    const real* row = x.data() + static_cast<int64_t>(i) * cols;
    const long double max = *std::max_element(row, row + cols);
    long double sum = 0;
    for (int64_t j = 0; j < cols; ++j) sum += std::exp(row[j] - max);
    expected_log_sum.push_back(static_cast<real>(std::log(sum)));
    const long double loss = label[i] < 0 ? 0 : max - row[label[i]] + std::log(sum);
    expected.push_back(static_cast<real>(loss));
  }
  // In front of x stand numbers that a negative label, taken for a column, reads.
  std::vector<real> all = check::normal(100, 9);
  all.insert(all.end(), x.begin(), x.end());
  const std::vector<real> before = all;
  std::vector<real> loss = garbage ? check::garbage(rows) : std::vector<real>(label.size(), 1);
  std::vector<real> log_sum = check::garbage(rows);
  const std::vector<int32_t> label_before = label;
  cross_entropy(loss.data(), log_sum.data(), all.data() + 100, label.data(), rows, cols);
  judge.equal(what + ": loss", loss, expected, {rows});
  judge.equal(what + ": log_sum", log_sum, expected_log_sum, {rows});
  judge.unchanged(what + ": x", all, before);
  judge.that(label == label_before, what + ": label", "the input was changed");
}

void check_cross_entropy(CrossEntropy* cross_entropy, check::Judge& judge) {
  const auto check = [&](const std::string& what, const std::vector<real>& x,
                         const std::vector<int32_t>& label, int64_t cols, bool garbage = true) {
    check_rows(cross_entropy, judge, what, x, label, cols, garbage);
  };
  check("two equal logits", {0, 0}, {1}, 2);
  check("three rows", check::normal(12, 1), {3, 1, 2}, 4);
  check("the same once more, into losses of one", check::normal(12, 1), {3, 1, 2}, 4, false);
  check("labels of class 0", check::normal(6, 2), {0, 1, 0}, 2);
  check("every second row ignored", check::normal(20, 3), {-1, 3, -1, 2, -1}, 4);
  check("ignored in several ways", check::normal(20, 4), {-100, 1, -1, 0, -7}, 4);
  check("all ignored", check::normal(8, 5), {-1, -100}, 4);
  check("more rows than columns", check::normal(21, 6, 3), {0, 2, 1, 1, 2, 0, 0}, 3);
  check("a vocabulary", check::normal(1000, 7, 2), {517}, 1000);
  check("large logits", {1000, 1001, 999, 710, 0, -1000}, {0, 2}, 3);
  check("large negative logits", {-1000, -1001, -999}, {1}, 3);
  check("rows far apart", {0, 1, 2, -2000, -2001, -2002}, {2, 0}, 3);
  check("logits of a million", {1e6, 1e6 + 0.1, 1e6 - 0.3}, {2}, 3);
  check("800 below the best", {800, 0, 1}, {1}, 3);
  check("some classes excluded", {1, minus_infinity, 2, minus_infinity, 0, 1}, {0, 2}, 3);
  check("one class", {5, -5, 1e9}, {0, -1, 0}, 1);
  check("no rows", {}, {}, 3);
}

void work(CrossEntropy* cross_entropy) {
  static const std::vector<real> x = check::normal(32 * 1500, 8);
  static const std::vector<int32_t> label(32, 7);
  static std::vector<real> loss(32), log_sum(32);
  cross_entropy(loss.data(), log_sum.data(), x.data(), label.data(), 32, 1500);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<CrossEntropy>({.name = "cross_entropy",
                                   .check = check_cross_entropy,
                                   .mine = mine::cross_entropy,
                                   .mistaken = mistakes::cross_entropy,
                                   .mistakes = mistakes::list,
                                   .alternatives = alternatives::list,
                                   .library = cairn::kernels().cross_entropy,
                                   .work = work},
                                  argc, argv);
}
