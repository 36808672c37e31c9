#pragma once
// The learning-rate schedules that BERT's fine-tuning does not need, as torch.optim.lr_scheduler
// and Transformers' get_..._schedule_with_warmup give them; optim/linear_schedule.h says what all
// have in common. (One that watches a metric is in optim/more/plateau.h.) cosine_schedule goes on
// past `total`: its wave has no end.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "core/check.h"
#include "optim/linear_schedule.h"

namespace cairn {

// ---- From 1 to `end`, over `total` steps.

// (1 - done)^power, scaled to [end, 1] (PolynomialLR; Transformers' polynomial: lr_end / lr).
inline double polynomial_schedule(int64_t step, int64_t total, double power = 1, double end = 0) {
  check_finite("schedule", "power", power);
  check_finite("schedule", "end", end);
  return end + (1 - end) * std::pow(1 - fraction_done(step, total), power);
}

// Half a wave, from 1 to `end` (CosineAnnealingLR: T_max, eta_min / lr).
inline double cosine_schedule(int64_t step, int64_t total, double end = 0) {
  check_finite("schedule", "end", end);
  const double done = step_count("step", step) / std::max(1.0, step_count("total", total));
  return end + (1 - end) * (1 + std::cos(std::numbers::pi * done)) / 2;
}

// `cycles` half waves of one length, each from 1 to 0 (Transformers' cosine with hard restarts).
inline double cosine_hard_restarts_schedule(int64_t step, int64_t total, double cycles = 1) {
  check_finite("schedule", "cycles", cycles);
  const double done = fraction_done(step, total);
  if (done >= 1) return 0;
  const double in_cycle = std::fmod(cycles * done, 1.0);
  return std::max(0.0, (1 + std::cos(std::numbers::pi * in_cycle)) / 2);
}

// ---- Without an end.

// Half waves from 1 to `end`, the first over `first` steps, each next one `growth` times as long
// (SGDR, Loshchilov & Hutter 2017; CosineAnnealingWarmRestarts: T_0, T_mult, eta_min / lr).
inline double cosine_warm_restarts_schedule(int64_t step, int64_t first, int64_t growth = 1,
                                            double end = 0) {
  check_count("schedule", "first", first);
  check_count("schedule", "growth", growth);
  int64_t length = std::max<int64_t>(1, first);
  if (growth <= 1) {
    step %= length;
  } else {
    while (step >= length) {
      step -= length;
      length = length > INT64_MAX / growth ? INT64_MAX : length * growth;
    }
  }
  return cosine_schedule(step, length, end);
}

// gamma^step (ExponentialLR)
inline double exponential_schedule(int64_t step, double gamma) {
  return std::pow(check_finite("schedule", "gamma", gamma), step_count("step", step));
}

// Times gamma every `size` steps (StepLR).
inline double step_schedule(int64_t step, int64_t size, double gamma = 0.1) {
  check_count("schedule", "step", step);
  check_count("schedule", "size", size);
  return exponential_schedule(step / std::max<int64_t>(1, size), gamma);
}

// Times gamma at each of the milestones (MultiStepLR).
inline double multi_step_schedule(int64_t step, const std::vector<int64_t>& milestones,
                                  double gamma = 0.1) {
  check_count("schedule", "step", step);
  const auto reached = [&](int64_t milestone) { return step >= milestone; };
  return exponential_schedule(std::count_if(milestones.begin(), milestones.end(), reached), gamma);
}

// d_model^-0.5 min(t^-0.5, t warmup^-1.5) with t = step + 1: climbs, then falls as 1 / sqrt(t)
// (Vaswani et al. 2017, section 5.3). The paper's base rate is 1.
inline double noam_schedule(int64_t step, int64_t d_model, int64_t warmup) {
  const double t = step_count("step", step) + 1, w = std::max(1.0, step_count("warmup", warmup));
  const double size = static_cast<double>(check_count("schedule", "d_model", d_model));
  return std::min(1 / std::sqrt(t), t / (w * std::sqrt(w))) / std::sqrt(std::max(1.0, size));
}

// ---- One cycle (Smith & Topin 2019; OneCycleLR). The base rate is the largest, max_lr.

struct OneCycle {
  double pct_start = 0.3;         // the part of the steps that climbs
  bool cosine = true;             // else straight lines
  bool three_phase = false;       // down as long as up, and then on
  double div_factor = 25;         // begins at 1 / div_factor
  double final_div_factor = 1e4;  // ends at 1 / div_factor / final_div_factor
};
// Up to 1 and down to nearly 0 within `total` steps.
inline double one_cycle_schedule(int64_t step, int64_t total, const OneCycle& c = {}) {
  check_not_negative("schedule", "pct_start", c.pct_start);
  const double begin = 1 / check_positive("schedule", "div_factor", c.div_factor);
  const double end = begin / check_positive("schedule", "final_div_factor", c.final_div_factor);
  const double last = step_count("total", total) - 1, s = std::min(step_count("step", step), last);
  const double up = c.pct_start * (last + 1) - 1, down = 2 * up;
  const auto between = [&](double from, double to, double start, double stop) {
    const double done = stop > start ? (s - start) / (stop - start) : 1;
    return from + (to - from) * (c.cosine ? (1 - std::cos(std::numbers::pi * done)) / 2 : done);
  };
  if (s <= up) return between(begin, 1, 0, up);
  if (!c.three_phase) return between(1, end, up, last);
  return s <= down ? between(1, begin, up, down) : between(begin, end, down, last);
}

// ---- Transformers' schedules, in one call.

// Up to 1, and there it stays.
inline double constant_with_warmup(int64_t step, int64_t warmup) {
  return with_warmup(step, warmup, [](int64_t) { return 1.0; });
}

// Down to 0 at step `total`, along `cycles` waves of a cosine; half a wave is the usual.
inline double cosine_with_warmup(int64_t step, int64_t warmup, int64_t total, double cycles = 0.5) {
  check_count("schedule", "total", total);
  check_finite("schedule", "cycles", cycles);
  return with_warmup(step, warmup, [&](int64_t s) {
    const double done =
        static_cast<double>(s) / static_cast<double>(std::max<int64_t>(1, total - warmup));
    return std::max(0.0, (1 + std::cos(2 * std::numbers::pi * cycles * done)) / 2);
  });
}

}  // namespace cairn
