#pragma once
// The function of this exercise, in its three places. The reader's is the library's own.
#include <vector>

#include "text/batches.h"
#include "tutorials/check/check.h"

using cairn::Batch;
using cairn::Encoding;
using cairn::Ids;
using cairn::Rows;
using MakeBatch = Batch(const std::vector<Encoding>& encodings, const std::vector<int32_t>& labels,
                        const std::vector<int64_t>& indices);

namespace mistakes {
MakeBatch make_batch;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<MakeBatch>> list;
}
