// The shape that two shapes broadcast to, in the place of the library's function.
#include <algorithm>

#include "core/error.h"
#include "core/shape.h"

namespace cairn {

// Sizes equal or 1, aligned at the last axis. Error that names both shapes if they do not fit.
Shape broadcast(const Shape& a, const Shape& b, const char* op, Where where) {
  const int axes = std::max(a.size(), b.size());
  Shape out;
  for (int i = 0; i < axes; ++i) {
    // What stands on axis i, where a missing size counts as 1.
    const int at_a = i - (axes - a.size()), at_b = i - (axes - b.size());
    const int64_t x = at_a < 0 ? 1 : a[at_a], y = at_b < 0 ? 1 : b[at_b];
    if (x != y && x != 1 && y != 1)
      fail(op, "the shapes " + to_string(a) + " and " + to_string(b) + " do not fit", "", where);
    out.push_back(x == 1 ? y : x);
  }
  return out;
}

}  // namespace cairn
