// Views of numbered cells, and of numbers of every kind, with guards around what is written.
#include <limits>
#include <string>

#include "tutorials/05_tensors/exercises/to_contiguous/to_contiguous.h"

namespace {

using cairn::numel;

constexpr size_t guard = 64;  // numbers before and behind y

void append(std::vector<real>& y, const real* x, const Shape& shape, const Shape& strides,
            int axis) {
  if (axis == shape.size()) return y.push_back(*x);
  for (int64_t i = 0; i < shape[axis]; ++i)
    append(y, i ? x + i * strides[axis] : x, shape, strides, axis + 1);
}

void check_view(ToContiguous* to_contiguous, check::Judge& judge, const std::string& what,
                const std::vector<real>& x, const Shape& shape, const Shape& strides,
                int64_t offset = 0) {
  const std::vector<real> before = x;
  std::vector<real> expected;
  append(expected, x.data() + offset, shape, strides, 0);
  std::vector<real> all = check::garbage(static_cast<int64_t>(expected.size() + 2 * guard));
  const std::vector<real> untouched = all;
  judge.input(what);
  to_contiguous(all.data() + guard, x.data() + offset, shape, strides);
  const auto from = all.begin() + guard, to = from + static_cast<ptrdiff_t>(expected.size());
  judge.equal(what, std::vector<real>(from, to), expected, shape, 0);
  judge.unchanged(what + ": x", x, before);
  std::copy(untouched.begin() + guard, untouched.end() - guard, from);
  const auto same = [](real a, real b) { return a == b || (a != a && b != b); };
  judge.that(std::equal(all.begin(), from, untouched.begin(), same), what,
             "numbers before y were written");
  judge.that(std::equal(to, all.end(), untouched.end() - guard, same), what,
             "numbers behind y were written");
}

std::vector<real> numbered(int64_t count) {
  std::vector<real> x;
  for (int64_t i = 0; i < count; ++i) x.push_back(static_cast<real>(i));
  return x;
}

void check_to_contiguous(ToContiguous* to_contiguous, check::Judge& judge) {
  const auto view = [&](const std::string& what, const std::vector<real>& x, const Shape& shape,
                        const Shape& strides, int64_t offset = 0) {
    check_view(to_contiguous, judge, what, x, shape, strides, offset);
  };
  view("the transpose of a (3, 4)", numbered(12), {4, 3}, {1, 4});
  view("the same once more", numbered(12), {4, 3}, {1, 4});
  view("a (3, 4) as it is", numbered(12), {3, 4}, {4, 1});
  view("every second column of a (3, 6), from 1", numbered(18), {3, 3}, {6, 2}, 1);
  view("two columns of a (3, 4)", numbered(12), {3, 2}, {4, 1}, 1);
  view("a column of a (3, 4)", numbered(12), {3}, {4}, 2);
  view("every third of 10", numbered(10), {4}, {3});
  view("a (2, 3, 4), its axes in the order 2, 0, 1", numbered(24), {4, 2, 3}, {1, 12, 4});
  view("a (2, 3, 4), its axes in the order 0, 2, 1", numbered(24), {2, 4, 3}, {12, 1, 4});
  view("a row, repeated", numbered(4), {3, 4}, {0, 1});
  view("a column, repeated", numbered(3), {3, 4}, {1, 0});
  view("one number, repeated", {7}, {2, 3}, {0, 0});
  view("overlapping windows", numbered(6), {4, 3}, {1, 1});
  view("heads: a (2, 3, 2, 2), transposed", numbered(24), {2, 2, 3, 2}, {12, 2, 4, 1});
  view("five axes in reverse", numbered(72), {2, 3, 2, 3, 2}, {1, 2, 6, 12, 36});
  view("eight axes in reverse", numbered(256), {2, 2, 2, 2, 2, 2, 2, 2},
       {1, 2, 4, 8, 16, 32, 64, 128});
  view("an axis of size 1 with a large stride", numbered(6), {3, 1, 2}, {2, 1000, 1});
  view("size 1 on both ends", numbered(6), {1, 3, 2, 1}, {9, 1, 3, 9});
  view("no axes: one number", {5, 6}, {}, {}, 1);
  view("no rows", numbered(4), {0, 4}, {4, 1});
  view("no columns", numbered(4), {3, 0}, {1, 1});
  view("an axis of size 0 in the middle", numbered(4), {2, 0, 2}, {2, 2, 1});
  const real infinity = std::numeric_limits<real>::infinity();
  view("infinite and large numbers", {infinity, 1e300, -infinity, 1e-300}, {2, 2}, {1, 2});
  view("NaN", {1, std::numeric_limits<real>::quiet_NaN(), 2, 3}, {2, 2}, {1, 2});
  view("33 columns of 50", check::normal(2000, 1), {33, 40}, {1, 50}, 10);
}

void work(ToContiguous* to_contiguous) {
  static const std::vector<real> x = check::normal(512 * 512, 2);
  static std::vector<real> y(x.size());
  to_contiguous(y.data(), x.data(), {512, 512}, {1, 512});
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<ToContiguous>({.name = "to_contiguous",
                                   .check = check_to_contiguous,
                                   .mine = mine::to_contiguous,
                                   .mistaken = mistakes::to_contiguous,
                                   .mistakes = mistakes::list,
                                   .alternatives = alternatives::list,
                                   .work = work},
                                  argc, argv);
}
