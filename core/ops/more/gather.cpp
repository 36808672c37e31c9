// gather: y[i, j, k] = x[i, index[i, j, k], k] for axis 1, and likewise for others.
//   dx = scatter_add(zeros, axis, index, dy)      PyTorch: torch.gather
// scatter_add: y = x, with src[i, j, k] added to y[i, index[i, j, k], k].
//   dx = dy      dsrc = gather(dy, axis, index)   PyTorch: torch.scatter_add
// index_add: whole slices, by a scatter_add whose index is the same along them.
// PyTorch: torch.index_add.
// All save only the index and shapes.
#include "core/autograd/node.h"
#include "core/ops/records/op_info.h"
#include "core/ops.h"
#include "core/ops/axes.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct GatherNode final : Node {
  Ids index;
  int axis = 0;
  Shape x_shape;
  void backward(Grads& g) override {
    g.add(0, scatter_add(Tensor::zeros(x_shape), axis, index, g.dout()));
  }
  void backward_in_ops(Grads& g) override { backward(g); }
  void visit(SavedVisitor&) override {}
};

struct ScatterAddNode final : Node {
  Ids index;
  int axis = 0;
  void backward(Grads& g) override {
    g.add(0, g.dout());
    if (g.needs(1)) g.add(1, gather(g.dout(), axis, index));
  }
  void backward_in_ops(Grads& g) override { backward(g); }
  void visit(SavedVisitor&) override {}
};

// For each number of the index, in order, the place in a contiguous x that it means.
std::vector<int64_t> places(const char* op, const Shape& x_shape, int axis, const Ids& index,
                            Where where) {
  bool fits = index.shape().size() == x_shape.size();
  for (int i = 0; fits && i < x_shape.size(); ++i)
    fits = i == axis || index.shape()[i] <= x_shape[i];
  if (!fits)
    fail(op, "the index " + to_string(index.shape()) + " does not fit x, " + to_string(x_shape),
         "as many axes, and no larger sizes but along the axis", where);
  const Shape strides = contiguous_strides(x_shape);
  std::vector<int64_t> result(static_cast<size_t>(index.numel()));
  for (int64_t i = 0; i < index.numel(); ++i) {
    if (index[i] < 0 || index[i] >= x_shape[axis])
      fail(op,
           "index " + std::to_string(index[i]) + " at position " + std::to_string(i) + ", axis " +
               std::to_string(axis) + " of " + to_string(x_shape),
           "", where);
    int64_t rest = i, place = 0;
    for (int a = x_shape.size() - 1; a >= 0; --a) {
      place += (a == axis ? index[i] : rest % index.shape()[a]) * strides[a];
      rest /= index.shape()[a];
    }
    result[static_cast<size_t>(i)] = place;
  }
  return result;
}

}  // namespace

Tensor gather(const Tensor& x, int axis, const Ids& index, Where where) {
  const int at = normal_axis(axis, x.axes(), "gather", where);
  const std::vector<int64_t> from = places("gather", x.shape(), at, index, where);
  const Contiguous numbers(x);
  Tensor y = Tensor::empty(index.shape());
  real* to = y.write(where);
  for (int64_t place : from) *to++ = numbers[place];
  if (auto node = record<GatherNode>("gather", {&x}, y, where))
    node->index = index, node->axis = at, node->x_shape = x.shape();
  return y;
}

Tensor scatter_add(const Tensor& x, int axis, const Ids& index, const Tensor& src, Where where) {
  const int at = normal_axis(axis, x.axes(), "scatter_add", where);
  if (!(src.shape() == index.shape()))
    fail("scatter_add",
         "src is " + to_string(src.shape()) + ", the index " + to_string(index.shape()),
         "they have one shape", where);
  const std::vector<int64_t> to = places("scatter_add", x.shape(), at, index, where);
  const Contiguous numbers(src);
  Tensor y = copy(x.detach());
  real* data = y.write(where);
  for (int64_t i = 0; i < src.numel(); ++i) data[to[static_cast<size_t>(i)]] += numbers[i];
  if (auto node = record<ScatterAddNode>("scatter_add", {&x, &src}, y, where))
    node->index = index, node->axis = at;
  return y;
}

