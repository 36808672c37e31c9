#pragma once
// The function of this exercise, in its three places. The reader's is the library's own.
#include <vector>

#include "text/more/masked_lm.h"
#include "tutorials/check/check.h"

using cairn::BertTokenizer;
using cairn::Ids;
using cairn::MaskedTokens;
using cairn::MaskingOptions;
using cairn::Random;
using MaskTokens = MaskedTokens(const Ids& ids, const BertTokenizer& tokenizer, Random& random,
                                const MaskingOptions& options);

namespace mistakes {
MaskTokens mask_tokens;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<MaskTokens>> list;
}
