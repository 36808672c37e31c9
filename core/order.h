#pragma once
// Which examples of a data set share a batch, and in what order they come: lists of indices,
// decided before anything is computed.
#include <cstdint>
#include <vector>

#include "core/random.h"

namespace cairn {

// The indices of the examples, batch by batch.
using BatchIndices = std::vector<std::vector<int64_t>>;

std::vector<int64_t> sequential_order(int64_t n);                // 0, 1, ..., n - 1
std::vector<int64_t> shuffled_order(int64_t n, Random& random);  // the same, shuffled

// Cuts an order into batches of batch_size examples; the last may be smaller. Error if batch_size <
// 1.
BatchIndices batches_of(const std::vector<int64_t>& order, int64_t batch_size);

// The generator of an epoch: it follows from seed and epoch, so there is no state to save.
Random random_of_epoch(uint64_t seed, int64_t epoch);

}  // namespace cairn
