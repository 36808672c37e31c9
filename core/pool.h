#pragma once
// The pool of memory blocks behind the tensors. It keeps freed blocks for the next tensor of about
// that size; core/storage.h says why, and declares its statistics.
#include <cstdint>

#include "core/real.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// A block of at least `bytes` bytes; `bytes` becomes its size. Error if there is no memory.
void* take_block(int64_t& bytes);
void return_block(void* block, int64_t bytes);

}}  // namespace cairn::CAIRN_PRECISION
