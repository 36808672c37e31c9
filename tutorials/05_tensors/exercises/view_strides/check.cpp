// Each view against places that are counted one by one.
#include <string>

#include "tutorials/05_tensors/exercises/view_strides/view_strides.h"

namespace {

using cairn::contiguous_strides;
using cairn::numel;
using cairn::to_string;
using check::Shape;
using Places = std::vector<int64_t>;

// The places of all numbers, in the order of the index.
void append_places(Places& places, const Layout& x, int axis, int64_t at) {
  if (axis == x.shape.size()) return places.push_back(at);
  for (int64_t i = 0; i < x.shape[axis]; ++i)
    append_places(places, x, axis + 1, at + i * x.strides[axis]);
}
Places places_of(const Layout& x) {
  Places places;
  append_places(places, x, 0, x.offset);
  return places;
}

std::string text(const Places& places) {
  std::string all;
  for (size_t i = 0; i < places.size() && i < 8; ++i) all += " " + std::to_string(places[i]);
  return all + (places.size() > 8 ? " ..." : "");
}

void compare(check::Judge& judge, const std::string& what, const Layout& got, const Shape& shape,
             const Places& expected) {
  judge.that(got.shape == shape, what + ": the shape",
             "expected " + to_string(shape) + ", got " + to_string(got.shape));
  if (!(got.shape == shape) || numel(shape) == 0) return;
  judge.that(got.strides.size() == shape.size(), what + ": the strides",
             std::to_string(got.strides.size()) + " strides for " + std::to_string(shape.size()) +
                 " axes");
  if (got.strides.size() != shape.size()) return;
  const Places places = places_of(got);
  judge.that(places == expected, what + ": the places",
             "expected" + text(expected) + ", got" + text(places));
}

// The size and the places, by looking at every index of x.
void check_transposed(Transposed* transposed, check::Judge& judge, const std::string& what,
                      const Layout& x, int axis0, int axis1) {
  const int axes = x.shape.size();
  const int a = (axis0 + axes) % axes, b = (axis1 + axes) % axes;
  std::vector<int> order;  // axis i of the result is axis order[i] of x
  for (int i = 0; i < axes; ++i) order.push_back(i == a ? b : i == b ? a : i);
  Layout expected = x;
  for (int i = 0; i < axes; ++i) {
    expected.shape[i] = x.shape[order[static_cast<size_t>(i)]];
    expected.strides[i] = x.strides[order[static_cast<size_t>(i)]];
  }
  const std::string call =
      "transposed(" + what + ", " + std::to_string(axis0) + ", " + std::to_string(axis1) + ")";
  judge.input(call);
  compare(judge, call, transposed(x, axis0, axis1), expected.shape, places_of(expected));
}

void check_sliced(Sliced* sliced, check::Judge& judge, const std::string& what, const Layout& x,
                  int axis, int64_t start, int64_t stop, int64_t step) {
  const int a = axis < 0 ? axis + x.shape.size() : axis;
  const int64_t size = x.shape[a];
  std::vector<int64_t> taken;  // by Python's rules
  const int64_t first = start < 0 ? start + size : start, last = stop < 0 ? stop + size : stop;
  for (int64_t i = first < 0 ? 0 : first; i < last && i < size; i += step) taken.push_back(i);
  Layout expected = x;
  expected.shape[a] = static_cast<int64_t>(taken.size());
  Layout one = x;  // of each taken index
  Places places(static_cast<size_t>(numel(expected.shape)));
  one.shape[a] = 1;
  for (size_t t = 0; t < taken.size(); ++t) {
    one.offset = x.offset + taken[t] * x.strides[a];
    const Places own = places_of(one);
    int64_t inner = 1;  // numbers behind the axis
    for (int i = a + 1; i < x.shape.size(); ++i) inner *= x.shape[i];
    for (size_t k = 0; k < own.size(); ++k) {
      const int64_t i = static_cast<int64_t>(k), outer = i / inner;
      const int64_t to = (outer * expected.shape[a] + static_cast<int64_t>(t)) * inner + i % inner;
      places[static_cast<size_t>(to)] = own[k];
    }
  }
  const std::string call = "sliced(" + what + ", " + std::to_string(axis) + ", " +
                           std::to_string(start) + ", " + std::to_string(stop) + ", " +
                           std::to_string(step) + ")";
  judge.input(call);
  compare(judge, call, sliced(x, axis, start, stop, step), expected.shape, places);
}

Layout dense(const Shape& shape, int64_t offset = 0) {
  return {shape, contiguous_strides(shape), offset};
}

void check_view_strides(const ViewStrides* views, check::Judge& judge) {
  const Layout matrix = dense({3, 4}), cube = dense({2, 3, 4}), moved = dense({3, 4}, 24);
  const Layout columns{{4, 3}, {1, 4}, 5}, repeated{{3, 4}, {0, 1}, 8};
  const auto transposed = [&](const char* what, const Layout& x, int axis0, int axis1) {
    check_transposed(views->transposed, judge, what, x, axis0, axis1);
  };
  transposed("(3, 4)", matrix, 0, 1);
  transposed("(3, 4)", matrix, 1, 0);
  transposed("(2, 3, 4)", cube, 0, 2);
  transposed("(2, 3, 4)", cube, 0, 1);
  transposed("(2, 3, 4)", cube, -1, -2);
  transposed("(2, 3, 4)", cube, 1, 1);
  transposed("(3, 4) at 24", moved, 0, 1);
  transposed("(4, 3), strides (1, 4), at 5", columns, 0, 1);
  transposed("(3, 4), strides (0, 1), at 8", repeated, 0, 1);
  transposed("(5, 1, 2)", dense({5, 1, 2}), 0, 1);
  transposed("(3, 0)", dense({3, 0}), 0, 1);
  transposed("(7,)", dense({7}), 0, -1);
  transposed("eight axes", dense({2, 1, 2, 1, 3, 1, 2, 2}), 0, 4);

  const auto sliced = [&](const char* what, const Layout& x, int axis, int64_t start, int64_t stop,
                          int64_t step) {
    check_sliced(views->sliced, judge, what, x, axis, start, stop, step);
  };
  sliced("(3, 4)", matrix, 1, 1, 4, 2);
  sliced("(3, 4)", matrix, 0, 1, 3, 1);
  sliced("(3, 4)", matrix, 1, 0, 4, 1);
  sliced("(2, 3, 4)", cube, 1, 1, 3, 1);
  sliced("(2, 3, 4)", cube, 0, 1, 2, 1);
  sliced("(2, 3, 4)", cube, -2, 0, 3, 2);
  sliced("(9,)", dense({9}), 0, 2, 9, 3);
  sliced("(9,)", dense({9}), 0, 1, 9, 3);
  sliced("(9,)", dense({9}), 0, 4, 8, 100);
  sliced("(9,)", dense({9}), 0, -3, -1, 1);
  sliced("(9,)", dense({9}), 0, -100, 100, 4);
  sliced("(9,)", dense({9}), 0, 6, 2, 1);
  sliced("(9,)", dense({9}), 0, 8, 1, 3);
  sliced("(9,)", dense({9}), 0, 5, 5, 1);
  sliced("(9,)", dense({9}), 0, 9, 20, 2);
  sliced("(3, 4) at 24", moved, 1, 2, 4, 1);
  sliced("(4, 3), strides (1, 4), at 5", columns, 0, 1, 4, 2);
  sliced("(4, 3), strides (1, 4), at 5", columns, 1, 1, 3, 1);
  sliced("(3, 4), strides (0, 1), at 8", repeated, 0, 1, 3, 1);
  sliced("(5,), strides (6,)", {{5}, {6}, 0}, 0, 1, 5, 2);
  sliced("(0, 3)", dense({0, 3}), 0, 0, 1, 1);
  sliced("(3, 0)", dense({3, 0}), 0, 1, 3, 1);
  sliced("(1,)", dense({1}), 0, 0, 1, 7);
  sliced("(9,)", dense({9}), 0, 0, 9, 2147483647);
  sliced("(1073741825,)", dense({1073741825}), 0, 0, 1073741825, 268435456);

  const auto refused = [&](const std::string& what, const std::function<void()>& call) {
    judge.input(what);
    judge.throws(what, call);
  };
  refused("axis 2 of (3, 4), transposed", [&] { views->transposed(matrix, 0, 2); });
  refused("axis 2 of (3, 4) as the first", [&] { views->transposed(matrix, 2, 0); });
  refused("axis -3 of (3, 4), transposed", [&] { views->transposed(matrix, -3, 1); });
  refused("axis 2 of (3, 4), sliced", [&] { views->sliced(matrix, 2, 0, 1, 1); });
  refused("axis -3 of (3, 4), sliced", [&] { views->sliced(matrix, -3, 0, 1, 1); });
  refused("step 0", [&] { views->sliced(matrix, 0, 0, 1, 0); });
  refused("step -1", [&] { views->sliced(matrix, 0, 0, 1, -1); });
}

const ViewStrides mine_functions = {mine::transposed, mine::sliced};

}  // namespace

int main(int argc, char** argv) {
  return check::run<const ViewStrides>({.name = "view_strides",
                                        .check = check_view_strides,
                                        .mine = &mine_functions,
                                        .mistaken = &mistakes::functions,
                                        .mistakes = mistakes::list,
                                        .alternatives = alternatives::list},
                                       argc, argv);
}
