// Whether a text is UTF-8, in the place of the library's function; task.md in
// tutorials/09_tokens/exercises/utf8_error says what is asked.
#include <cstdint>
#include <string_view>

#include "core/io/utf8.h"

namespace cairn {

// The offset of the first character that is not valid UTF-8, or -1 if all are.
int64_t utf8_error(std::string_view text) {
  // TODO
  (void)text;
  return -1;
}

}  // namespace cairn
