#pragma once
// Sixteen floats at a time: AVX-512. What each function promises is said in lanes.h. hsum adds lane
// i and i + 8, of these i and i + 4, and so on: halves first.
#include <immintrin.h>
#include <stdint.h>

namespace cairn { inline namespace CAIRN_PRECISION { namespace ISA { namespace {

constexpr const char* name = "avx512";
constexpr int width = 16;
// gemm's tile, 14 x 32: of the 32 registers it takes 28 for sums and 2 for b; a is broadcast from
// memory by the multiply-add itself or held in one more. A multiply-add takes 4 cycles and two
// begin in each, so 8 independent sums would do; more rows mean fewer loads of b for each: 2 + 14
// loads for 28.
constexpr int tile_rows = 14, tile_vectors = 2;
using lanes = __m512;
using mask = __mmask16;
using ints = int32_t __attribute__((vector_size(64)));
using uints = uint32_t __attribute__((vector_size(64)));

constexpr ints index = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

inline mask first(int64_t n) { return (mask)(n >= width ? 0xffff : (1 << n) - 1); }

inline lanes splat(float x) { return _mm512_set1_ps(x); }
inline lanes load(const float* p) { return _mm512_loadu_ps(p); }
inline lanes load_some(const float* p, int64_t n) { return _mm512_maskz_loadu_ps(first(n), p); }
inline void store(float* p, lanes v) { _mm512_storeu_ps(p, v); }
inline void store_some(float* p, lanes v, int64_t n) { _mm512_mask_storeu_ps(p, first(n), v); }

inline lanes add(lanes a, lanes b) { return _mm512_add_ps(a, b); }
inline lanes sub(lanes a, lanes b) { return _mm512_sub_ps(a, b); }
inline lanes mul(lanes a, lanes b) { return _mm512_mul_ps(a, b); }
inline lanes div(lanes a, lanes b) { return _mm512_div_ps(a, b); }
inline lanes fma(lanes a, lanes b, lanes c) { return _mm512_fmadd_ps(a, b, c); }
inline lanes sqrt(lanes a) { return _mm512_sqrt_ps(a); }
inline lanes min(lanes a, lanes b) { return _mm512_min_ps(a, b); }
inline lanes max(lanes a, lanes b) { return _mm512_max_ps(a, b); }

inline mask less(lanes a, lanes b) { return _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ); }
inline mask less_equal(lanes a, lanes b) { return _mm512_cmp_ps_mask(a, b, _CMP_LE_OQ); }
inline mask is_nan(lanes a) { return _mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q); }
inline lanes select(mask m, lanes a, lanes b) { return _mm512_mask_blend_ps(m, b, a); }

inline ints to_ints(lanes a) { return (ints)_mm512_cvtps_epi32(a); }
inline lanes to_lanes(ints a) { return _mm512_cvtepi32_ps((__m512i)a); }

inline float hsum(lanes v) {
  const __m256 y = _mm256_add_ps(_mm512_castps512_ps256(v), _mm512_extractf32x8_ps(v, 1));
  __m128 x = _mm_add_ps(_mm256_castps256_ps128(y), _mm256_extractf128_ps(y, 1));
  x = _mm_add_ps(x, _mm_movehl_ps(x, x));
  return _mm_cvtss_f32(_mm_add_ss(x, _mm_shuffle_ps(x, x, 1)));
}

constexpr ints zip_order = {0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23};
inline lanes zip_low(lanes a, lanes b) { return _mm512_permutex2var_ps(a, (__m512i)zip_order, b); }
inline lanes zip_high(lanes a, lanes b) {
  return _mm512_permutex2var_ps(a, (__m512i)(zip_order + 8), b);
}

}}}}  // namespace cairn::CAIRN_PRECISION::ISA
