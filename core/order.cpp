// Orders of examples, and cutting them into batches.
#include "core/order.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "core/check.h"
#include "core/error.h"

namespace cairn {

std::vector<int64_t> sequential_order(int64_t n) {
  std::vector<int64_t> order(static_cast<size_t>(check_count("batches", "n", n, INT32_MAX)));
  std::iota(order.begin(), order.end(), 0);
  return order;
}

std::vector<int64_t> shuffled_order(int64_t n, Random& random) {
  std::vector<int64_t> order = sequential_order(n);
  random.shuffle(order);
  return order;
}

BatchIndices batches_of(const std::vector<int64_t>& order, int64_t batch_size) {
  if (batch_size < 1)
    fail("batches", "the batch size is " + std::to_string(batch_size), "it must be at least 1");
  BatchIndices batches;
  for (size_t begin = 0; begin < order.size();) {
    const size_t count = std::min(order.size() - begin, static_cast<size_t>(batch_size));
    batches.emplace_back(order.data() + begin, order.data() + begin + count);
    begin += count;
  }
  return batches;
}

Random random_of_epoch(uint64_t seed, int64_t epoch) {
  // Two rounds of mixing keep (seed, epoch) apart from (seed + 1, epoch - 1).
  return Random(mix_bits(mix_bits(seed + 1) + static_cast<uint64_t>(epoch)));
}

}  // namespace cairn
