// Each number against the definition: kept and scaled, or 0.
#include <limits>
#include <string>

#include "core/kernels/kernels.h"
#include "tutorials/07_backward_by_hand/exercises/dropout/dropout.h"

namespace {

void check_numbers(Dropout* dropout, check::Judge& judge, const std::string& what,
                   const std::vector<real>& x, const DropoutMask& mask, bool garbage = true) {
  judge.input(what);
  const auto n = static_cast<int64_t>(x.size());
  const cairn::DropoutHash hash = cairn::dropout_hash(mask);
  std::vector<real> expected;
  for (int64_t i = 0; i < n; ++i)
    expected.push_back(cairn::keeps(hash, i) ? x[static_cast<size_t>(i)] / (1 - mask.p) : 0);
  const std::vector<real> before = x;
  std::vector<real> y = garbage ? check::garbage(n + 1) : std::vector<real>(x.size() + 1, 1);
  y.back() = 7;
  dropout(y.data(), x.data(), mask, n);
  judge.that(y.back() == 7, what + ": the number after the last", "was written");
  y.pop_back();
  judge.equal(what, y, expected, {n});
  judge.unchanged(what + ": x", x, before);
}

void check_dropout(Dropout* dropout, check::Judge& judge) {
  const auto check = [&](const std::string& what, const std::vector<real>& x,
                         const DropoutMask& mask) { check_numbers(dropout, judge, what, x, mask); };
  const std::vector<real> ones(100, 1);
  std::vector<real> first(100), second(100);
  dropout(first.data(), ones.data(), {0.5, 1, 1}, 100);
  dropout(second.data(), ones.data(), {0.5, 1, 1}, 100);
  judge.that(first == second, "two calls with the same mask", "the results differ");
  check("twenty numbers, p = 0.3", check::normal(20, 1), {0.3, 1, 1});
  check("the same once more", check::normal(20, 1), {0.3, 1, 1});
  check_numbers(dropout, judge, "the same for other gradients, into ones", check::normal(20, 2),
                {0.3, 1, 1}, false);
  check("another stream", check::normal(20, 1), {0.3, 1, 2});
  check("another seed", check::normal(20, 1), {0.3, 2, 1});
  check("large seed and stream", check::normal(20, 1), {0.3, 1ull << 40, 3ull << 33});
  check("p = 0.1", check::normal(1000, 3, 10), {0.1, 7, 0});
  check("p = 0.9", check::normal(1000, 4), {0.9, 7, 5});
  check("p = 0", check::normal(20, 5), {0, 1, 1});
  check("p = 1", check::normal(20, 6), {1, 1, 1});
  const real infinity = std::numeric_limits<real>::infinity();
  check("infinite numbers, half of them dropped", std::vector<real>(20, infinity), {0.5, 1, 1});
  check("one number", {3}, {0.5, 4, 1});
  check("no numbers", {}, {0.5, 1, 1});
}

void work(Dropout* dropout) {
  static const std::vector<real> x = check::normal(128 * 768, 7);
  static std::vector<real> y(x.size());
  dropout(y.data(), x.data(), {0.1, 1, 1}, static_cast<int64_t>(x.size()));
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Dropout>({.name = "dropout",
                              .check = check_dropout,
                              .mine = mine::dropout,
                              .mistaken = mistakes::dropout,
                              .mistakes = mistakes::list,
                              .alternatives = alternatives::list,
                              .library = cairn::kernels().dropout,
                              .work = work},
                             argc, argv);
}
