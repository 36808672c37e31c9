// softmax: y_i = e^(x_i - max x) / sum_j e^(x_j - max x) along an axis; all -inf gives zeros.
//   dx_i = y_i (dy_i - sum_j dy_j y_j)      saves y      PyTorch: torch.softmax
// log_softmax: y_i = x_i - max x - ln sum_j e^(x_j - max x)
//   dx_i = dy_i - e^(y_i) sum_j dy_j        saves y      PyTorch: torch.log_softmax
// The kernels work on the last axis; another axis is moved there and back.
#include "core/kernels/kernels.h"
#include "core/autograd/node.h"
#include "core/ops/records/op_info.h"
#include "core/ops/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

int64_t cols_of(const Tensor& x) { return x.axes() ? x.shape().back() : 1; }
int64_t rows_of(const Tensor& x) { return cols_of(x) ? x.numel() / cols_of(x) : 0; }
Tensor row_sums(const Tensor& x) { return x.axes() ? sum(x, {-1}, true) : x; }

struct SoftmaxNode final : Node {
  Saved y;
  void backward(Grads& g) override {
    Tensor dx = Tensor::empty(y.tensor.shape());
    kernels().softmax_backward(dx.write(), Contiguous(g.dout()), Contiguous(g.value(y)),
                               rows_of(dx), cols_of(dx));
    g.add(0, dx);
  }
  void backward_in_ops(Grads& g) override {
    const Tensor dy_y = g.dout() * g.tensor(y);
    g.add(0, dy_y - g.tensor(y) * row_sums(dy_y));
  }
  void visit(SavedVisitor& v) override { v("y", y); }
};

struct LogSoftmaxNode final : Node {
  Saved y;
  void backward(Grads& g) override {
    Tensor dx = Tensor::empty(y.tensor.shape());
    kernels().log_softmax_backward(dx.write(), Contiguous(g.dout()), Contiguous(g.value(y)),
                                   rows_of(dx), cols_of(dx));
    g.add(0, dx);
  }
  void backward_in_ops(Grads& g) override {
    g.add(0, g.dout() - exp(g.tensor(y)) * row_sums(g.dout()));
  }
  void visit(SavedVisitor& v) override { v("y", y); }
};

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

namespace {

// The definitions, without the shift by the maximum that keeps them from overflowing.
Tensor composed_softmax(const std::vector<Tensor>& x) {
  const Tensor e = exp(x[0]);
  return e / sum(e, {-1}, true);
}
Tensor composed_log_softmax(const std::vector<Tensor>& x) {
  return x[0] - log(sum(exp(x[0]), {-1}, true));
}

}  // namespace

OpInfo softmax_info() {
  const auto last = [](const std::vector<Tensor>& x) { return softmax(x[0]); };
  return {"softmax", "y_i = e^(x_i) / sum_j e^(x_j)", "dx_i = y_i (dy_i - sum_j dy_j y_j)", "y",
          "torch.softmax", "core/ops/softmax.cpp", "1",
          {{"softmax(x)", {{3, 5}}, last, composed_softmax},
           {"softmax(x)", {{2, 3, 1}}, last, composed_softmax},
           {"softmax(x)", {{0, 3}}, last}, {"softmax(x)", {{2, 0}}, last},
           {"softmax(x)", {{4}}, last}, {"softmax(x)", {{}}, last},
           {"softmax(x, 0)", {{3, 5}}, [](auto& x) { return softmax(x[0], 0); }},
           {"softmax(x, -2)", {{2, 3, 4}}, [](auto& x) { return softmax(x[0], -2); }}},
          {{"softmax(x)", {{96, 128, 128}}, last}}};
}
OpInfo log_softmax_info() {
  const auto last = [](const std::vector<Tensor>& x) { return log_softmax(x[0]); };
  return {"log_softmax", "y_i = x_i - ln sum_j e^(x_j)", "dx_i = dy_i - e^(y_i) sum_j dy_j", "y",
          "torch.log_softmax", "core/ops/softmax.cpp", "",
          {{"log_softmax(x)", {{3, 5}}, last, composed_log_softmax},
           {"log_softmax(x)", {{2, 3, 1}}, last, composed_log_softmax},
           {"log_softmax(x)", {{0, 3}}, last}, {"log_softmax(x)", {{2, 0}}, last},
           {"log_softmax(x)", {{4}}, last}, {"log_softmax(x)", {{}}, last},
           {"log_softmax(x, 0)", {{3, 5}}, [](auto& x) { return log_softmax(x[0], 0); }},
           {"log_softmax(x, -2)", {{2, 3, 4}}, [](auto& x) { return log_softmax(x[0], -2); }}}};
}

}}  // namespace cairn::CAIRN_PRECISION
