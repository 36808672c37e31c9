#pragma once
// The two functions of this exercise, in their three places.
#include <cstdint>
#include <vector>

#include "tutorials/05_tensors/exercises/view_strides/layout.h"
#include "tutorials/check/check.h"

using Transposed = Layout(const Layout& x, int axis0, int axis1);
using Sliced = Layout(const Layout& x, int axis, int64_t start, int64_t stop, int64_t step);

struct ViewStrides {
  Transposed* transposed;
  Sliced* sliced;
};

namespace mine {
Transposed transposed;
Sliced sliced;
}  // namespace mine
namespace mistakes {
extern const ViewStrides functions;
extern const std::vector<check::Mistake> list;
}  // namespace mistakes
namespace alternatives {
extern const std::vector<check::Alternative<const ViewStrides>> list;
}
