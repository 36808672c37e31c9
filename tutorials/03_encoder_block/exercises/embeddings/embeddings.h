#pragma once
// The function of this exercise, in its three places.
#include <vector>

#include "core/ids.h"
#include "tutorials/check/check.h"

using cairn::Ids;
using cairn::real;
using cairn::Tensor;
using Embeddings = Tensor(const Ids& ids, const Ids& types, const Tensor& words,
                          const Tensor& positions, const Tensor& kinds);

namespace mine {
Embeddings embeddings;
}
namespace mistakes {
Embeddings embeddings;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Embeddings>> list;
}
