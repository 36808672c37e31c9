// One growing buffer per thread and slot, freed when the thread ends.
#include "core/kernels/scratch.h"

#include <cstdlib>
#include <string>

#include "core/error.h"

namespace cairn {
namespace {

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
  if (bytes > b.bytes[slot]) {
    std::free(b.data[slot]);
    const int64_t rounded = (bytes + bytes / 4 + 4095) / 4096 * 4096;  // room to grow, whole pages
    b.data[slot] = std::aligned_alloc(64, static_cast<size_t>(rounded));
    b.bytes[slot] = b.data[slot] ? rounded : 0;
    if (!b.data[slot])
      fail("kernels", "no memory for " + std::to_string(rounded) + " bytes of working space",
           "use a smaller batch");
  }
  return b.data[slot];
}

}  // namespace cairn
