// The counter-based generator and its distributions.
#include "core/random.h"

#include <cmath>
#include <string>

#include "core/error.h"

namespace cairn {
namespace {

constexpr uint64_t golden = 0x9e3779b97f4a7c15u;  // 2^64 / golden ratio: SplitMix64's step

}  // namespace

uint64_t Random::bits() {
  // The seed is hashed first, so that neighbouring seeds start far apart in SplitMix64's sequence.
  return mix_bits(mix_bits(seed + golden) + golden * ++next);
}

double Random::uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }

double Random::normal() {
  const double radius = std::sqrt(-2 * std::log(1 - uniform()));  // 1 - u is never 0
  return radius * std::cos(2 * 3.14159265358979323846 * uniform());
}

int64_t Random::below(int64_t n) {
  if (n < 1) fail("Random::below", "n is " + std::to_string(n), "n counts the choices: 1 or more");
  const uint64_t choices = static_cast<uint64_t>(n);
  const uint64_t excess = -choices % choices;  // 2^64 mod n: reject the first so many
  uint64_t x = bits();
  while (x < excess) x = bits();
  return static_cast<int64_t>(x % choices);
}

Random& default_random() {
  thread_local Random random;
  return random;
}

}  // namespace cairn
