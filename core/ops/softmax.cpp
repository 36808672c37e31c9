// softmax: y_i = e^(x_i - max x) / sum_j e^(x_j - max x) along an axis; all -inf gives zeros.
//   dx_i = y_i (dy_i - sum_j dy_j y_j)      saves y      PyTorch: torch.softmax
// log_softmax: y_i = x_i - max x - ln sum_j e^(x_j - max x)
//   dx_i = dy_i - e^(y_i) sum_j dy_j        saves y      PyTorch: torch.log_softmax
// The kernels work on the last axis; another axis is moved there and back.
#include "core/autograd/node.h"
#include "core/kernels/kernels.h"
#include "core/ops/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// The definitions, without the shift by the maximum that keeps them from overflowing.
Tensor composed_softmax(const Tensor& x, int axis) {
  const Tensor e = exp(x);
  return e / sum(e, {axis}, true);
}
Tensor composed_log_softmax(const Tensor& x, int axis) {
  return x - log(sum(exp(x), {axis}, true));
}

struct SoftmaxNode final : Node {
  Saved y;
  void backward(Grads& g) override;
  void backward_in_ops(Grads& g) override;
  void visit(SavedVisitor& v) override { v("y", y); }
};

struct LogSoftmaxNode final : Node {
  Saved y;
  void backward(Grads& g) override;
  void backward_in_ops(Grads& g) override;
  void visit(SavedVisitor& v) override { v("y", y); }
};

int64_t cols_of(const Tensor& x) { return x.axes() ? x.shape().back() : 1; }
int64_t rows_of(const Tensor& x) { return cols_of(x) ? x.numel() / cols_of(x) : 0; }
Tensor row_sums(const Tensor& x) { return x.axes() ? sum(x, {-1}, true) : x; }

bool is_last(const Tensor& x, int axis, const char* op, Where where) {
  if (x.axes() == 0) return true;
  return normal_axis(axis, x.axes(), op, where) == x.axes() - 1;
}

}  // namespace

Tensor softmax(const Tensor& x, int axis, Where where) {
  if (!is_last(x, axis, "softmax", where))
    return transpose(softmax(transpose(x, axis, -1, where), -1, where), axis, -1, where);
  Tensor y = Tensor::empty(x.shape());
  kernels().softmax(y.write(where), Contiguous(x), rows_of(x), cols_of(x));
  if (auto node = record<SoftmaxNode>("softmax", {&x}, y, where)) node->y = Saved::output(y);
  return y;
}

Tensor log_softmax(const Tensor& x, int axis, Where where) {
  if (!is_last(x, axis, "log_softmax", where))
    return transpose(log_softmax(transpose(x, axis, -1, where), -1, where), axis, -1, where);
  Tensor y = Tensor::empty(x.shape());
  kernels().log_softmax(y.write(where), Contiguous(x), rows_of(x), cols_of(x));
  if (auto node = record<LogSoftmaxNode>("log_softmax", {&x}, y, where)) node->y = Saved::output(y);
  return y;
}

void SoftmaxNode::backward(Grads& g) {
  Tensor dx = Tensor::empty(y.tensor.shape());
  kernels().softmax_backward(dx.write(), Contiguous(g.dout()), Contiguous(g.value(y)), rows_of(dx),
                             cols_of(dx));
  g.add(0, dx);
}
void SoftmaxNode::backward_in_ops(Grads& g) {
  const Tensor dy_y = g.dout() * g.tensor(y);
  g.add(0, dy_y - g.tensor(y) * row_sums(dy_y));
}

void LogSoftmaxNode::backward(Grads& g) {
  Tensor dx = Tensor::empty(y.tensor.shape());
  kernels().log_softmax_backward(dx.write(), Contiguous(g.dout()), Contiguous(g.value(y)),
                                 rows_of(dx), cols_of(dx));
  g.add(0, dx);
}
void LogSoftmaxNode::backward_in_ops(Grads& g) {
  g.add(0, g.dout() - exp(g.tensor(y)) * row_sums(g.dout()));
}

OpInfo softmax_info() {
  return {.name = "softmax",
          .formula = "y_i = e^(x_i) / sum_j e^(x_j)",
          .derivative = "dx_i = y_i (dy_i - sum_j dy_j y_j)",
          .cases = {FUSED_CASE(softmax(x[0]), composed_softmax(x[0], -1), {{3, 5}}, {{2, 3, 1}},
                               {{0, 3}}, {{2, 0}}, {{4}}),
                    FUSED_CASE(softmax(x[0], 0), composed_softmax(x[0], 0), {{3, 5}}),
                    FUSED_CASE(softmax(x[0], -2), composed_softmax(x[0], -2), {{2, 3, 4}}),
                    CASE(softmax(x[0]), {{}})},
          .timed = {CASE(softmax(x[0]), {{96, 128, 128}})}};
}
OpInfo log_softmax_info() {
  return {.name = "log_softmax",
          .formula = "y_i = x_i - ln sum_j e^(x_j)",
          .derivative = "dx_i = dy_i - e^(y_i) sum_j dy_j",
          .cases = {FUSED_CASE(log_softmax(x[0]), composed_log_softmax(x[0], -1), {{3, 5}},
                               {{2, 3, 1}}, {{0, 3}}, {{2, 0}}, {{4}}),
                    FUSED_CASE(log_softmax(x[0], 0), composed_log_softmax(x[0], 0), {{3, 5}}),
                    FUSED_CASE(log_softmax(x[0], -2), composed_log_softmax(x[0], -2), {{2, 3, 4}}),
                    CASE(log_softmax(x[0]), {{}})}};
}

}}  // namespace cairn::CAIRN_PRECISION
