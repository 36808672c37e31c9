#pragma once
// Which rows of a data set share a batch, and in what order they come: lists of row numbers,
// decided before anything is computed.
#include <cstdint>
#include <vector>

#include "core/random.h"

namespace cairn {

// Row numbers, batch by batch.
using Batches = std::vector<std::vector<int64_t>>;

std::vector<int64_t> sequential_order(int64_t n);  // 0, 1, ..., n - 1
std::vector<int64_t> shuffled_order(int64_t n, Random& random);  // the same in random order

// Cuts an order into batches of batch_size rows; the last may be smaller. Error if batch_size < 1.
Batches batches_of(const std::vector<int64_t>& order, int64_t batch_size);

// A generator for what is drawn anew in each epoch, so that no state need be kept for it.
Random random_of_epoch(uint64_t seed, int64_t epoch);

}  // namespace cairn
