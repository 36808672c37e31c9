// flatten: neighbouring axes as one. PyTorch: torch.flatten.
// repeat: copies side by side. PyTorch: Tensor.repeat.
// flip: backwards. PyTorch: torch.flip.
// roll: round and round. PyTorch: torch.roll.
// pad: a constant before and after. PyTorch: torch.nn.functional.pad.
// Compositions of reshape, expand, cat, slice and index_select, which have the derivatives.
#include <algorithm>

#include "core/ops/records/op_info.h"
#include "core/ops.h"
#include "core/ops/axes.h"

namespace cairn { inline namespace CAIRN_PRECISION {

Tensor flatten(const Tensor& x, int first, int last, Where where) {
  if (x.axes() == 0) return reshape(x, {1}, where);
  const int from = normal_axis(first, x.axes(), "flatten", where);
  const int to = normal_axis(last, x.axes(), "flatten", where);
  if (from > to)
    fail("flatten",
         "axis " + std::to_string(first) + " comes after axis " + std::to_string(last) + " in " +
             to_string(x.shape()),
         "", where);
  Shape shape = x.shape();
  for (int axis = to; axis > from; --axis) {
    shape[axis - 1] = numel(Shape{shape[axis - 1], shape[axis]});
    shape.erase(axis);
  }
  return reshape(x, shape, where);
}

namespace {

// `count` copies along an axis: another axis in front of it, along which x is expanded.
Tensor repeated(const Tensor& x, int axis, int64_t count) {
  Shape shape = x.shape();
  const Lanes lanes(shape, axis);
  const int64_t block = numel(Shape{lanes.size, lanes.step});
  const Tensor copies = expand(reshape(x, {lanes.outer, 1, block}), {lanes.outer, count, block});
  shape[axis] = numel(Shape{lanes.size, count});
  return reshape(contiguous(copies), shape);
}

}  // namespace

Tensor repeat(const Tensor& x, const std::vector<int64_t>& counts, Where where) {
  const int added = static_cast<int>(counts.size()) - x.axes();
  if (added < 0 || std::any_of(counts.begin(), counts.end(), [](int64_t n) { return n < 0; }))
    fail("repeat", std::to_string(counts.size()) + " counts for " + to_string(x.shape()),
         "one for each axis or more, none negative", where);
  const Scope scope("repeat", where);
  Tensor y = x;
  for (int i = 0; i < added; ++i) y = unsqueeze(y, 0);
  for (int axis = 0; axis < y.axes(); ++axis) {
    const int64_t count = counts[static_cast<size_t>(axis)];
    if (count != 1) y = repeated(y, axis, count);
  }
  return y;
}

Tensor flip(const Tensor& x, const Axes& axes, Where where) {
  if (!axes.empty()) with_ones(x.shape(), axes, "flip", where);  // an Error where these do not fit
  if (x.numel() == 0) return x;
  const Scope scope("flip", where);
  Tensor y = contiguous(x);  // where there is no room for this, there is none for an index
  for (int axis : axes) {
    check_countable(x.size(axis), "flip", where);
    std::vector<int32_t> backwards;
    for (int64_t i = x.size(axis); i > 0; --i) backwards.push_back(static_cast<int32_t>(i - 1));
    y = index_select(y, axis, Ids(std::move(backwards)));
  }
  return y;
}

Tensor roll(const Tensor& x, int64_t shift, int axis, Where where) {
  const int64_t size = x.shape()[normal_axis(axis, x.axes(), "roll", where)];
  if (size == 0) return x;
  const Scope scope("roll", where);
  const int64_t cut = size - (shift % size + size) % size;
  return cat({slice(x, axis, cut, size), slice(x, axis, 0, cut)}, axis);
}

Tensor pad(const Tensor& x, const std::vector<int64_t>& widths, real value, Where where) {
  if (widths.size() % 2 != 0 || widths.size() / 2 > static_cast<size_t>(x.axes()))
    fail("pad", std::to_string(widths.size()) + " widths for " + to_string(x.shape()),
         "two for each axis, the last axis first", where);
  const Scope scope("pad", where);
  Tensor y = contiguous(x);  // as in flip
  for (size_t i = 0; i < widths.size(); i += 2) {
    const int axis = x.axes() - 1 - static_cast<int>(i / 2);
    const int64_t before = widths[i], after = widths[i + 1], size = x.shape()[axis];
    if (before > Shape::max_size || after > Shape::max_size)
      fail("pad", "a width is " + std::to_string(std::max(before, after)), "at most 2^60", where);
    if (before < -size || after < -size || size + before + after < 0)
      fail("pad",
           "the widths cut off more than there is: " + std::to_string(before) + " and " +
               std::to_string(after) + " of axis " + std::to_string(axis) + " of " +
               to_string(x.shape()),
           "", where);
    const auto side = [&](int64_t width) {
      Shape shape = y.shape();
      shape[axis] = std::max<int64_t>(width, 0);
      return Tensor::full(shape, value);
    };
    const int64_t start = std::max<int64_t>(-before, 0), stop = size + std::min<int64_t>(after, 0);
    y = cat({side(before), slice(y, axis, start, stop), side(after)}, axis);
  }
  return y;
}

namespace {

OpInfo info(const char* name, const char* formula, const char* derivative, const char* pytorch,
            std::vector<OpCase> cases) {
  return {name, formula,         derivative, "nothing", pytorch, "core/ops/more/rearrange.cpp",
          "",   std::move(cases)};
}

}  // namespace

OpInfo flatten_info() {
  std::vector<OpCase> cases = {CASE(flatten(x[0]), unary_shapes)};
  cases.push_back(CASE(flatten(x[0], 0, 1), {{2, 3, 4}}));
  cases.push_back(CASE(flatten(x[0], -2), {{2, 3, 4}}));
  return info("flatten", "the axes `first` to `last` as one", "dx = reshape(dy, x's shape)",
              "torch.flatten", cases);
}
OpInfo repeat_info() {
  const auto times = [](std::vector<int64_t> counts) -> OpFunction {
    return [counts](auto& x) { return repeat(x[0], counts); };
  };
  return info("repeat", "counts[i] copies of x along axis i", "dx = the sum of dy over the copies",
              "Tensor.repeat",
              {{"repeat(x, {2, 1})", {{{3, 4}}}, times({2, 1})},
               {"repeat(x, {2, 3})", {{{2, 3}}}, times({2, 3})},
               {"repeat(x, {2, 1, 2})", {{{2, 3}}}, times({2, 1, 2})},
               {"repeat(x, {3})", {{{4}}}, times({3})},
               {"repeat(x, {2})", {{{}}}, times({2})},
               {"repeat(x, {0, 2})", {{{2, 3}}}, times({0, 2})},
               {"repeat(x, {2, 2})", {{{0, 3}}}, times({2, 2})},
               {"repeat(x, {1, 4})", {{{1, 1}}}, times({1, 4})}});
}
OpInfo flip_info() {
  std::vector<OpCase> cases = axis_cases("flip", [](auto& x, int axis) { return flip(x, {axis}); });
  cases.push_back(CASE(flip(x[0], {0, -1}), {{2, 3, 4}}));
  return info("flip", "y_i = x_(n - 1 - i) along the axes", "dx = flip(dy)", "torch.flip", cases);
}
OpInfo roll_info() {
  std::vector<OpCase> cases =
      axis_cases("roll, by 2: ", [](auto& x, int axis) { return roll(x, 2, axis); });
  cases.push_back(CASE(roll(x[0], -7, 1), {{2, 3}}));
  return info("roll", "y[(i + shift) mod n] = x[i]", "dx = roll(dy, -shift)", "torch.roll", cases);
}
OpInfo pad_info() {
  const auto by = [](std::vector<int64_t> widths) -> OpFunction {
    return [widths](auto& x) { return pad(x[0], widths, real{0.5}); };
  };
  return info("pad", "x between constants", "dx = dy without them", "torch.nn.functional.pad",
              {{"pad(x, {1, 2})", {{{3, 4}}}, by({1, 2})},
               {"pad(x, {1, 0, 2, 1})", {{{2, 3, 4}}}, by({1, 0, 2, 1})},
               {"pad(x, {-1, 2})", {{{2, 4}}}, by({-1, 2})},
               {"pad(x, {0, -2, -1, 0})", {{{3, 4}}}, by({0, -2, -1, 0})},
               {"pad(x, {2, 1})", {{{5}}}, by({2, 1})},
               {"pad(x, {})", {{{}}}, by({})},
               {"pad(x, {1, 1})", {{{2, 0}}}, by({1, 1})},
               {"pad(x, {0, 0, 1, 1})", {{{1, 1}}}, by({0, 0, 1, 1})}});
}

}}  // namespace cairn::CAIRN_PRECISION
