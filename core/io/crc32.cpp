// CRC-32 is the remainder of a polynomial division over bits, with the reflected polynomial
// 0xEDB88320. Tables hold the remainder of each byte value: tables[0] for a byte at the end,
// tables[k] for a byte with k zero bytes after it. As remainders combine by XOR, eight bytes
// are done in one step by eight independent look-ups ("slicing by 8", Kounavis and Berry).
#include "core/io/crc32.h"

#include <array>

namespace cairn {
namespace {

using Tables = std::array<std::array<uint32_t, 256>, 8>;

constexpr Tables make_tables() {
  Tables tables{};
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t remainder = byte;
    for (int bit = 0; bit < 8; bit++)
      remainder = (remainder >> 1) ^ (remainder & 1 ? 0xEDB88320u : 0u);
    tables[0][byte] = remainder;
  }
  for (size_t k = 1; k < 8; k++)
    for (size_t byte = 0; byte < 256; byte++) {
      const uint32_t before = tables[k - 1][byte];
      tables[k][byte] = (before >> 8) ^ tables[0][before & 0xFF];
    }
  return tables;
}

constexpr Tables tables = make_tables();

uint32_t little_endian(const unsigned char* s) {
  return static_cast<uint32_t>(s[0]) | static_cast<uint32_t>(s[1]) << 8 |
         static_cast<uint32_t>(s[2]) << 16 | static_cast<uint32_t>(s[3]) << 24;
}

}  // namespace

uint32_t crc32(const void* bytes, size_t size, uint32_t crc) {
  const auto* s = static_cast<const unsigned char*>(bytes);
  crc = ~crc;
  for (; size >= 8; size -= 8, s += 8) {
    const uint32_t a = little_endian(s) ^ crc, b = little_endian(s + 4);
    crc = tables[7][a & 0xFF] ^ tables[6][(a >> 8) & 0xFF] ^ tables[5][(a >> 16) & 0xFF] ^
          tables[4][a >> 24] ^ tables[3][b & 0xFF] ^ tables[2][(b >> 8) & 0xFF] ^
          tables[1][(b >> 16) & 0xFF] ^ tables[0][b >> 24];
  }
  for (; size > 0; size--, s++) crc = (crc >> 8) ^ tables[0][(crc ^ *s) & 0xFF];
  return ~crc;
}

}  // namespace cairn
