// Several steps each, against the formula in long double.
#include <string>

#include "tutorials/08_optimisers/exercises/sgd_momentum/sgd_momentum.h"

namespace {

struct Settings {
  double lr, momentum;
};

constexpr real behind = 7;  // what stands behind the n numbers

void check_steps(Step* step, check::Judge& judge, const std::string& what, int64_t n,
                 const std::vector<Settings>& settings) {
  std::vector<real> p = check::normal(n, 1), b(static_cast<size_t>(n), 0);
  std::vector<long double> right_p(p.begin(), p.end()), right_b(b.begin(), b.end());
  p.push_back(behind), b.push_back(behind);
  for (size_t t = 0; t < settings.size(); ++t) {
    const auto [lr, momentum] = settings[t];
    const std::string now = what + ", step " + std::to_string(t + 1);
    std::vector<real> g = check::normal(n, 10 + t, 2);
    const std::vector<real> before = g;
    step(p.data(), b.data(), g.data(), lr, momentum, n);
    std::vector<real> expected_p, expected_b;
    for (size_t i = 0; i < before.size(); ++i) {
      right_b[i] = momentum * right_b[i] + before[i];
      right_p[i] -= lr * right_b[i];
      expected_p.push_back(static_cast<real>(right_p[i]));
      expected_b.push_back(static_cast<real>(right_b[i]));
    }
    const auto inside = [](const std::vector<real>& x) {
      return std::vector<real>(x.begin(), x.end() - 1);
    };
    judge.equal(now + ": p", inside(p), expected_p, {n});
    judge.equal(now + ": b", inside(b), expected_b, {n});
    judge.unchanged(now + ": g", g, before);
    judge.that(p.back() == behind && b.back() == behind, now + ": the number behind the last",
               "it was written");
  }
}

void check_sgd_momentum(Step* step, check::Judge& judge) {
  check_steps(step, judge, "no momentum", 5, {{0.1, 0}, {0.1, 0}});
  check_steps(step, judge, "momentum 0.9", 5, {{0.1, 0.9}, {0.1, 0.9}, {0.1, 0.9}});
  check_steps(step, judge, "momentum 0.5", 3, {{0.01, 0.5}, {0.01, 0.5}, {0.01, 0.5}});
  check_steps(step, judge, "a rate that changes", 4, {{1, 0.9}, {0.5, 0.9}, {0, 0.9}, {2, 0.9}});
  check_steps(step, judge, "a momentum that changes", 4, {{0.1, 0.9}, {0.1, 0}, {0.1, 0.99}});
  check_steps(step, judge, "one number", 1, {{0.1, 0.9}, {0.1, 0.9}});
  check_steps(step, judge, "no numbers", 0, {{0.1, 0.9}});
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Step>({.name = "sgd_momentum",
                           .check = check_sgd_momentum,
                           .mine = mine::sgd_momentum,
                           .mistaken = mistakes::sgd_momentum,
                           .mistakes = mistakes::list,
                           .alternatives = alternatives::list},
                          argc, argv);
}
