#pragma once
// Random numbers from a counter: number i of seed s is a hash of (s, i), nothing else is kept. So a
// generator is two integers, saved and restored by copying, and a dropout need not store its mask:
// it takes one stream number, `stream = random.next++`, and hashes (seed, stream, element) again in
// backward. The hash is SplitMix64 (Steele, Lea & Flood, "Fast Splittable Pseudorandom Number
// Generators", 2014): integers only, so the same numbers come with every compiler and machine.
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace cairn {

struct Random {
  uint64_t seed = 0;
  uint64_t next = 0;  // how many numbers or streams were taken

  explicit Random(uint64_t seed = 0) : seed(seed) {}

  uint64_t bits();           // 64 of them, each 0 or 1 with equal chance
  double uniform();          // in [0, 1), a multiple of 2^-53
  double normal();           // mean 0, variance 1 (Box and Muller's method; takes two numbers)
  int64_t below(int64_t n);  // in [0, n), each with exactly equal chance; Error if n < 1

  // Every order of the values is equally likely (Fisher and Yates's method).
  template <typename T>
  void shuffle(std::vector<T>& values) {
    for (std::size_t i = values.size(); i > 1; --i)
      std::swap(values[i - 1], values[static_cast<std::size_t>(below(static_cast<int64_t>(i)))]);
  }
};

// SplitMix64's output function: every bit of the result depends on every bit of x.
constexpr uint64_t mix_bits(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// This thread's generator, used where a call names none. To seed: `default_random() = Random(7)`.
Random& default_random();

}  // namespace cairn
