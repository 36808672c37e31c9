// The factor of the learning rate, in the place of the library's.
#include <cstdint>

#include "core/error.h"
#include "optim/linear_schedule.h"

namespace cairn {

// From 0 up to 1 at step `warmup`, then down to 0 at step `total`, in straight lines. An exception if
// one of the three is negative.
double linear_with_warmup(int64_t step, int64_t warmup, int64_t total) {
  if (step < 0 || warmup < 0 || total < 0) fail("schedule", "a number of steps is negative");
  if (step < warmup) return static_cast<double>(step) / static_cast<double>(warmup);
  if (step >= total) return 0;
  return static_cast<double>(total - step) / static_cast<double>(total - warmup);
}

}  // namespace cairn
