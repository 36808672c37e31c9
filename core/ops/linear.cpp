// linear: y = x W^T + b, the layer of every projection. x (..., in), W (out, in), b (out).
//   dx = dy W      dW = dy^T x      db = column sums of dy      saves x and W
// dW and db accumulate into .grad directly (beta = 1): no second pass over the weights.
// PyTorch: torch.nn.functional.linear.
#include <algorithm>

#include "core/autograd/node.h"
#include "core/kernels/kernels.h"
#include "core/ops/linear_backward.h"
#include "core/ops/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// The definition; the bias may be undefined.
Tensor composed(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  const Tensor y = matmul(x, transpose(weight, 0, 1));
  return bias.defined() ? y + bias : y;
}

struct LinearNode final : Node {
  Saved x, weight;
  void backward(Grads& g) override;
  void backward_in_ops(Grads& g) override;
  void visit(SavedVisitor& v) override {
    v("x", x);
    v("weight", weight);
  }
};

// The product of the leading sizes; not numel / in, because `in` may be 0.
int64_t rows_of(const Tensor& x) {
  Shape leading = x.shape();
  leading.erase(leading.size() - 1);
  return numel(leading);
}

}  // namespace

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias, Where where) {
  if (x.axes() == 0 || weight.axes() != 2 || x.size(-1) != weight.size(1) ||
      (bias.defined() && !(bias.shape() == Shape{weight.size(0)})))
    fail("linear",
         "shapes do not fit: x is " + to_string(x.shape()) + ", weight " +
             to_string(weight.shape()) +
             (bias.defined() ? ", bias " + to_string(bias.shape()) : ""),
         "x is (..., in), weight (out, in), bias (out)", where);
  const int64_t in = weight.size(1), out = weight.size(0), rows = rows_of(x);
  Shape shape = x.shape();
  shape[shape.size() - 1] = out;
  Tensor y = Tensor::empty(shape);
  real* data = y.write(where);
  if (bias.defined()) {
    const Contiguous b(bias);
    for (int64_t i = 0; out > 0 && i < rows; ++i) std::copy_n(b.data(), out, data + i * out);
  }
  kernels().gemm({.c = data,
                  .c_stride = out,
                  .a = {Contiguous(x), in},
                  .b = {.data = Contiguous(weight), .stride = in, .transposed = true},
                  .m = rows,
                  .n = out,
                  .k = in,
                  .beta = bias.defined() ? real{1} : real{0}});
  if (auto node = record<LinearNode>("linear", {&x, &weight, &bias}, y, where)) {
    node->x = x;
    node->weight = weight;
  }
  return y;
}

void LinearNode::backward(Grads& g) {
  const int64_t rows = rows_of(g.dout()), in = weight.tensor.size(1), out = weight.tensor.size(0);
  const Contiguous dy(g.dout());
  if (g.needs(0)) {
    Tensor dx = Tensor::empty(g.shape(0));
    linear_backward({.dx = dx.write(),
                     .dy = dy,
                     .weight = Contiguous(g.value(weight)),
                     .rows = rows,
                     .in = in,
                     .out = out});
    g.add(0, dx);
  }
  if (g.needs(1)) {
    const Contiguous rows_of_x(g.value(x));  // first, because it may throw
    const Grads::Target dw = g.into(1);
    linear_backward({.dw = dw.data,
                     .dy = dy,
                     .x = rows_of_x,
                     .rows = rows,
                     .in = in,
                     .out = out,
                     .beta = dw.beta});
  }
  if (g.needs(2)) {
    const Grads::Target db = g.into(2);
    linear_backward({.db = db.data, .dy = dy, .rows = rows, .in = in, .out = out, .beta = db.beta});
  }
}
void LinearNode::backward_in_ops(Grads& g) {
  const Tensor dy = reshape(g.dout(), {rows_of(g.dout()), weight.tensor.size(0)});
  const Tensor rows_of_x = reshape(g.tensor(x), {dy.size(0), weight.tensor.size(1)});
  if (g.needs(0)) g.add(0, reshape(matmul(dy, g.tensor(weight)), g.shape(0)));
  if (g.needs(1)) g.add(1, matmul(transpose(dy, 0, 1), rows_of_x));
  if (g.needs(2)) g.add(2, sum(dy, {0}));
}

OpInfo linear_info() {
  return {.name = "linear",
          .formula = "y = x W^T + b",
          .derivative = "dx = dy W, dW = dy^T x, db = column sums of dy",
          .saved = "x, W",
          .cases = {FUSED_CASE(linear(x[0], x[1], x[2]), composed(x[0], x[1], x[2]),
                               {{3, 6}, {5, 6}, {5}}, {{2, 3, 4}, {2, 4}, {2}}, {{4}, {3, 4}, {3}},
                               {{0, 4}, {3, 4}, {3}}, {{1, 1}, {1, 1}, {1}}, {{3, 0}, {2, 0}, {2}},
                               {{3, 4}, {0, 4}, {0}}),
                    FUSED_CASE(linear(x[0], x[1], {}), composed(x[0], x[1], {}), {{3, 6}, {5, 6}})},
          .timed = {CASE(linear(x[0], x[1], x[2]), {{512, 384}, {1536, 384}, {1536}})}};
}

}}  // namespace cairn::CAIRN_PRECISION
