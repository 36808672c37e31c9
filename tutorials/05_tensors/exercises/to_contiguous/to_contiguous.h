#pragma once
// The function of this exercise, in its three places.
#include <vector>

#include "core/shape.h"
#include "tutorials/check/check.h"

using cairn::real;
using cairn::Shape;
using ToContiguous = void(real* y, const real* x, const Shape& shape, const Shape& strides);

namespace mine {
ToContiguous to_contiguous;
}
namespace mistakes {
ToContiguous to_contiguous;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<ToContiguous>> list;
}
