#pragma once
// Learning-rate schedules: pure functions of the step, counted from 0, that give the factor for the
// base rate, as Transformers' get_..._schedule_with_warmup do. During the first `warmup` steps the
// factor climbs from 0 to 1; the first step of a training with warm-up so has rate 0.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace cairn {

// step / warmup, at most 1.
inline double constant_with_warmup(int64_t step, int64_t warmup) {
  if (step >= warmup) return 1;
  return static_cast<double>(step) / static_cast<double>(warmup);
}

// Then down to 0 at step `total`, in a straight line.
inline double linear_with_warmup(int64_t step, int64_t warmup, int64_t total) {
  if (step < warmup) return constant_with_warmup(step, warmup);
  const int64_t left = std::max<int64_t>(0, total - step);
  return static_cast<double>(left) / static_cast<double>(std::max<int64_t>(1, total - warmup));
}

// Then down to 0 at step `total`, along `cycles` waves of a cosine; half a wave is the usual.
inline double cosine_with_warmup(int64_t step, int64_t warmup, int64_t total, double cycles = 0.5) {
  if (step < warmup) return constant_with_warmup(step, warmup);
  const double done = static_cast<double>(step - warmup) /
                      static_cast<double>(std::max<int64_t>(1, total - warmup));
  return std::max(0.0, 0.5 * (1 + std::cos(std::numbers::pi * cycles * 2 * done)));
}

}  // namespace cairn
