#pragma once
// What becomes of a chosen token, as it should be and as people have written it, and the test that
// tells these apart.
#include <array>
#include <cmath>

#include "core/random.h"

// [fates]
// What becomes of a chosen token. u < 0.15 is the random number that has chosen it, v a new one.
enum Fate { to_mask, to_random, kept };

inline Fate right(double, double v) { return v < 0.8 ? to_mask : v < 0.9 ? to_random : kept; }
inline Fate not_added(double, double v) { return v < 0.8 ? to_mask : v < 0.1 ? to_random : kept; }
inline Fate same_number(double u, double) { return u < 0.8 ? to_mask : u < 0.9 ? to_random : kept; }
inline Fate with_itself(double u, double) {
  return u < u * 0.8 ? to_mask : u < u * 0.9 ? to_random : kept;
}
// [/fates]

// [chi]
// How far the counts of the three fates are from 80 : 10 : 10.
inline double chi_square(const std::array<double, 3>& counts) {
  const double n = counts[0] + counts[1] + counts[2], expected[] = {0.8 * n, 0.1 * n, 0.1 * n};
  double sum = 0;
  for (size_t i = 0; i < 3; ++i)
    sum += (counts[i] - expected[i]) * (counts[i] - expected[i]) / expected[i];
  return sum;
}
// [/chi]

constexpr double limit = 13.8;  // e^(-13.8 / 2) is 1/1000

// The fates of `chosen` tokens.
template <class Rule>
std::array<double, 3> fates(Rule* rule, int64_t chosen, uint64_t seed = 1) {
  cairn::Random random(seed);
  std::array<double, 3> counts{};
  for (int64_t i = 0; i < chosen; ++i) {
    const double u = 0.15 * random.uniform();
    counts[rule(u, random.uniform())] += 1;
  }
  return counts;
}
