#pragma once
// Which elements dropout keeps: a pure function of (seed, stream, element), so that backward, a
// recomputation, any number of threads and every instruction set see the same mask, and none is
// stored. The mixing steps are Chris Wellons' "lowbias32" (nullprogram.com, 2018), applied twice.
// No STL here: kernel files include this header.
#include <stdint.h>

#include "core/kernels/kernels.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace {

// Written once for uint32_t and for vectors of it.
template <class U>
[[maybe_unused]] inline U mix(U x) {
  x ^= x >> 16;
  x *= 0x7feb352du;
  x ^= x >> 15;
  x *= 0x846ca68bu;
  x ^= x >> 16;
  return x;
}

struct DropoutHash {
  uint32_t first, second;  // from seed and stream
  int32_t threshold;       // p in units of 2^-24
  real scale;              // 1 / (1 - p)
};

// What elements are hashed with: computed once for a mask.
[[maybe_unused]] inline DropoutHash dropout_hash(const DropoutMask& mask) {
  const uint32_t seed_low = static_cast<uint32_t>(mask.seed);
  const uint32_t seed_high = static_cast<uint32_t>(mask.seed >> 32);
  const uint32_t stream_low = static_cast<uint32_t>(mask.stream);
  const uint32_t stream_high = static_cast<uint32_t>(mask.stream >> 32);
  const uint32_t a =
      mix(mix(mix(mix(seed_low + 0x9e3779b9u) ^ seed_high) + stream_low) ^ stream_high);
  return {a, mix(a + 0x85ebca6bu), static_cast<int32_t>(double(mask.p) * 16777216 + 0.5),
          mask.p < 1 ? 1 / (1 - mask.p) : real(0)};
}

// 24 random bits for the elements whose numbers have the low half `low` and the high half `high`.
template <class U>
[[maybe_unused]] inline U dropout_bits(const DropoutHash& hash, U low, uint32_t high) {
  return mix(mix(low ^ hash.first) + (hash.second ^ (high * 0x9e3779b9u))) >> 8;
}

// Does the mask let this element, of this number, through?
[[maybe_unused]] inline bool keeps(const DropoutHash& hash, int64_t element) {
  const uint32_t low = static_cast<uint32_t>(element);
  const uint32_t high = static_cast<uint32_t>(static_cast<uint64_t>(element) >> 32);
  return static_cast<int32_t>(dropout_bits(hash, low, high)) >= hash.threshold;
}

}}}  // namespace cairn::CAIRN_PRECISION
