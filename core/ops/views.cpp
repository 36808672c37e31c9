// Views: tensors that look at the same storage with another layout. Each undoes itself in backward.
//   reshape   dx = reshape(dy, x's shape)          slice     dx = zeros, dy written into the slice
//   permute   dx = the inverse permutation of dy   select    a slice of one, without its axis
//   expand    dx = sum_to(dy, x's shape)           squeeze, unsqueeze   dx = reshape(dy, x's shape)
// All save only shapes. PyTorch: the functions of the same names.
#include <algorithm>

#include "core/autograd/node.h"
#include "core/ops/ops.h"
#include "core/ops/part.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct ReshapeNode final : OpsNode {
  void backward(Grads& g) override;
  void visit(SavedVisitor&) override {}
};

struct PermuteNode final : OpsNode {
  Axes inverse;
  void backward(Grads& g) override;
  void visit(SavedVisitor&) override {}
};

struct ExpandNode final : OpsNode {
  void backward(Grads& g) override;
  void visit(SavedVisitor&) override {}
};

// The strides that read x's storage in the new shape without a copy, if there are such: groups of
// x's axes that lie densely one in another can be cut anew.
std::optional<Shape> strides_for(const Tensor& x, const Shape& shape) {
  if (x.is_contiguous() || x.numel() == 0) return contiguous_strides(shape);
  Shape strides = shape, sizes, steps;  // sizes, steps: x's axes but those of size 1
  for (int i = 0; i < x.axes(); ++i)
    if (x.shape()[i] != 1) sizes.push_back(x.shape()[i]), steps.push_back(x.strides()[i]);
  int to = shape.size() - 1;
  int64_t group = 1, left = 1;  // sizes of the group of x's axes, and of the new axes cut from it
  int64_t step = 0;
  for (int from = sizes.size() - 1; from >= 0; --from) {
    if (group == 1) step = steps[from];
    group *= sizes[from];
    const bool ends = from == 0 || steps[from - 1] != step * group;
    if (!ends) continue;
    while (to >= 0 && (left < group || shape[to] == 1)) {
      strides[to] = step * left;
      left *= shape[to--];
    }
    if (left != group) return std::nullopt;
    group = left = 1;
  }
  return strides;
}

Tensor reshaped_view(const char* op, const Tensor& x, const Shape& shape, const Shape& strides,
                     Where where) {
  const Tensor y = alias(x, shape, strides, x.impl().offset);
  record<ReshapeNode>(op, {&x}, y, where);
  return y;
}

}  // namespace

Tensor reshape(const Tensor& x, const Shape& wanted, Where where) {
  const Shape shape = resolved(wanted, x.shape(), "reshape", where);
  if (const auto strides = strides_for(x, shape))
    return reshaped_view("reshape", x, shape, *strides, where);
  return reshape(contiguous(x, where), shape, where);
}

Tensor squeeze(const Tensor& x, int axis, Where where) {
  const int at = normal_axis(axis, x.axes(), "squeeze", where);
  if (x.shape()[at] != 1)
    fail("squeeze", "axis " + std::to_string(axis) + " of " + to_string(x.shape()) + " is not 1",
         "", where);
  Shape shape = x.shape(), strides = x.strides();
  shape.erase(at);
  strides.erase(at);
  return reshaped_view("squeeze", x, shape, strides, where);
}

Tensor squeeze(const Tensor& x, Where where) {
  Shape shape, strides;
  for (int i = 0; i < x.axes(); ++i) {
    if (x.shape()[i] == 1) continue;
    shape.push_back(x.shape()[i]);
    strides.push_back(x.strides()[i]);
  }
  return reshaped_view("squeeze", x, shape, strides, where);
}

Tensor unsqueeze(const Tensor& x, int axis, Where where) {
  const int at = normal_axis(axis, x.axes() + 1, "unsqueeze", where);
  Shape shape = x.shape(), strides = x.strides();
  strides.insert(at, at < x.axes() && x.numel() > 0 ? strides[at] * shape[at] : 1);
  shape.insert(at, 1);
  return reshaped_view("unsqueeze", x, shape, strides, where);
}

