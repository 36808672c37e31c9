// Ids that follow from a rule: counted up or down, or drawn.
#include <limits>

#include "core/error.h"
#include "core/ids.h"

namespace cairn {
namespace {

constexpr int64_t smallest = std::numeric_limits<int32_t>::min();
constexpr int64_t largest = std::numeric_limits<int32_t>::max();

// An id is an int32_t.
bool is_id(int64_t value) { return value >= smallest && value <= largest; }

void check_amount(int64_t values) {
  if (values > largest)
    fail("Ids", std::to_string(values) + " values asked for", "at most 2^31 - 1: ids count them");
}

}  // namespace

Ids Ids::arange(int64_t start, int64_t end, int64_t step) {
  const std::string call = "arange(" + std::to_string(start) + ", " + std::to_string(end) + ", " +
                           std::to_string(step) + ")";
  if (step == 0 || (start != end && (start < end) != (step > 0)))
    fail("Ids", call + " does not lead to its end", "a step above 0 counts up, below 0 down");
  if (start == end) return Ids(Shape{0}, {});
  const int64_t last = end - (step > 0 ? 1 : -1);  // the furthest value that it may reach
  if (!is_id(start) || !is_id(last))
    fail("Ids", call + " leaves the range of ids", "an id is a 32-bit number");
  const int64_t count = (last - start) / step + 1;
  check_amount(count);
  std::vector<int32_t> values = room(count);
  for (int64_t i = 0; i < count; ++i)
    values[static_cast<size_t>(i)] = static_cast<int32_t>(start + i * step);
  return Ids(std::move(values));
}

Ids Ids::randint(int64_t low, int64_t high, Shape shape, Random& random) {
  if (!(low < high) || !is_id(low) || !is_id(high - 1))
    fail("Ids", "randint in [" + std::to_string(low) + ", " + std::to_string(high) + ")",
         "low < high, both within 32 bits; high itself is not drawn");
  check_shape(shape, "Ids");
  check_amount(cairn::numel(shape));
  std::vector<int32_t> values = room(cairn::numel(shape));
  for (int32_t& value : values) value = static_cast<int32_t>(low + random.below(high - low));
  return Ids(shape, std::move(values));
}

}  // namespace cairn
