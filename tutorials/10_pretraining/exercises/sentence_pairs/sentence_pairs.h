#pragma once
// The function of this exercise, in its three places. The reader's is the library's own.
#include <vector>

#include "text/more/masked_lm.h"
#include "tutorials/check/check.h"

using cairn::Passage;
using cairn::Random;
using cairn::SentencePair;
using SentencePairs = std::vector<SentencePair>(const std::vector<Passage>& passages,
                                                Random& random);

namespace mistakes {
SentencePairs sentence_pairs;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<SentencePairs>> list;
}
