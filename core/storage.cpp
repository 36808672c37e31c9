#include "core/storage.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>

#include "core/error.h"

namespace cairn::inline CAIRN_PRECISION {
namespace {

constexpr int64_t alignment = 64;
constexpr int64_t largest = int64_t{1} << 46;  // bytes; what a 64-bit machine can address at most

// Blocks that are free, by size. Never destroyed: a static tensor may outlive any static pool.
struct Pool {
  std::mutex mutex;
  std::multimap<int64_t, void*> free;
  PoolStatistics statistics;
};

Pool& pool() {
  static Pool* the_pool = new Pool;
  return *the_pool;
}

// Sizes in steps of an eighth of a power of two, so that nearly equal sizes share blocks.
int64_t block_bytes(int64_t numbers) {
  const int64_t bytes = std::max<int64_t>(numbers * static_cast<int64_t>(sizeof(real)), alignment);
  int64_t step = alignment;
  while (step * 16 < bytes) step *= 2;
  return (bytes + step - 1) / step * step;
}

void free_cached(Pool& p) {
  for (auto& [bytes, block] : p.free) std::free(block);
  p.free.clear();
  p.statistics.cached = 0;
}

// Large blocks ask for huge pages: one page table entry then covers 2 MB instead of 4 KB.
void* aligned_block(int64_t bytes) {
  constexpr int64_t huge_page = 2 << 20;
  void* block = nullptr;
  const int64_t align = bytes < huge_page ? alignment : huge_page;
  if (posix_memalign(&block, static_cast<size_t>(align), static_cast<size_t>(bytes)) != 0)
    return nullptr;
#ifdef MADV_HUGEPAGE
  if (align == huge_page) madvise(block, static_cast<size_t>(bytes), MADV_HUGEPAGE);
#endif
  return block;
}

void* allocate(Pool& p, int64_t bytes) {
  void* block = aligned_block(bytes);
  if (!block) {
    free_cached(p);
    block = aligned_block(bytes);
  }
  if (!block)
    fail("memory", "no memory for a tensor of " + std::to_string(bytes >> 20) + " MB",
         "a smaller batch, a shorter maximum length or a smaller model needs less");
  return block;
}

}  // namespace

Storage::Storage(int64_t numbers) : size(numbers) {
  if (numbers < 0 || numbers > largest / static_cast<int64_t>(sizeof(real)))
    fail("memory", "a tensor of " + std::to_string(numbers) + " numbers was asked for",
         "check the sizes that make up its shape");
  block = block_bytes(numbers);
  Pool& p = pool();
  std::lock_guard lock(p.mutex);
  // The smallest free block that is large enough, unless it would waste more than half its size.
  if (auto found = p.free.lower_bound(block); found != p.free.end() && found->first <= 2 * block) {
    block = found->first;
    data = static_cast<real*>(found->second);
    p.free.erase(found);
    p.statistics.cached -= block;
  } else {
    data = static_cast<real*>(allocate(p, block));
  }
  p.statistics.in_use += block;
  p.statistics.peak = std::max(p.statistics.peak, p.statistics.in_use);
}

Storage::~Storage() {
  Pool& p = pool();
  std::lock_guard lock(p.mutex);
  p.statistics.in_use -= block;
#ifdef CAIRN_NO_POOL  // under a sanitizer, which should see each block's own lifetime
  std::free(data);
#else
  p.free.emplace(block, data);
  p.statistics.cached += block;
#endif
}

PoolStatistics pool_statistics() {
  std::lock_guard lock(pool().mutex);
  return pool().statistics;
}

void release_cached_memory() {
  std::lock_guard lock(pool().mutex);
  free_cached(pool());
}

}  // namespace cairn::inline CAIRN_PRECISION
