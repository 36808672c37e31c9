#pragma once
// The function of this exercise, in its three places. The reader's is the library's own.
#include <string_view>
#include <vector>

#include "text/bert_words.h"
#include "tutorials/check/check.h"

using SplitWords = void(std::string_view text, const cairn::BertWordOptions& options,
                        cairn::Words& words);

namespace mistakes {
SplitWords split_words;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<SplitWords>> list;
}
