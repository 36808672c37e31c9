// Against weighted means in long double, each computed from its gradients anew.
#include <string>

#include "tutorials/08_optimisers/exercises/bias_correction/bias_correction.h"

namespace {

std::vector<real> expected_of(const std::vector<real>& g, double beta) {
  std::vector<real> means;
  for (size_t t = 1; t <= g.size(); ++t) {
    long double sum = 0, weights = 0, weight = 1;
    for (size_t i = t; i-- > 0; weight *= beta) sum += weight * g[i], weights += weight;
    means.push_back(static_cast<real>(sum / weights));
  }
  return means;
}

using check::Shape;

void check_bias_correction(Corrected* bias_correction, check::Judge& judge) {
  const auto check = [&](const std::string& what, const std::vector<real>& g, double beta) {
    judge.input(what);
    const std::vector<real> before = g;
    const std::vector<real> got = bias_correction(g, beta), expected = expected_of(before, beta);
    const Shape shape = {static_cast<int64_t>(before.size())};
    check::Judge exact, rough;
    exact.equal(what, got, expected, shape, 1e-10);
    rough.equal(what, got, expected, shape, 1e-3);
    if (!exact.failures().empty() && rough.failures().empty())
      judge.that(false, what, "right to a few digits only", exact.failures()[0].detail);
    else judge.equal(what, got, expected, shape, 1e-10);
    judge.unchanged(what + ": g", g, before);
  };
  check("two gradients of 5, beta 0.9", {5, 5}, 0.9);
  check("1, 2, 3, 4, beta 0.5", {1, 2, 3, 4}, 0.5);
  check("the same once more", {1, 2, 3, 4}, 0.5);
  check("twenty gradients, beta 0.9", check::normal(20, 1), 0.9);
  check("twenty gradients, beta 0.1", check::normal(20, 2), 0.1);
  check("a hundred gradients, beta 0.999", check::normal(100, 3), 0.999);
  check("beta 0.9999", check::normal(10, 4), 0.9999);
  check("beta 0", {3, -1, 2}, 0);
  check("one gradient", {-7}, 0.9);
  check("zeros", {0, 0, 0}, 0.9);
  check("none", {}, 0.9);
}

void work(Corrected* bias_correction) {
  static const std::vector<real> g = check::normal(1000, 5);
  bias_correction(g, 0.999);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Corrected>({.name = "bias_correction",
                                .check = check_bias_correction,
                                .mine = mine::bias_correction,
                                .mistaken = mistakes::bias_correction,
                                .mistakes = mistakes::list,
                                .alternatives = alternatives::list,
                                .work = work},
                               argc, argv);
}
