#pragma once
// Eight floats at a time: AVX2 and FMA. What each function promises is said in lanes.h. hsum adds
// lane i and i + 4, of these i and i + 2, of these the two that are left.
#include <immintrin.h>
#include <stdint.h>

namespace cairn { inline namespace CAIRN_PRECISION { namespace ISA { namespace {

constexpr const char* name = "avx2";
constexpr int width = 8;
// gemm's tile, 6 x 16: of the 16 registers it takes 12 for sums, 2 for b and 1 for a. A
// multiply-add takes 4 cycles (Haswell: 5) and two begin in each, so 8 to 10 independent sums keep
// both units busy; 12 do, with 2 + 6 loads for 12 multiply-adds.
constexpr int tile_rows = 6, tile_vectors = 2;
using lanes = __m256;
using mask = __m256;
using ints = int32_t __attribute__((vector_size(32)));
using uints = uint32_t __attribute__((vector_size(32)));

constexpr ints index = {0, 1, 2, 3, 4, 5, 6, 7};
inline mask first(int64_t n) { return (mask)(index < (int32_t)n); }

inline lanes splat(float x) { return _mm256_set1_ps(x); }
inline lanes load(const float* p) { return _mm256_loadu_ps(p); }
inline lanes load_some(const float* p, int64_t n) {
  return _mm256_maskload_ps(p, (__m256i)first(n));
}
inline void store(float* p, lanes v) { _mm256_storeu_ps(p, v); }
inline void store_some(float* p, lanes v, int64_t n) {
  _mm256_maskstore_ps(p, (__m256i)first(n), v);
}

inline lanes add(lanes a, lanes b) { return _mm256_add_ps(a, b); }
inline lanes sub(lanes a, lanes b) { return _mm256_sub_ps(a, b); }
inline lanes mul(lanes a, lanes b) { return _mm256_mul_ps(a, b); }
inline lanes div(lanes a, lanes b) { return _mm256_div_ps(a, b); }
inline lanes fma(lanes a, lanes b, lanes c) { return _mm256_fmadd_ps(a, b, c); }
inline lanes sqrt(lanes a) { return _mm256_sqrt_ps(a); }
inline lanes min(lanes a, lanes b) { return _mm256_min_ps(a, b); }
inline lanes max(lanes a, lanes b) { return _mm256_max_ps(a, b); }

inline mask less(lanes a, lanes b) { return _mm256_cmp_ps(a, b, _CMP_LT_OQ); }
inline mask less_equal(lanes a, lanes b) { return _mm256_cmp_ps(a, b, _CMP_LE_OQ); }
inline mask is_nan(lanes a) { return _mm256_cmp_ps(a, a, _CMP_UNORD_Q); }
inline lanes select(mask m, lanes a, lanes b) { return _mm256_blendv_ps(b, a, m); }

inline ints to_ints(lanes a) { return (ints)_mm256_cvtps_epi32(a); }
inline lanes to_lanes(ints a) { return _mm256_cvtepi32_ps((__m256i)a); }

inline float hsum(lanes v) {
  __m128 x = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  x = _mm_add_ps(x, _mm_movehl_ps(x, x));
  return _mm_cvtss_f32(_mm_add_ss(x, _mm_shuffle_ps(x, x, 1)));
}

inline lanes zip_low(lanes a, lanes b) {
  return _mm256_permute2f128_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b), 0x20);
}
inline lanes zip_high(lanes a, lanes b) {
  return _mm256_permute2f128_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b), 0x31);
}

}}}}  // namespace cairn::CAIRN_PRECISION::ISA
