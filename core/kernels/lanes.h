#pragma once
// The vocabulary of the fast kernels: `lanes` holds `width` floats. One header per instruction set
// spells it in that set's intrinsics; all loops above are written once, in these words. Nothing is
// summed here but by hsum, whose order is part of its definition.
//
//   splat(x)  load(p)  store(p, v)     p need not be aligned
//   load_some(p, n)  store_some(..)    the first n <= width only; the other lanes load as 0
//   add sub mul div sqrt  fma(a,b,c)   a * b + c in one rounding
//   min max                            b where a or b is NaN
//   less less_equal is_nan first(n)    a mask, one truth per lane;  select(mask, a, b)
//   hsum(v)                            the sum of all lanes, halves first: one fixed order
//   to_ints (nearest, ties to even)  to_lanes      conversions of values
//   zip_low zip_high                   a0 b0 a1 b1 ...: of the lower halves, of the upper halves
//   ints uints index                   vectors of 32-bit integers; +, ^, >> and so on just work
//   tile_rows, tile_vectors            the shape of gemm's tile in registers
#if defined(__x86_64__)
// g++ 12 warns about uninitialised values in its own header (GCC bug 105593).
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpragmas"
#pragma GCC diagnostic ignored "-Wunknown-warning-option"
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop
#endif

#if defined(__AVX512F__)
#include "core/kernels/lanes_avx512.h"
#elif defined(__AVX2__)
#include "core/kernels/lanes_avx2.h"
#elif defined(__aarch64__)
#include "core/kernels/lanes_neon.h"
#endif

#include "core/parallel.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace ISA { namespace {

inline ints bits(lanes v) { return (ints)v; }
inline lanes from_bits(ints v) { return (lanes)v; }

// n is what is left of a row: a tail is padded, computed like any other vector, and cut again, so
// a result never depends on where in a row it stands.
inline lanes load_upto(const float* p, int64_t n) { return n >= width ? load(p) : load_some(p, n); }
inline void store_upto(float* p, lanes v, int64_t n) {
  if (n >= width) store(p, v);
  else store_some(p, v, n);
}
// v, with `rest` in the lanes from n on.
inline lanes fill(lanes v, lanes rest, int64_t n) {
  return n >= width ? v : select(first(n), v, rest);
}

inline int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
inline int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }
inline int64_t ceil_div(int64_t n, int64_t size) { return (n + size - 1) / size; }

// Elements that make a chunk. At some 4 elements a nanosecond these are 4 microseconds or more, a
// few times what it takes to hand a chunk to another thread; smaller arrays stay on one.
constexpr int64_t chunk_size = 16384;

// Calls body(i) for each i in [0, n), on all threads.
template <class Body>
void parallel_for(int64_t n, const Body& body) {
  parallel(
      n, [](void* context, int64_t i) { (*static_cast<const Body*>(context))(i); },
      const_cast<Body*>(&body));
}

// Cuts [0, n) into chunks of `size` and calls body(begin, end) for each, on all threads.
template <class Body>
void parallel_chunks(int64_t n, int64_t size, const Body& body) {
  parallel_for(ceil_div(n, size), [&](int64_t i) { body(i * size, smaller(n, (i + 1) * size)); });
}

// How many rows make a chunk.
inline int64_t chunk_rows(int64_t cols) { return larger(1, chunk_size / larger(1, cols)); }

}}}}  // namespace cairn::CAIRN_PRECISION::ISA
