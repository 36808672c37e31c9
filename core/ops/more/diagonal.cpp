// diagonal: y[.., i] = x[i, i + offset] of two axes, a view. dx = zeros, dy put on the diagonal.
// Saves only shapes. PyTorch: torch.diagonal.
// triu, tril: x, but 0 below (above) a diagonal. dx = dy, but 0 there. PyTorch: torch.triu,
// torch.tril.
#include <algorithm>

#include "core/autograd/node.h"
#include "core/ops/records/op_info.h"
#include "core/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// Which diagonal of which axes, of a tensor of this shape.
struct Diagonal {
  Shape x_shape;
  int64_t offset = 0;
  int axis0 = 0, axis1 = 1;
};

Tensor placed(const Tensor& y, const Diagonal& d, Where where);

struct DiagonalNode final : Node {
  Diagonal of;
  void backward(Grads& g) override { g.add(0, placed(g.dout(), of, where)); }
  void backward_in_ops(Grads& g) override { backward(g); }
  void visit(SavedVisitor&) override {}
};

struct PlaceNode final : Node {
  Diagonal of;
  void backward(Grads& g) override { g.add(0, diagonal(g.dout(), of.offset, of.axis0, of.axis1)); }
  void backward_in_ops(Grads& g) override { backward(g); }
  void visit(SavedVisitor&) override {}
};

// The way back: zeros, and y on the diagonal.
Tensor placed(const Tensor& y, const Diagonal& d, Where where) {
  const Tensor x = Tensor::zeros(d.x_shape);
  diagonal(x, d.offset, d.axis0, d.axis1).copy_(y.detach());
  if (auto node = record<PlaceNode>("place", {&y}, x, where)) node->of = d;
  return x;
}

// (m, n): 1 where low <= j - i <= high.
Tensor band(int64_t m, int64_t n, int64_t low, int64_t high) {
  Tensor mask = Tensor::zeros({m, n});
  real* to = mask.write();
  for (int64_t i = 0; n > 0 && i < m; ++i)
    for (int64_t j = 0; j < n; ++j) to[i * n + j] = j - i >= low && j - i <= high;
  return mask;
}

Tensor banded(const char* op, const Tensor& x, bool above, int64_t diagonal, Where where) {
  if (x.axes() < 2)
    fail(op, "x is " + to_string(x.shape()), "it takes matrices, (..., m, n)", where);
  const int64_t m = x.size(-2), n = x.size(-1);
  const Tensor mask = above ? band(m, n, diagonal, n) : band(m, n, -m, diagonal);
  return cairn::where(mask, x, Tensor::scalar(0), where);
}

}  // namespace

Tensor diagonal(const Tensor& x, int64_t offset, int axis0, int axis1, Where where) {
  const int i = normal_axis(axis0, x.axes(), "diagonal", where);
  const int j = normal_axis(axis1, x.axes(), "diagonal", where);
  if (i == j)
    fail("diagonal", "both axes are axis " + std::to_string(i) + " of " + to_string(x.shape()), "",
         where);
  offset = std::clamp(offset, -x.shape()[i], x.shape()[j]);  // there the diagonal is empty already
  const int64_t row = std::max<int64_t>(-offset, 0), col = std::max<int64_t>(offset, 0);
  const int64_t rows = x.shape()[i] - row, cols = x.shape()[j] - col;
  const int64_t length = std::max<int64_t>(std::min(rows, cols), 0);
  Shape shape = x.shape(), strides = x.strides();
  const int64_t step = strides[i] + strides[j];
  const int64_t start = length && x.numel() ? row * strides[i] + col * strides[j] : 0;
  for (int axis : {std::max(i, j), std::min(i, j)}) shape.erase(axis), strides.erase(axis);
  shape.push_back(length);
  strides.push_back(step);
  const Tensor y = alias(x, shape, strides, x.impl().offset + start);
  if (auto node = record<DiagonalNode>("diagonal", {&x}, y, where))
    node->of = {x.shape(), offset, i, j};
  return y;
}

Tensor triu(const Tensor& x, int64_t diagonal, Where where) {
  return banded("triu", x, true, diagonal, where);
}

Tensor tril(const Tensor& x, int64_t diagonal, Where where) {
  return banded("tril", x, false, diagonal, where);
}

namespace {

std::vector<OpCase> triangle_cases(const char* text, const OpFunction& call) {
  const Shape shapes[] = {{3, 4}, {4, 3}, {2, 3, 3}, {2, 1, 2, 3}, {1, 1}, {0, 3}, {2, 0}, {1, 5}};
  std::vector<OpCase> cases;
  for (const Shape& shape : shapes) cases.push_back({text, {InputShapes(std::vector<Shape>{shape})}, call});
  return cases;
}

}  // namespace

OpInfo diagonal_info() {
  const auto of = [](int64_t offset, int axis0, int axis1) -> OpFunction {
    return [=](auto& x) { return diagonal(x[0], offset, axis0, axis1); };
  };
  return {"diagonal",
          "y[i] = x[i, i + offset]",
          "dx = zeros, dy written to the diagonal",
          "nothing",
          "torch.diagonal",
          "core/ops/more/diagonal.cpp",
          "",
          {{"diagonal(x)", {{{3, 3}}}, of(0, 0, 1)},
           {"diagonal(x)", {{{3, 5}}}, of(0, 0, 1)},
           {"diagonal(x, 1)", {{{4, 3}}}, of(1, 0, 1)},
           {"diagonal(x, -2)", {{{4, 3}}}, of(-2, 0, 1)},
           {"diagonal(x, 0, -2, -1)", {{{2, 3, 4}}}, of(0, -2, -1)},
           {"diagonal(x, 1, 2, 0)", {{{3, 2, 4}}}, of(1, 2, 0)},
           {"diagonal(x, 7)", {{{2, 3}}}, of(7, 0, 1)},
           {"diagonal(x)", {{{1, 1}}}, of(0, 0, 1)},
           {"diagonal(x)", {{{0, 3}}}, of(0, 0, 1)}}};
}
OpInfo triu_info() {
  return {"triu",
          "y_ij = x_ij where j - i >= diagonal, else 0",
          "dx = triu(dy)",
          "a mask",
          "torch.triu",
          "core/ops/more/diagonal.cpp",
          "",
          triangle_cases("triu(x, 1)", [](auto& x) { return triu(x[0], 1); })};
}
OpInfo tril_info() {
  return {"tril",
          "y_ij = x_ij where j - i <= diagonal, else 0",
          "dx = tril(dy)",
          "a mask",
          "torch.tril",
          "core/ops/more/diagonal.cpp",
          "",
          triangle_cases("tril(x, -1)", [](auto& x) { return tril(x[0], -1); })};
}

}}  // namespace cairn::CAIRN_PRECISION
