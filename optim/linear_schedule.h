#pragma once
// Learning-rate schedules: pure functions of the step, counted from 0, that give the factor for the
// base rate, so there is no state to save. Here is the one of BERT's fine-tuning; the others are in
// optim/more/schedules.h. As get_linear_schedule_with_warmup in Transformers' optimization.py.
//
// Steps past `total` keep the last value. Error if a step or a number of steps is negative, or
// another number is NaN or infinite.
#include <cstdint>

#include "core/check.h"
#include "core/error.h"

namespace cairn {

// A count of steps, as a number.
inline double step_count(const char* name, int64_t count) {
  return static_cast<double>(check_count("schedule", name, count));
}

// Warm-up: the factor climbs from 0 at step 0 to 1 at step `warmup`, so a training with warm-up
// begins at rate 0. Any schedule may follow, from its own step 0 on:
//   with_warmup(step, 100, [](int64_t s) { return cosine_schedule(s, 900); })
template <class Schedule>
double with_warmup(int64_t step, int64_t warmup, const Schedule& schedule) {
  if (is_null_function(schedule)) fail("schedule", "the function is null", "what follows warm-up");
  if (step_count("step", step) < step_count("warmup", warmup))
    return static_cast<double>(step) / static_cast<double>(warmup);
  return schedule(step - warmup);
}

// The fraction of `total` steps that is done, at most 1; 1 if total is 0.
inline double fraction_done(int64_t step, int64_t total) {
  const double done = step_count("step", step), all = step_count("total", total);
  return step >= total ? 1 : done / all;
}

// From `begin` to `end` in a straight line over `total` steps (PyTorch's LinearLR: start_factor,
// end_factor, total_iters).
inline double linear_schedule(int64_t step, int64_t total, double begin = 1, double end = 0) {
  check_finite("schedule", "end - begin", end - begin);
  return begin + (end - begin) * fraction_done(step, total);
}

// Warm-up, then down to 0 at step `total` in a straight line.
double linear_with_warmup(int64_t step, int64_t warmup, int64_t total);

}  // namespace cairn