Tensor permute(const Tensor& x, const Axes& axes, Where where) {
  if (static_cast<int>(axes.size()) != x.axes())
    fail("permute", std::to_string(axes.size()) + " axes named for " + to_string(x.shape()), "",
         where);
  Shape shape = x.shape(), strides = x.strides();
  Axes inverse;
  inverse.assign(axes.size(), -1);
  for (int to = 0; to < x.axes(); ++to) {
    const int from = normal_axis(axes[static_cast<size_t>(to)], x.axes(), "permute", where);
    if (inverse[static_cast<size_t>(from)] >= 0)
      fail("permute", "axis " + std::to_string(from) + " is named twice", "", where);
    inverse[static_cast<size_t>(from)] = to;
    shape[to] = x.shape()[from];
    strides[to] = x.strides()[from];
  }
  const Tensor y = alias(x, shape, strides, x.impl().offset);
  if (auto node = record<PermuteNode>("permute", {&x}, y, where)) node->inverse = inverse;
  return y;
}

Tensor transpose(const Tensor& x, int axis0, int axis1, Where where) {
  Axes axes;
  for (int i = 0; i < x.axes(); ++i) axes.push_back(i);
  std::swap(axes[static_cast<size_t>(normal_axis(axis0, x.axes(), "transpose", where))],
            axes[static_cast<size_t>(normal_axis(axis1, x.axes(), "transpose", where))]);
  return permute(x, axes, where);
}

Tensor expand(const Tensor& x, const Shape& shape, Where where) {
  if (!(broadcast(x.shape(), shape, "expand", where) == shape))
    fail("expand", to_string(x.shape()) + " does not expand to " + to_string(shape), "", where);
  const Shape strides = broadcast_strides(x.shape(), x.strides(), shape);
  const Tensor y = alias(x, shape, strides, x.impl().offset);
  record<ExpandNode>("expand", {&x}, y, where);
  return y;
}

Tensor slice(const Tensor& x, int axis, int64_t start, int64_t stop, int64_t step, Where where) {
  const int at = normal_axis(axis, x.axes(), "slice", where);
  if (step < 1) fail("slice", "the step is " + std::to_string(step), "at least 1", where);
  const int64_t size = x.shape()[at];
  start = slice_bound(start, size);
  stop = std::max(slice_bound(stop, size), start);
  step = std::min(step, std::max<int64_t>(stop - start, 1));  // a larger one takes the first alone
  Shape shape = x.shape(), strides = x.strides();
  shape[at] = (stop - start) / step + ((stop - start) % step != 0);
  int64_t offset = x.impl().offset;
  if (numel(shape) > 0) offset += start * strides[at], strides[at] *= step;
  const Tensor y = alias(x, shape, strides, offset);
  if (auto node = record<PartNode>("slice", {&x}, y, where))
    node->part = [=](const Tensor& whole) { return slice(whole, at, start, stop, step); };
  return y;
}

Tensor select(const Tensor& x, int axis, int64_t index, Where where) {
  const int at = normal_axis(axis, x.axes(), "select", where);
  const int64_t from = normal_index(index, x.shape(), at, "select", where);
  return squeeze(slice(x, at, from, from + 1, 1, where), at, where);
}

void ReshapeNode::backward(Grads& g) { g.add(0, reshape(g.dout(), g.shape(0))); }

void PermuteNode::backward(Grads& g) { g.add(0, permute(g.dout(), inverse)); }

void ExpandNode::backward(Grads& g) { g.add(0, sum_to(g.dout(), g.shape(0))); }

