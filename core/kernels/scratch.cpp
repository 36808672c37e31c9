// One growing buffer per thread and slot, freed when the thread ends. Large ones ask for huge
// pages, because packed panels are read faster than a CPU can look up small ones.
#include "core/kernels/scratch.h"

#include <sys/mman.h>

#include <cstdlib>
#include <string>

#include "core/error.h"

namespace cairn {
namespace {

constexpr int64_t huge_page = 2 << 20;  // bytes: that of x86-64, and of Arm with pages of 4 KB

struct Buffers {
  void* data[scratch_slots] = {};
  int64_t bytes[scratch_slots] = {};
  ~Buffers() {
    for (void* p : data) std::free(p);
  }
};

thread_local Buffers buffers;

}  // namespace

void* scratch(ScratchSlot slot, int64_t bytes) {
  Buffers& b = buffers;
  if (bytes <= b.bytes[slot]) return b.data[slot];
  const int64_t page = bytes < huge_page ? 4096 : huge_page;
  const int64_t rounded = (bytes + bytes / 4 + page - 1) / page * page;  // with room to grow
  std::free(b.data[slot]);
  b.bytes[slot] = 0;
  b.data[slot] = std::aligned_alloc(static_cast<size_t>(page), static_cast<size_t>(rounded));
  if (!b.data[slot])
    fail("kernels", "no memory for " + std::to_string(rounded) + " bytes of working space",
         "use a smaller batch");
#ifdef MADV_HUGEPAGE
  if (page == huge_page) madvise(b.data[slot], static_cast<size_t>(rounded), MADV_HUGEPAGE);
#endif
  b.bytes[slot] = rounded;
  return b.data[slot];
}

}  // namespace cairn
