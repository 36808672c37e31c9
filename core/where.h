#pragma once
// The user's line. Every public op takes a Where as its last argument, filled in by the compiler
// at the call, so that an error can quote the line that caused it. (std::source_location as a
// default argument reports the header's own line under clang 15; these builtins do not.)
#include <cstdint>

namespace cairn {

struct Where {
  const char* file = "";
  uint32_t line = 0;

  // The line of the call that has this as a default argument.
  static constexpr Where current(const char* file = __builtin_FILE(),
                                 uint32_t line = __builtin_LINE()) {
    return {file, line};
  }
};

}  // namespace cairn
