#pragma once
// The function of this exercise, in its three places. The reader's is the library's own.
#include <string_view>
#include <vector>

#include "core/io/utf8.h"
#include "tutorials/check/check.h"

using Utf8Error = int64_t(std::string_view text);

namespace mistakes {
Utf8Error utf8_error;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Utf8Error>> list;
}
