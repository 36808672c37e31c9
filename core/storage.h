#pragma once
// Storage: numbers and nothing else. Shapes and strides belong to the tensors that view it; several
// may view one Storage, which is why writes are counted here.
#include <cstdint>
#include <memory>

#include "core/real.h"
#include "core/where.h"

namespace cairn { inline namespace CAIRN_PRECISION {

struct Storage {
  real* data = nullptr;  // 64-byte aligned, from the pool
  int64_t size = 0;      // in numbers
  int64_t block = 0;     // bytes of the pool's block, which may be larger
  int64_t version = 0;   // how often it was written since it was made
  Where written_at;      // the line that wrote last

  explicit Storage(int64_t size);  // uninitialised; Error if there is no memory
  ~Storage();
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
};

// The pool keeps freed blocks for the next tensor of about that size: training asks for the same
// sizes in every step, and asking the operating system each time costs a page fault per 4 KB.
struct PoolStatistics {
  int64_t in_use = 0;  // bytes that tensors hold now
  int64_t cached = 0;  // bytes kept for reuse
  int64_t peak = 0;    // the maximum of in_use so far
};
PoolStatistics pool_statistics();
void release_cached_memory();  // returns the cached blocks to the operating system

}}  // namespace cairn::CAIRN_PRECISION
