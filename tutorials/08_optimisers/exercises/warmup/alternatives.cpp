// Other ways to write it, as good.
#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "tutorials/08_optimisers/exercises/warmup/warmup.h"

namespace alternatives {
namespace {

void check_counts(int64_t step, int64_t warmup, int64_t total) {
  if (std::min({step, warmup, total}) < 0) throw std::invalid_argument("negative");
}

// As Transformers has it: max(0, ...) ends it, max(1, ...) saves the division.
double as_in_transformers(int64_t step, int64_t warmup, int64_t total) {
  check_counts(step, warmup, total);
  const auto at_least_1 = [](int64_t n) { return static_cast<double>(std::max<int64_t>(1, n)); };
  if (step < warmup) return static_cast<double>(step) / at_least_1(warmup);
  return std::max(0.0, static_cast<double>(total - step) / at_least_1(total - warmup));
}

// The lower of two lines.
double lower_of_two(int64_t step, int64_t warmup, int64_t total) {
  check_counts(step, warmup, total);
  const long double s = static_cast<long double>(step), w = static_cast<long double>(warmup);
  const long double up = step < warmup ? s / w : 1;
  const bool climbing = step < warmup, over = step >= total;
  const long double t = static_cast<long double>(total);
  const long double down = climbing ? 1 : over ? 0 : 1 - (s - w) / (t - w);
  return static_cast<double>(std::min(up, down));
}

// Between the two ends of the line that the step is on.
double between(double from, double to, int64_t done, int64_t of) {
  return std::lerp(from, to, of == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(of));
}
double by_lines(int64_t step, int64_t warmup, int64_t total) {
  check_counts(step, warmup, total);
  if (step < warmup) return between(0, 1, step, warmup);
  const int64_t length = std::max<int64_t>(0, total - warmup);
  return between(1, 0, std::min(step - warmup, length), length);
}

}  // namespace

const std::vector<check::Alternative<Factor>> list = {
    {"as in Transformers", as_in_transformers},
    {"the lower of two lines", lower_of_two},
    {"between the ends of a line", by_lines},
};

}  // namespace alternatives
