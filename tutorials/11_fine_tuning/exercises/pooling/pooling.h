#pragma once
// The function of this exercise, in its three places.
#include <vector>

#include "core/ids.h"
#include "core/tensor.h"
#include "tutorials/check/check.h"

using cairn::Ids;
using cairn::real;
using cairn::Tensor;

enum class Pool { cls, mean };
using Pooling = Tensor(const Tensor& hidden, const Ids& mask, Pool pool);

namespace mine {
Pooling pooling;
}
namespace mistakes {
Pooling pooling;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Pooling>> list;
}
