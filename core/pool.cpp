// Which block a tensor gets, and which ones are kept.
#include "core/pool.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/block.h"
#include "core/error.h"
#include "core/storage.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

#ifdef CAIRN_NO_POOL
constexpr bool pooled = false;  // under a sanitizer, which should see each block's own lifetime
#else
constexpr bool pooled = true;
#endif

// Blocks that are free, by size; sizes are few, and stay when their last block is taken. Never
// destroyed: a static tensor may outlive any static pool.
struct Pool {
  std::mutex mutex;
  std::map<int64_t, std::vector<void*>> free;
  PoolStatistics statistics;
};

Pool& pool() {
  static Pool* the_pool = new Pool;
  return *the_pool;
}

// Sizes in steps of an eighth of a power of two, so that nearly equal sizes share blocks.
int64_t block_size(int64_t bytes) {
  bytes = std::max(bytes, block_alignment);
  int64_t step = block_alignment;
  while (step * 16 < bytes) step *= 2;
  return (bytes + step - 1) / step * step;
}

// Returns cached blocks of at most `wanted` bytes, the largest first, until `wanted` are returned.
void give_back(Pool& p, int64_t wanted) {
  int64_t given = 0;
  for (auto next = p.free.upper_bound(wanted); next != p.free.begin() && given < wanted;) {
    auto& [bytes, blocks] = *--next;
    for (; !blocks.empty() && given < wanted; given += bytes) {
      free_block(blocks.back(), bytes);
      blocks.pop_back();
    }
  }
  p.statistics.cached -= given;
}

// The smallest free block that is large enough, unless it would waste more than half its size; its
// size goes to `bytes`. Null if there is none.
void* fitting_block(Pool& p, int64_t& bytes) {
  for (auto at = p.free.lower_bound(bytes); at != p.free.end() && at->first <= 2 * bytes; ++at) {
    if (at->second.empty()) continue;
    void* block = at->second.back();
    at->second.pop_back();
    bytes = at->first;
    p.statistics.cached -= bytes;
    return block;
  }
  return nullptr;
}

// A new block replaces smaller cached ones of the same total size, so that batches of ever-changing
// sizes do not fill the memory with blocks that are not asked for again.
void* allocate(Pool& p, int64_t bytes) {
  give_back(p, bytes);
  void* block = new_block(bytes);
  if (!block) {
    give_back(p, p.statistics.cached);
    block = new_block(bytes);
  }
  if (!block)
    fail("memory", "no memory for a tensor of " + std::to_string(bytes >> 20) + " MB",
         "a smaller batch, a shorter maximum length or a smaller model needs less");
  return block;
}

}  // namespace

void* take_block(int64_t& bytes) {
  bytes = block_size(bytes);
  Pool& p = pool();
  std::lock_guard lock(p.mutex);
  void* block = fitting_block(p, bytes);
  if (!block) block = allocate(p, bytes);
  p.statistics.in_use += bytes;
  p.statistics.peak = std::max(p.statistics.peak, p.statistics.in_use);
  return block;
}

void return_block(void* block, int64_t bytes) {
  Pool& p = pool();
  std::lock_guard lock(p.mutex);
  p.statistics.in_use -= bytes;
  if (pooled) {
    p.free[bytes].push_back(block);
    p.statistics.cached += bytes;
  } else {
    free_block(block, bytes);
  }
}

PoolStatistics pool_statistics() {
  std::lock_guard lock(pool().mutex);
  return pool().statistics;
}

void release_cached_memory() {
  std::lock_guard lock(pool().mutex);
  give_back(pool(), pool().statistics.cached);
}

}}  // namespace cairn::CAIRN_PRECISION
