// One growing buffer per thread and slot, freed when the thread ends.
#include "core/kernels/scratch.h"

#include <string>

#include "core/block.h"
#include "core/error.h"

namespace cairn {
namespace {

struct Buffers {
  void* data[scratch_slots] = {};
  int64_t bytes[scratch_slots] = {};
  ~Buffers() {
    for (int slot = 0; slot < scratch_slots; ++slot) free_block(data[slot], bytes[slot]);
  }
};

thread_local Buffers buffers;

}  // namespace

void* scratch(ScratchSlot slot, int64_t bytes) {
  Buffers& b = buffers;
  if (bytes <= b.bytes[slot]) return b.data[slot];
  const int64_t rounded = (bytes + bytes / 4 + 4095) / 4096 * 4096;  // with room to grow
  free_block(b.data[slot], b.bytes[slot]);
  b.bytes[slot] = 0;
  b.data[slot] = new_block(rounded);
  if (!b.data[slot])
    fail("kernels", "no memory for " + std::to_string(rounded) + " bytes of working space",
         "use a smaller batch");
  b.bytes[slot] = rounded;
  return b.data[slot];
}

}  // namespace cairn