OpInfo reshape_info() {
  return {
      .name = "reshape",
      .formula = "the same numbers in the order of the index, in another shape",
      .derivative = "dx = reshape(dy, x's shape)",
      .cases = {CASE(reshape(x[0], {-1}), {{2, 3, 4}}), CASE(reshape(x[0], {6, 2, 2}), {{2, 3, 4}}),
                CASE(reshape(x[0], {1, 1}), {{}}), CASE(reshape(x[0], {0, 5}), {{2, 0}}),
                CASE(reshape(x[0], {4, -1}), {{2, 2, 3}}), CASE(reshape(x[0], {3, 1, 2}), {{6}}),
                CASE(reshape(x[0], {}), {{1, 1}}), CASE(reshape(x[0], {2, 6}), {{3, 4}})}};
}
OpInfo squeeze_info() {
  return {
      .name = "squeeze",
      .formula = "x without an axis of size 1",
      .derivative = "dx = reshape(dy, x's shape)",
      .cases = {CASE(squeeze(x[0], 1), {{3, 1, 2}}, {{0, 1}}), CASE(squeeze(x[0], -1), {{3, 1}}),
                CASE(squeeze(x[0], 0), {{1, 4}}, {{1}}, {{1, 1}}),
                CASE(squeeze(x[0], -2), {{2, 1, 3}}), CASE(squeeze(x[0], 2), {{2, 3, 1}})}};
}
OpInfo unsqueeze_info() {
  return {
      .name = "unsqueeze",
      .formula = "x with a new axis of size 1",
      .derivative = "dx = reshape(dy, x's shape)",
      .cases = {CASE(unsqueeze(x[0], 1), {{3, 2}}, {{1, 1}}), CASE(unsqueeze(x[0], -1), {{3, 0}}),
                CASE(unsqueeze(x[0], 0), {{4}}, {{}}), CASE(unsqueeze(x[0], -2), {{2, 3}}),
                CASE(unsqueeze(x[0], 3), {{2, 1, 3}}), CASE(unsqueeze(x[0], -3), {{0, 2}})}};
}
OpInfo permute_info() {
  return {.name = "permute",
          .formula = "axis i of y is axis axes[i] of x",
          .derivative = "dx = the inverse permutation of dy",
          .pytorch = "torch.permute, torch.transpose",
          .cases = {
              CASE(permute(x[0], {2, 0, 1}), {{2, 3, 4}}),
              CASE(permute(x[0], {-1, 0}), {{0, 3}}, {{1, 1}}), CASE(permute(x[0], {0}), {{4}}),
              CASE(permute(x[0], {}), {{}}), CASE(permute(x[0], {1, -1, 0, 2}), {{2, 3, 1, 2}}),
              CASE(transpose(x[0], 0, -1), {{2, 3}}), CASE(transpose(x[0], -1, -2), {{2, 1, 3}})}};
}
OpInfo expand_info() {
  return {.name = "expand",
          .formula = "x repeated along axes of size 1, without a copy",
          .derivative = "dx = sum_to(dy, x's shape)",
          .pytorch = "torch.broadcast_to",
          .cases = {CASE(expand(x[0], {4, 3, 2}), {{3, 1}}), CASE(expand(x[0], {3}), {{}}),
                    CASE(expand(x[0], {0, 3}), {{1, 3}}), CASE(expand(x[0], {2, 3}), {{2, 3}}),
                    CASE(expand(x[0], {2, 4}), {{4}}), CASE(expand(x[0], {1, 1, 1}), {{1}}),
                    CASE(expand(x[0], {3, 0}), {{0}}), CASE(expand(x[0], {2, 3, 4}), {{2, 1, 4}})}};
}
OpInfo slice_info() {
  return {
      .name = "slice",
      .formula = "y[i] = x[start + i step] along an axis",
      .derivative = "dx = zeros, dy written into the slice",
      .pytorch = "x[start:stop:step]",
      .cases = {CASE(slice(x[0], -1, 1, 9, 2), {{3, 6}}), CASE(slice(x[0], 0, -2, 3), {{3, 2}}),
                CASE(slice(x[0], 0, 2, 1), {{3, 2}}), CASE(slice(x[0], 1, 0, 3, 3), {{2, 3, 4}}),
                CASE(slice(x[0], -2, 1, -1), {{2, 4, 3}}), CASE(slice(x[0], 0, 1, 5), {{5}}),
                CASE(slice(x[0], 1, 0, 1), {{1, 1}}), CASE(slice(x[0], 1, 0, 2), {{0, 3}})}};
}
OpInfo select_info() {
  return {.name = "select",
          .formula = "y = x[index] along an axis, which goes",
          .derivative = "dx = zeros, dy written there",
          .cases = {CASE(select(x[0], 1, -1), {{3, 4}}), CASE(select(x[0], 0, 0), {{2, 0}}),
                    CASE(select(x[0], 0, 2), {{4}}), CASE(select(x[0], -2, 1), {{2, 3, 4}}),
                    CASE(select(x[0], -1, 0), {{2, 3, 4}}), CASE(select(x[0], 0, -2), {{2, 1, 3}}),
                    CASE(select(x[0], 1, 0), {{1, 1}}), CASE(select(x[0], 1, 1), {{0, 2}})}};
}

}}  // namespace cairn::CAIRN_PRECISION
