#pragma once
// The function of this exercise, in its three places. The reader's is the library's own.
#include <string_view>
#include <vector>

#include "text/wordpiece.h"
#include "tutorials/check/check.h"

using LongestMatch = void(std::string_view word, const cairn::WordPiece& vocabulary,
                          std::vector<int32_t>& ids);

namespace mistakes {
LongestMatch longest_match;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<LongestMatch>> list;
}
