#pragma once
// How both forms of GELU are checked: each number against the formula in long double.
#include <cstdint>
#include <string>
#include <vector>

#include "tutorials/check/check.h"

using cairn::real;
using Gelu = void(real* y, const real* x, int64_t n);
using Exact = real(long double x);

inline std::vector<real> expected_of(Exact* exact, const std::vector<real>& x) {
  std::vector<real> y;
  for (real number : x) y.push_back(exact(number));
  return y;
}

inline void check_numbers(Gelu* gelu, Exact* exact, check::Judge& judge, const std::string& what,
                          const std::vector<real>& x) {
  const std::vector<real> before = x;
  const auto n = static_cast<int64_t>(x.size());
  std::vector<real> y = check::garbage(n);
  gelu(y.data(), x.data(), n);
  judge.equal(what, y, expected_of(exact, x), {n});
  judge.unchanged(what + ": x", x, before);
}

inline void check_gelu(Gelu* gelu, Exact* exact, check::Judge& judge) {
  check_numbers(gelu, exact, judge, "0, 1, 2, -1, -2", {0, 1, 2, -1, -2});
  check_numbers(gelu, exact, judge, "numbers of size 1", check::normal(100, 1));
  check_numbers(gelu, exact, judge, "the same once more", check::normal(100, 1));
  check_numbers(gelu, exact, judge, "numbers of size 5", check::normal(100, 2, 5));
  check_numbers(gelu, exact, judge, "where the two forms differ most", {-2.7, 2.7});
  check_numbers(gelu, exact, judge, "large numbers", {40, 1000, 1e6, 1e300});
  check_numbers(gelu, exact, judge, "large negative numbers", {-40, -1000, -1e6, -1e300});
  check_numbers(gelu, exact, judge, "small numbers", {1e-5, -1e-5, 1e-300, -1e-300});
  check_numbers(gelu, exact, judge, "one number", {0.5});
  check_numbers(gelu, exact, judge, "no numbers", {});

  // Nothing beyond the n numbers is touched.
  std::vector<real> longer(6, 7);
  const std::vector<real> x = check::normal(5, 3);
  gelu(longer.data(), x.data(), 5);
  judge.that(longer[5] == 7, "the number after the last", "was written");

  std::vector<real> in_place = check::normal(12, 4);
  const std::vector<real> expected = expected_of(exact, in_place);
  gelu(in_place.data(), in_place.data(), 12);
  judge.equal("y is x", in_place, expected, {12});
}

inline void work_of_gelu(Gelu* gelu) {
  static const std::vector<real> x = check::normal(128 * 3072, 5);
  static std::vector<real> y(x.size());
  gelu(y.data(), x.data(), static_cast<int64_t>(x.size()));
}
