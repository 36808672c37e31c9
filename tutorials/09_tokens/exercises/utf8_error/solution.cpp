// Whether a text is UTF-8, in the place of the library's function.
#include <cstdint>
#include <string_view>

#include "core/io/utf8.h"

namespace cairn {

// The offset of the first character that is not valid UTF-8, or -1 if all are.
int64_t utf8_error(std::string_view text) {
  constexpr char32_t least[] = {0, 0x80, 0x800, 0x10000};
  size_t begin = 0;
  while (begin < text.size()) {
    const auto first = static_cast<unsigned char>(text[begin]);
    if (first < 0x80) {
      ++begin;
      continue;
    }
    const size_t more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    bool valid = (first & 0xC0) == 0xC0 && first < 0xF8 && text.size() - begin > more;
    char32_t number = first & (0x3Fu >> more);
    for (size_t i = 1; valid && i <= more; ++i) {
      const auto byte = static_cast<unsigned char>(text[begin + i]);
      valid = (byte & 0xC0) == 0x80;
      number = number << 6 | (byte & 0x3F);
    }
    valid = valid && number >= least[more] && number <= 0x10FFFF;
    valid = valid && (number < 0xD800 || number > 0xDFFF);
    if (!valid) return static_cast<int64_t>(begin);
    begin += more + 1;
  }
  return -1;
}

}  // namespace cairn
