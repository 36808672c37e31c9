// Random programs in float, on every instruction set, against the same in double. How far they may
// differ is measured, not guessed: the double program is run again with errors of a few float eps,
// relative to the largest number there, after every op and in every gradient.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "tests/double/programs.h"

using namespace cairn::test;

namespace {

constexpr int programs = 600;

int steps_of(uint64_t seed) { return 5 + static_cast<int>(seed % 36); }

double largest(const std::vector<double>& x) {
  double most = 0;
  for (double number : x) most = std::max(most, std::abs(number));
  return most;
}

// max |a - b|; infinite if a NaN is met.
double difference(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size()) return INFINITY;
  double most = 0;
  for (size_t i = 0; i < a.size(); ++i)
    if (const double d = std::abs(a[i] - b[i]); !(d <= most)) most = d;
  return most >= 0 ? most : INFINITY;
}

struct Expected {
  Outcome exact;
  std::vector<double> bounds;  // one for each list of numbers

  Expected(uint64_t seed, int steps) : exact(f64::Program(seed, steps, 0).run()) {
    for (const auto& numbers : exact.numbers) bounds.push_back(8 * FLT_EPSILON * largest(numbers));
    for (uint64_t noise : {1, 2, 3}) {
      const Outcome noisy = f64::Program(seed, steps, noise).run();
      for (size_t i = 0; i < bounds.size(); ++i)
        bounds[i] = std::max(bounds[i], 8 * difference(noisy.numbers[i], exact.numbers[i]));
    }
  }

  // Which numbers of the float run are off, if any.
  std::string compare(const Outcome& got) const {
    if (got.lines != exact.lines) return "the float program is another one";
    for (size_t i = 0; i < bounds.size(); ++i) {
      const double d = difference(got.numbers[i], exact.numbers[i]);
      if (d <= bounds[i]) continue;
      const size_t lines = exact.lines.size();
      return (i < lines ? "the result of line " + std::to_string(i + 1)
                        : "the gradient of leaf " + std::to_string(i - lines + 1)) +
             " is off by " + std::to_string(d / FLT_EPSILON) + " eps, allowed are " +
             std::to_string(bounds[i] / FLT_EPSILON);
    }
    return "";
  }
  // Does the bound say anything: is it below 1e-3 of the numbers?
  bool sharp() const {
    for (size_t i = 0; i < bounds.size(); ++i)
      if (bounds[i] > 1e-3 * std::max(1e-3, largest(exact.numbers[i]))) return false;
    return true;
  }
};

std::string report(uint64_t seed, int steps) {
  return Expected(seed, steps).compare(run_in_float(seed, steps));
}

// The shortest beginning of the program that fails, line by line.
void print_shortest(const char* set, uint64_t seed) {
  int steps = 0;
  while (report(seed, steps).empty()) ++steps;
  std::printf("%s, seed %d, %d steps: %s\n", set, static_cast<int>(seed), steps,
              report(seed, steps).c_str());
  int number = 0;
  for (const std::string& line : Expected(seed, steps).exact.lines)
    std::printf("%4d  %s\n", ++number, line.c_str());
}

// How many of the programs fail on the instruction set that this process has chosen.
int failures(const char* set) {
  int failed = 0;
  for (uint64_t seed = 0; seed < programs; ++seed)
    if (!report(seed, steps_of(seed)).empty() && ++failed <= 3) print_shortest(set, seed);
  return failed;
}

}  // namespace

// The choice is made once a process, so each set gets a process of its own.
TEST_CASE("programs: float agrees with double on every instruction set") {
  for (const std::string& set : float_kernels()) {
    std::fflush(stdout);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      setenv("CAIRN_ISA", set.c_str(), 1);
      const int failed = failures(set.c_str());
      std::fflush(stdout);
      _exit(failed > 0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    INFO("kernels: ", set);
    CHECK(status == 0);
  }
}

TEST_CASE("programs: the bounds are sharp for three in four, and the programs differ") {
  int sharp = 0;
  std::vector<std::vector<std::string>> all;
  for (uint64_t seed = 0; seed < programs; ++seed) {
    const Expected expected(seed, steps_of(seed));
    sharp += expected.sharp();
    all.push_back(expected.exact.lines);
  }
  CHECK(sharp > programs * 3 / 4);
  std::sort(all.begin(), all.end());
  CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
}
