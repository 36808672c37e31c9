// Each number against the formula in long double.
#include <cmath>
#include <numbers>
#include <string>

#include "core/kernels/kernels.h"
#include "tutorials/03_encoder_block/exercises/gelu_tanh/gelu_tanh.h"

namespace {

real expected_of(long double x) {
  return static_cast<real>(x *
                           (1 + std::tanh(std::sqrt(2 / std::numbers::pi_v<long double>) *
                                          (x + 0.044715L * x * x * x))) /
                           2);
}

std::vector<real> expected_of(const std::vector<real>& x) {
  std::vector<real> y;
  for (real number : x) y.push_back(expected_of(number));
  return y;
}

void check_numbers(Gelu* gelu, check::Judge& judge, const std::string& what,
                   const std::vector<real>& x) {
  const std::vector<real> before = x;
  const auto n = static_cast<int64_t>(x.size());
  std::vector<real> y = check::garbage(n);
  gelu(y.data(), x.data(), n);
  judge.equal(what, y, expected_of(x), {n});
  judge.unchanged(what + ": x", x, before);
}

void check_gelu(Gelu* gelu, check::Judge& judge) {
  check_numbers(gelu, judge, "0, 1, 2, -1, -2", {0, 1, 2, -1, -2});
  check_numbers(gelu, judge, "numbers of size 1", check::normal(100, 1));
  check_numbers(gelu, judge, "the same once more", check::normal(100, 1));
  check_numbers(gelu, judge, "numbers of size 5", check::normal(100, 2, 5));
  check_numbers(gelu, judge, "where the two forms differ most", {-2.7, 2.7});
  check_numbers(gelu, judge, "large numbers", {40, 1000, 1e6, 1e300});
  check_numbers(gelu, judge, "large negative numbers", {-40, -1000, -1e6, -1e300});
  check_numbers(gelu, judge, "small numbers", {1e-5, -1e-5, 1e-300, -1e-300});
  check_numbers(gelu, judge, "one number", {0.5});
  check_numbers(gelu, judge, "no numbers", {});

  // Nothing beyond the n numbers is touched.
  std::vector<real> longer(6, 7);
  const std::vector<real> x = check::normal(5, 3);
  gelu(longer.data(), x.data(), 5);
  judge.that(longer[5] == 7, "the number after the last", "was written");

  std::vector<real> in_place = check::normal(12, 4);
  const std::vector<real> expected = expected_of(in_place);
  gelu(in_place.data(), in_place.data(), 12);
  judge.equal("y is x", in_place, expected, {12});
}

void work(Gelu* gelu) {
  static const std::vector<real> x = check::normal(128 * 3072, 5);
  static std::vector<real> y(x.size());
  gelu(y.data(), x.data(), static_cast<int64_t>(x.size()));
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Gelu>({.name = "gelu_tanh",
                           .check = check_gelu,
                           .mine = mine::gelu_tanh,
                           .mistaken = mistakes::gelu_tanh,
                           .mistakes = mistakes::list,
                           .alternatives = alternatives::list,
                           .library = cairn::kernels().gelu_tanh,
                           .work = work},
                          argc, argv);
}
