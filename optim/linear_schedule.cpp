// The schedule of BERT's fine-tuning.
#include "optim/linear_schedule.h"

#include <algorithm>

namespace cairn {

double linear_with_warmup(int64_t step, int64_t warmup, int64_t total) {
  check_count("schedule", "total", total);
  return with_warmup(step, warmup, [&](int64_t s) {
    return linear_schedule(s, std::max<int64_t>(0, total - warmup));
  });
}

}  // namespace cairn
