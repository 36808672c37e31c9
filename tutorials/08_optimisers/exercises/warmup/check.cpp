// Whole schedules, and what is to be refused.
#include <cmath>
#include <string>

#include "tutorials/08_optimisers/exercises/warmup/warmup.h"

using check::real;

namespace {

double expected_of(int64_t step, int64_t warmup, int64_t total) {
  const long double s = static_cast<long double>(step), w = static_cast<long double>(warmup);
  if (step < warmup) return static_cast<double>(s / w);
  if (step >= total) return 0;
  return static_cast<double>(1 - (s - w) / (static_cast<long double>(total) - w));
}

void check_warmup(Factor* factor, check::Judge& judge) {
  const auto schedule = [&](const std::string& what, int64_t warmup, int64_t total, int64_t steps) {
    const std::string input =
        what + ": warmup " + std::to_string(warmup) + ", total " + std::to_string(total);
    judge.input(input);
    std::vector<real> got, expected;
    for (int64_t step = 0; step <= steps; ++step) {
      got.push_back(static_cast<real>(factor(step, warmup, total)));
      expected.push_back(static_cast<real>(expected_of(step, warmup, total)));
    }
    for (size_t step = 0; step < got.size(); ++step)
      if (!std::isfinite(got[step]))
        return judge.that(
            false, input, "a factor is not finite",
            "at step " + std::to_string(step) + " it is " + std::to_string(got[step]));
    judge.equal(input + ", by step", got, expected, {steps + 1});
  };
  schedule("a warm-up of a fifth", 2, 10, 10);
  schedule("the same once more", 2, 10, 10);
  schedule("a long one", 100, 1000, 1000);
  schedule("steps after the end", 3, 7, 12);
  schedule("no warm-up", 0, 8, 10);
  schedule("a warm-up of one step", 1, 4, 6);
  schedule("nothing but warm-up", 5, 5, 8);
  schedule("a warm-up that is longer than all", 10, 5, 14);
  schedule("one step", 0, 1, 3);
  schedule("no steps", 0, 0, 2);
  schedule("a warm-up and no steps", 3, 0, 5);
  judge.throws("a negative step", [&] { factor(-1, 2, 10); });
  judge.throws("a negative warm-up", [&] { factor(3, -1, 10); });
  judge.throws("a negative total", [&] { factor(1, 2, -10); });
  judge.throws("a negative total, after the warm-up", [&] { factor(5, 2, -10); });
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<Factor>({.name = "warmup",
                             .check = check_warmup,
                             .mine = cairn::linear_with_warmup,
                             .mistaken = mistakes::warmup,
                             .mistakes = mistakes::list,
                             .alternatives = alternatives::list},
                            argc, argv);
}
