// gather: y[i, j, k] = x[i, index[i, j, k], k] for axis 1, and likewise for others.
//   dx = scatter_add(zeros, axis, index, dy)      PyTorch: torch.gather
// scatter_add: y = x, with src[i, j, k] added to y[i, index[i, j, k], k].
//   dx = dy      dsrc = gather(dy, axis, index)   PyTorch: torch.scatter_add
// Both save only the index and shapes.
#include "core/autograd/node.h"
#include "core/ops.h"
#include "core/ops/axes.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct GatherNode final : OpsNode {
  Ids index;
  int axis = 0;
  Shape x_shape;
  void backward(Grads& g) override;
  void visit(SavedVisitor&) override {}
};

struct ScatterAddNode final : OpsNode {
  Ids index;
  int axis = 0;
  void backward(Grads& g) override;
  void visit(SavedVisitor&) override {}
};

// For each number of the index, in order, the offset in a contiguous x that it stands for.
std::vector<int64_t> offsets_of(const char* op, const Shape& x_shape, int axis, const Ids& index,
                                Where where) {
  bool fits = index.shape().size() == x_shape.size();
  for (int i = 0; fits && i < x_shape.size(); ++i)
    fits = i == axis || index.shape()[i] <= x_shape[i];
  if (!fits)
    fail(op, "the index " + to_string(index.shape()) + " does not fit x, " + to_string(x_shape),
         "as many axes, and no larger sizes but along the axis", where);
  const Shape strides = contiguous_strides(x_shape);
  std::vector<int64_t> offsets(static_cast<size_t>(index.numel()));
  for (int64_t i = 0; i < index.numel(); ++i) {
    if (index[i] < 0 || index[i] >= x_shape[axis])
      fail(op,
           "index " + std::to_string(index[i]) + " at position " + std::to_string(i) + ", axis " +
               std::to_string(axis) + " of " + to_string(x_shape),
           "", where);
    int64_t rest = i, offset = 0;
    for (int a = x_shape.size() - 1; a >= 0; --a) {
      offset += (a == axis ? index[i] : rest % index.shape()[a]) * strides[a];
      rest /= index.shape()[a];
    }
    offsets[static_cast<size_t>(i)] = offset;
  }
  return offsets;
}

}  // namespace

Tensor gather(const Tensor& x, int axis, const Ids& index, Where where) {
  const int at = normal_axis(axis, x.axes(), "gather", where);
  const std::vector<int64_t> from = offsets_of("gather", x.shape(), at, index, where);
  const Contiguous numbers(x);
  Tensor y = Tensor::empty(index.shape());
  real* to = y.write(where);
  for (int64_t offset : from) *to++ = numbers[offset];
  if (auto node = record<GatherNode>("gather", {&x}, y, where)) {
    node->index = index;
    node->axis = at;
    node->x_shape = x.shape();
  }
  return y;
}

Tensor scatter_add(const Tensor& x, int axis, const Ids& index, const Tensor& src, Where where) {
  const int at = normal_axis(axis, x.axes(), "scatter_add", where);
  if (!(src.shape() == index.shape()))
    fail("scatter_add",
         "src is " + to_string(src.shape()) + ", the index " + to_string(index.shape()),
         "they have one shape", where);
  const std::vector<int64_t> to = offsets_of("scatter_add", x.shape(), at, index, where);
  const Contiguous numbers(src);
  Tensor y = copy(x.detach());
  real* data = y.write(where);
  for (int64_t i = 0; i < src.numel(); ++i) data[to[static_cast<size_t>(i)]] += numbers[i];
  if (auto node = record<ScatterAddNode>("scatter_add", {&x, &src}, y, where)) {
    node->index = index;
    node->axis = at;
  }
  return y;
}

void GatherNode::backward(Grads& g) {
  g.add(0, scatter_add(Tensor::zeros(x_shape), axis, index, g.dout()));
}

void ScatterAddNode::backward(Grads& g) {
  g.add(0, g.dout());
  if (g.needs(1)) g.add(1, gather(g.dout(), axis, index));
}

namespace {

// An index of this shape below n, with repetitions.
Ids index_below(int64_t n, const Shape& shape) {
  std::vector<int32_t> values;
  for (int64_t i = 0; i < numel(shape); ++i) values.push_back(static_cast<int32_t>(i * i % n));
  return Ids(shape, std::move(values));
}
Tensor gather_to(const Shape& shape, const Tensor& x, int axis) {
  return gather(x, axis, index_below(x.size(axis), shape));
}
Tensor scatter(const Tensor& x, int axis, const Tensor& src) {
  return scatter_add(x, axis, index_below(x.size(axis), src.shape()), src);
}

}  // namespace

OpInfo gather_info() {
  return {
      .name = "gather",
      .formula = "y[i, j] = x[i, index[i, j]]",
      .derivative = "dx[i, index[i, j]] += dy[i, j]",
      .saved = "index",
      .cases = {
          CASE(gather_to({3, 6}, x[0], 1), {{3, 4}}), CASE(gather_to({5, 2}, x[0], 0), {{3, 4}}),
          CASE(gather_to({2, 3, 2}, x[0], -1), {{2, 3, 4}}),
          CASE(gather_to({1, 5, 4}, x[0], -2), {{2, 3, 4}}), CASE(gather_to({7}, x[0], 0), {{4}}),
          CASE(gather_to({3, 0}, x[0], 1), {{3, 4}}), CASE(gather_to({2, 0}, x[0], 0), {{2, 0}}),
          CASE(gather_to({1, 3}, x[0], 1), {{1, 1}})}};
}
OpInfo scatter_add_info() {
  return {
      .name = "scatter_add",
      .formula = "y = x; y[i, index[i, j]] += src[i, j]",
      .derivative = "dx = dy, dsrc[i, j] = dy[i, index[i, j]]",
      .saved = "index",
      .cases = {CASE(scatter(x[0], 1, x[1]), {{3, 4}, {3, 6}}, {{3, 4}, {3, 0}}, {{1, 1}, {1, 3}}),
                CASE(scatter(x[0], 0, x[1]), {{3, 4}, {5, 2}}, {{4}, {7}}, {{2, 0}, {2, 0}}),
                CASE(scatter(x[0], -1, x[1]), {{2, 3, 4}, {2, 3, 2}}),
                CASE(scatter(x[0], -2, x[1]), {{2, 3, 4}, {1, 5, 4}})}};
}

}}  // namespace cairn::CAIRN_PRECISION
