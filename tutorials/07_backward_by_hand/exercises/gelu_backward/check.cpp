// Each number against the formula in long double, and against central differences of GELU.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "core/kernels/kernels.h"
#include "tutorials/07_backward_by_hand/exercises/differences.h"
#include "tutorials/07_backward_by_hand/exercises/gelu_backward/gelu_backward.h"

namespace {

std::vector<real> expected_of(const std::vector<real>& dy, const std::vector<real>& x) {
  std::vector<real> dx;
  for (size_t i = 0; i < x.size(); ++i) {
    const long double z = x[i], pi = std::numbers::pi_v<long double>;
    const long double below = std::erfc(-z / std::sqrt(2.0L)) / 2;
    dx.push_back(static_cast<real>(dy[i] * (below + z * std::exp(-z * z / 2) / std::sqrt(2 * pi))));
  }
  return dx;
}

void check_numbers(GeluBackward* backward, check::Judge& judge, const std::string& what,
                   const std::vector<real>& x, bool garbage = true) {
  judge.input(what);
  const auto n = static_cast<int64_t>(x.size());
  const std::vector<real> dy = check::normal(n, 9, 2), x_before = x, dy_before = dy;
  std::vector<real> dx = garbage ? check::garbage(n + 1) : std::vector<real>(x.size() + 1, 1);
  dx.back() = 7;
  backward(dx.data(), dy.data(), x.data(), n);
  judge.that(dx.back() == 7, what + ": the number after the last", "was written");
  dx.pop_back();
  judge.equal(what, dx, expected_of(dy, x), {n});
  judge.unchanged(what + ": x", x, x_before);
  judge.unchanged(what + ": dy", dy, dy_before);
}

void check_gelu_backward(GeluBackward* backward, check::Judge& judge) {
  const auto check = [&](const std::string& what, const std::vector<real>& x, bool garbage = true) {
    check_numbers(backward, judge, what, x, garbage);
  };
  check("0, 1, 2, -1, -2", {0, 1, 2, -1, -2});
  check("numbers of size 1", check::normal(100, 1));
  check("the same once more, into ones", check::normal(100, 1), false);
  check("numbers of size 5", check::normal(100, 2, 5));
  check("where the curve is lowest, and steepest", {-0.7517915, 1.41421356});
  check("large numbers", {40, 1000, 1e6, 1e300});
  check("large negative numbers", {-40, -1000, -1e6, -1e300});
  check("small numbers", {1e-5, -1e-5, 1e-300, -1e-300});
  check("one number", {0.5});
  check("no numbers", {});

  const std::vector<real> x = check::normal(12, 4), dy = check::normal(12, 5, 30);
  judge.input("dx is dy");
  std::vector<real> in_place = dy;
  backward(in_place.data(), in_place.data(), x.data(), 12);
  judge.equal("dx is dy", in_place, expected_of(dy, x), {12});

  std::vector<real> dx = check::garbage(12);
  backward(dx.data(), dy.data(), x.data(), 12);
  const auto loss = [&](const std::vector<long double>& at) {
    long double sum = 0;
    for (size_t i = 0; i < at.size(); ++i)
      sum += dy[i] * at[i] * std::erfc(-at[i] / std::sqrt(2.0L)) / 2;
    return sum;
  };
  judge.equal("beside central differences", dx, differences(x, loss), {12}, 1e-9);
}

void work(GeluBackward* backward) {
  static const std::vector<real> x = check::normal(128 * 3072, 5), dy = x;
  static std::vector<real> dx(x.size());
  backward(dx.data(), dy.data(), x.data(), static_cast<int64_t>(x.size()));
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<GeluBackward>({.name = "gelu_backward",
                                   .check = check_gelu_backward,
                                   .mine = mine::gelu_backward,
                                   .mistaken = mistakes::gelu_backward,
                                   .mistakes = mistakes::list,
                                   .alternatives = alternatives::list,
                                   .library = cairn::kernels().gelu_backward,
                                   .work = work},
                                  argc, argv);
}
