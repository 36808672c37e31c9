// Other ways to write it, as good.
#include <algorithm>

#include "core/error.h"
#include "tutorials/05_tensors/exercises/broadcast_shapes/broadcast_shapes.h"

namespace alternatives {
namespace {

// From the right to the left, into a list that is turned around in the end.
Shape from_the_right(const Shape& a, const Shape& b, const char* op, Where where) {
  std::vector<int64_t> sizes;
  for (int i = a.size() - 1, j = b.size() - 1; i >= 0 || j >= 0; --i, --j) {
    if (i < 0) sizes.push_back(b[j]);
    else if (j < 0 || b[j] == 1 || a[i] == b[j]) sizes.push_back(a[i]);
    else if (a[i] == 1) sizes.push_back(b[j]);
    else
      cairn::fail(op,
                  "axis " + std::to_string(i) + " of " + to_string(a) + " against axis " +
                      std::to_string(j) + " of " + to_string(b),
                  "sizes are equal or 1", where);
  }
  std::reverse(sizes.begin(), sizes.end());
  return Shape(sizes);
}

// Both are filled up with ones first.
Shape filled_up(const Shape& a, const Shape& b, const char* op, Where where) {
  Shape x = a, y = b;
  while (x.size() < y.size()) x.insert(0, 1);
  while (y.size() < x.size()) y.insert(0, 1);
  for (int i = 0; i < x.size(); ++i) {
    if (x[i] == 1) std::swap(x[i], y[i]);
    if (y[i] != 1 && y[i] != x[i])
      cairn::fail(op, "a: " + to_string(a) + ", b: " + to_string(b), "", where);
  }
  return x;
}

// The longer one comes first; the last axes, then the rest, by recursion.
Shape recursive(const Shape& a, const Shape& b) {
  if (b.empty()) return a;
  if (a.size() < b.size()) return recursive(b, a);
  const int64_t x = a.back(), y = b.back();
  if (x != y && x != 1 && y != 1) throw 0;
  Shape rest_a = a, rest_b = b;
  rest_a.erase(a.size() - 1), rest_b.erase(b.size() - 1);
  Shape out = recursive(rest_a, rest_b);
  out.push_back(x != 1 ? x : y);
  return out;
}
Shape by_recursion(const Shape& a, const Shape& b, const char* op, Where where) {
  try {
    return recursive(a, b);
  } catch (int) {
    cairn::fail(op, to_string(a) + " does not broadcast with " + to_string(b), "", where);
  }
}

}  // namespace

const std::vector<check::Alternative<Broadcast>> list = {
    {"from the right", from_the_right},
    {"filled up with ones", filled_up},
    {"by recursion", by_recursion},
};

}  // namespace alternatives
