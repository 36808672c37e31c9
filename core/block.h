#pragma once
// Blocks of memory, as the operating system gives them: for the numbers of tensors and for the
// working space of kernels.
#include <cstdint>

namespace cairn {

constexpr int64_t block_alignment = 64;  // bytes: a cache line, and the widest vector

// `bytes` is a multiple of block_alignment, from 2 MB on one of 4 KB. Null if there is no memory.
void* new_block(int64_t bytes);
void free_block(void* block, int64_t bytes);  // of as many bytes as it was made with

}  // namespace cairn
