#pragma once
// CRC-32, the checksum of zlib, gzip and PNG: equal to Python's zlib.crc32.
#include <cstddef>
#include <cstdint>

namespace cairn {

// The checksum of `size` bytes. To continue after an earlier part, pass that part's checksum as
// `crc`: crc32(b, nb, crc32(a, na)) is the checksum of a followed by b.
uint32_t crc32(const void* bytes, size_t size, uint32_t crc = 0);

}  // namespace cairn
