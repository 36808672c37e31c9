#pragma once
// Four floats at a time: the Advanced SIMD of 64-bit Arm. What each function promises is said in
// lanes.h. hsum adds lanes 0 and 2, 1 and 3, then the two sums.
#include <arm_neon.h>
#include <stdint.h>

namespace cairn { inline namespace CAIRN_PRECISION { namespace ISA { namespace {

constexpr const char* name = "neon";
constexpr int width = 4;
// gemm's tile, 12 x 8: of the 32 registers it takes 24 for sums, 2 for b and 3 or more for a. A
// multiply-add takes 4 cycles and up to four begin in each, so 16 independent sums are needed.
constexpr int tile_rows = 12, tile_vectors = 2;
using lanes = float32x4_t;
using mask = uint32x4_t;
using ints = int32_t __attribute__((vector_size(16)));
using uints = uint32_t __attribute__((vector_size(16)));

constexpr ints index = {0, 1, 2, 3};

inline mask first(int64_t n) { return (mask)(index < (int32_t)n); }

inline lanes splat(float x) { return vdupq_n_f32(x); }
inline lanes load(const float* p) { return vld1q_f32(p); }
inline lanes load_some(const float* p, int64_t n) {
  const float some[4] = {n > 0 ? p[0] : 0, n > 1 ? p[1] : 0, n > 2 ? p[2] : 0, n > 3 ? p[3] : 0};
  return vld1q_f32(some);
}
inline void store(float* p, lanes v) { vst1q_f32(p, v); }
inline void store_some(float* p, lanes v, int64_t n) {
  for (int64_t i = 0; i < n && i < width; i++) p[i] = v[i];
}

inline lanes add(lanes a, lanes b) { return vaddq_f32(a, b); }
inline lanes sub(lanes a, lanes b) { return vsubq_f32(a, b); }
inline lanes mul(lanes a, lanes b) { return vmulq_f32(a, b); }
inline lanes div(lanes a, lanes b) { return vdivq_f32(a, b); }
inline lanes fma(lanes a, lanes b, lanes c) { return vfmaq_f32(c, a, b); }
inline lanes sqrt(lanes a) { return vsqrtq_f32(a); }
inline lanes min(lanes a, lanes b) { return vbslq_f32(vcltq_f32(a, b), a, b); }
inline lanes max(lanes a, lanes b) { return vbslq_f32(vcltq_f32(b, a), a, b); }

inline mask less(lanes a, lanes b) { return vcltq_f32(a, b); }
inline mask less_equal(lanes a, lanes b) { return vcleq_f32(a, b); }
inline mask is_nan(lanes a) { return vmvnq_u32(vceqq_f32(a, a)); }
inline lanes select(mask m, lanes a, lanes b) { return vbslq_f32(m, a, b); }

inline ints to_ints(lanes a) { return (ints)vcvtnq_s32_f32(a); }
inline lanes to_lanes(ints a) { return vcvtq_f32_s32((int32x4_t)a); }

inline float hsum(lanes v) { return (v[0] + v[2]) + (v[1] + v[3]); }

inline lanes zip_low(lanes a, lanes b) { return vzip1q_f32(a, b); }
inline lanes zip_high(lanes a, lanes b) { return vzip2q_f32(a, b); }

}}}}  // namespace cairn::CAIRN_PRECISION::ISA