Tensor index_add(const Tensor& x, int axis, const Ids& rows, const Tensor& src, real alpha,
                 Where where) {
  const int at = normal_axis(axis, x.axes(), "index_add", where);
  Shape shape = x.shape();
  shape[at] = rows.numel();
  if (rows.shape().size() != 1 || !(src.shape() == shape))
    fail("index_add",
         "x is " + to_string(x.shape()) + ", the rows " + to_string(rows.shape()) + ", src " +
             to_string(src.shape()),
         "src has a slice of x's for each row", where);
  const Scope scope("index_add", where);
  const Tensor added = src * alpha;  // first: what there is no memory for is an Error here
  std::vector<int32_t> index;
  index.reserve(static_cast<size_t>(src.numel()));
  const Lanes lanes(shape, at);
  for (int64_t o = 0; src.numel() > 0 && o < lanes.outer; ++o)
    for (int64_t i = 0; i < lanes.size; ++i)
      index.insert(index.end(), static_cast<size_t>(lanes.step), rows[i]);
  return scatter_add(x, at, Ids(shape, std::move(index)), added);
}

namespace {

constexpr const char* file = "core/ops/more/gather.cpp";

// An index of this shape below n, with repetitions.
Ids some_index(const Shape& shape, int64_t n) {
  std::vector<int32_t> values;
  for (int64_t i = 0; i < numel(shape); ++i) values.push_back(static_cast<int32_t>(i * i % n));
  return Ids(shape, std::move(values));
}

OpFunction gathered(const Shape& index, int axis) {
  return [=](auto& x) { return gather(x[0], axis, some_index(index, x[0].size(axis))); };
}
OpFunction scattered(int axis) {
  return [=](auto& x) {
    return scatter_add(x[0], axis, some_index(x[1].shape(), x[0].size(axis)), x[1]);
  };
}
OpFunction rows_added(int axis) {
  return [=](auto& x) {
    return index_add(x[0], axis, some_index({x[1].size(axis)}, x[0].size(axis)), x[1], 1.5);
  };
}

}  // namespace

OpInfo gather_info() {
  return {"gather",
          "y[i, j] = x[i, index[i, j]]",
          "dx[i, index[i, j]] += dy[i, j]",
          "index",
          "torch.gather",
          file,
          "",
          {{"gather(x, 1, (3, 6))", {{{3, 4}}}, gathered({3, 6}, 1)},
           {"gather(x, 0, (5, 2))", {{{3, 4}}}, gathered({5, 2}, 0)},
           {"gather(x, -1, (2, 3, 2))", {{{2, 3, 4}}}, gathered({2, 3, 2}, -1)},
           {"gather(x, -2, (1, 5, 4))", {{{2, 3, 4}}}, gathered({1, 5, 4}, -2)},
           {"gather(x, 0, (7))", {{{4}}}, gathered({7}, 0)},
           {"gather(x, 1, (3, 0))", {{{3, 4}}}, gathered({3, 0}, 1)},
           {"gather(x, 0, (2, 0))", {{{2, 0}}}, gathered({2, 0}, 0)},
           {"gather(x, 1, (1, 3))", {{{1, 1}}}, gathered({1, 3}, 1)}}};
}
OpInfo scatter_add_info() {
  const char* text = "scatter_add(x, axis, index, src)";
  return {"scatter_add",
          "y = x; y[i, index[i, j]] += src[i, j]",
          "dx = dy, dsrc[i, j] = dy[i, index[i, j]]",
          "index",
          "torch.scatter_add",
          file,
          "",
          {{text, {{{3, 4}, {3, 6}}}, scattered(1)},
           {text, {{{3, 4}, {5, 2}}}, scattered(0)},
           {text, {{{2, 3, 4}, {2, 3, 2}}}, scattered(-1)},
           {text, {{{2, 3, 4}, {1, 5, 4}}}, scattered(-2)},
           {text, {{{4}, {7}}}, scattered(0)},
           {text, {{{3, 4}, {3, 0}}}, scattered(1)},
           {text, {{{2, 0}, {2, 0}}}, scattered(0)},
           {text, {{{1, 1}, {1, 3}}}, scattered(1)}}};
}
OpInfo index_add_info() {
  const char* text = "index_add(x, axis, rows, src, 1.5)";
  return {"index_add",
          "y = x; y[rows[i]] += alpha src[i]",
          "dx = dy, dsrc[i] = alpha dy[rows[i]]",
          "rows",
          "torch.index_add",
          file,
          "",
          {{text, {{{3, 4}, {5, 4}}}, rows_added(0)},
           {text, {{{3, 4}, {3, 2}}}, rows_added(1)},
           {text, {{{2, 3, 4}, {2, 3, 6}}}, rows_added(-1)},
           {text, {{{2, 3, 4}, {2, 4, 4}}}, rows_added(-2)},
           {text, {{{4}, {3}}}, rows_added(0)},
           {text, {{{3, 4}, {0, 4}}}, rows_added(0)},
           {text, {{{2, 0}, {3, 0}}}, rows_added(0)},
           {text, {{{1, 1}, {1, 1}}}, rows_added(1)}}};
}

}}  // namespace cairn::CAIRN_PRECISION
