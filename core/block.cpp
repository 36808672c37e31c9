// Small blocks come from the C library, large ones from the operating system.
#include "core/block.h"

#include <sys/mman.h>

#include <cstdlib>

namespace cairn {
namespace {

// Large blocks are mapped: when freed they return to the operating system, and they ask for huge
// pages, where one entry of the page table covers 2 MB instead of 4 KB.
constexpr int64_t huge_page = 2 << 20;  // bytes: that of x86-64, and of Arm with pages of 4 KB
#ifdef CAIRN_NO_POOL
constexpr bool may_map = false;  // a sanitizer does not see what is mapped
#else
constexpr bool may_map = true;
#endif

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

bool is_mapped(int64_t bytes) { return may_map && bytes >= huge_page; }

}  // namespace

void* new_block(int64_t bytes) {
  return is_mapped(bytes) ? mapped_block(bytes)
                          : std::aligned_alloc(block_alignment, static_cast<size_t>(bytes));
}

void free_block(void* block, int64_t bytes) {
  if (is_mapped(bytes)) munmap(block, static_cast<size_t>(bytes));
  else std::free(block);
}

}  // namespace cairn
