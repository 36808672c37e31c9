#pragma once
// The function of this exercise, in its three places. The reader's is the library's own.
#include <vector>

#include "core/ops/axes.h"
#include "tutorials/check/check.h"

using cairn::real;
using cairn::Shape;
using cairn::Tensor;
using Unbroadcast = Tensor(const Tensor& x, const Shape& shape);

namespace mistakes {
Unbroadcast unbroadcast;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Unbroadcast>> list;
}
