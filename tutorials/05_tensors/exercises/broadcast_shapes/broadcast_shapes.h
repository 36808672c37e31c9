#pragma once
// The function of this exercise, in its three places. The reader's is the library's own.
#include <vector>

#include "core/shape.h"
#include "tutorials/check/check.h"

using cairn::Shape;
using cairn::Where;
using Broadcast = Shape(const Shape& a, const Shape& b, const char* op, Where where);

namespace mistakes {
Broadcast broadcast;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<Broadcast>> list;
}
