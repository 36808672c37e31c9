#pragma once
// The function of this exercise, in its three places.
#include <vector>

#include "text/bert_tokenizer.h"
#include "tutorials/10_pretraining/exercises/collate/padded_batch.h"
#include "tutorials/check/check.h"

using cairn::Encoding;
using cairn::Ids;
using Collate = PaddedBatch(const std::vector<Encoding>& texts, int32_t pad);

namespace mine {
Collate collate;
}
namespace mistakes {
Collate collate;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Collate>> list;
}
