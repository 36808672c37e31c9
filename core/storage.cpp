// The pool of memory blocks behind the tensors.
#include "core/storage.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/autograd/observer.h"
#include "core/error.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

#ifdef CAIRN_NO_POOL
constexpr bool pooled = false;  // under a sanitizer, which should see each block's own lifetime
#else
constexpr bool pooled = true;
#endif
constexpr int64_t alignment = 64;
constexpr int64_t max_bytes = int64_t{1} << 46;  // about what a 64-bit machine can address

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
int64_t block_bytes(int64_t numbers) {
  const int64_t bytes = std::max<int64_t>(numbers * static_cast<int64_t>(sizeof(real)), alignment);
  int64_t step = alignment;
  while (step * 16 < bytes) step *= 2;
  return (bytes + step - 1) / step * step;
}

// Large blocks are mapped: when freed they return to the operating system, and they ask for huge
// pages, where one entry of the page table covers 2 MB instead of 4 KB.
constexpr int64_t huge_page = 2 << 20;

void* mapped_block(int64_t bytes) {
  const auto size = static_cast<size_t>(bytes + huge_page);  // with room to align it
  void* start = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED) return nullptr;
  char* const first = static_cast<char*>(start);
  const auto past = static_cast<int64_t>(reinterpret_cast<uintptr_t>(first) % huge_page);
  const auto head = static_cast<size_t>(past ? huge_page - past : 0);
  if (head) munmap(first, head);
  const size_t tail = static_cast<size_t>(huge_page) - head;
  if (tail) munmap(first + size - tail, tail);
#ifdef MADV_HUGEPAGE
  madvise(first + head, static_cast<size_t>(bytes), MADV_HUGEPAGE);
#endif
  return first + head;
}

bool is_mapped(int64_t bytes) { return pooled && bytes >= huge_page; }

void* new_block(int64_t bytes) {
  return is_mapped(bytes) ? mapped_block(bytes)
                          : std::aligned_alloc(alignment, static_cast<size_t>(bytes));
}

void free_block(void* block, int64_t bytes) {
  if (is_mapped(bytes)) munmap(block, static_cast<size_t>(bytes));
  else std::free(block);
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

Storage::Storage(int64_t numbers) : size(numbers) {
  if (numbers < 0 || numbers > max_bytes / static_cast<int64_t>(sizeof(real)))
    fail("memory", "a tensor of " + std::to_string(numbers) + " numbers was asked for",
         "check the sizes that make up its shape");
  block = block_bytes(numbers);
  {
    Pool& p = pool();
    std::lock_guard lock(p.mutex);
    void* found = fitting_block(p, block);
    data = static_cast<real*>(found ? found : allocate(p, block));
    p.statistics.in_use += block;
    p.statistics.peak = std::max(p.statistics.peak, p.statistics.in_use);
  }
  for (Observer* o = observers; o; o = o->next) o->born(*this);
}

Storage::~Storage() {
  for (Observer* o = observers; o; o = o->next) o->died(*this);
  Pool& p = pool();
  std::lock_guard lock(p.mutex);
  p.statistics.in_use -= block;
  if (pooled) {
    p.free[block].push_back(data);
    p.statistics.cached += block;
  } else {
    free_block(data, block);
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
