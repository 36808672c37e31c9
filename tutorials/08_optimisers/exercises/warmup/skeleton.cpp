// The factor of the learning rate, in the place of the library's; task.md in
// tutorials/08_optimisers/exercises/warmup says what is asked.
#include <cstdint>

#include "core/error.h"
#include "optim/linear_schedule.h"

namespace cairn {

// From 0 up to 1 at step `warmup`, then down to 0 at step `total`, in straight lines. An exception if
// one of the three is negative.
double linear_with_warmup(int64_t step, int64_t warmup, int64_t total) {
  // TODO
  (void)step, (void)warmup, (void)total;
  return 1;
}

}  // namespace cairn
