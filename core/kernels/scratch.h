#pragma once
// Working memory for kernels, kept between calls so that none of them allocates in its stride.
// No STL here: kernel files include this header.
#include <stdint.h>

namespace cairn {

// What the memory is for. A kernel may hold several slots at once, but each slot only once.
enum ScratchSlot {
  scratch_panels_a,
  scratch_panels_b,
  scratch_partials,
  scratch_rows,
  scratch_slots
};

// At least `bytes` bytes, 64-byte aligned, uninitialised, of the calling thread's own; valid until
// this thread asks for the same slot again. Throws Error if there is no memory.
void* scratch(ScratchSlot slot, int64_t bytes);

}  // namespace cairn
