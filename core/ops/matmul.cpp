// matmul: y = a b over the last two axes, the leading axes broadcast.
//   (..., m, k) x (..., k, n) -> (..., m, n);  da = dy b^T, db = a^T dy;  saves a and b.
// A vector on the left counts as a row, on the right as a column; that axis is dropped again.
// PyTorch: torch.matmul.
#include "core/autograd/node.h"
#include "core/kernels/kernels.h"
#include "core/ops/axes.h"
#include "core/ops/ops.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct MatmulNode final : OpsNode {
  Saved a, b;
  void backward(Grads& g) override;
  void visit(SavedVisitor& v) override {
    v("a", a);
    v("b", b);
  }
};

// The last two axes as gemm reads them: rows `stride` apart, or columns, if it is transposed.
struct Matrix {
  Tensor tensor;
  int64_t stride = 0;
  bool transposed = false;

  explicit Matrix(const Tensor& x) : tensor(x) {
    const int axes = x.axes();
    const int64_t rows = x.shape()[axes - 2], cols = x.shape()[axes - 1];
    const int64_t row = x.strides()[axes - 2], col = x.strides()[axes - 1];
    if ((col == 1 || cols == 1) && (row >= cols || rows == 1)) {
      stride = rows == 1 ? cols : row;
    } else if ((row == 1 || rows == 1) && (col >= rows || cols == 1)) {
      stride = cols == 1 ? rows : col;
      transposed = true;
    } else {
      tensor = copy(x.detach());
      stride = cols;
    }
  }
};

// One gemm for each pair of matrices.
Tensor product(const Tensor& a_any, const Tensor& b_any, Where where) {
  const Matrix a(a_any), b(b_any);
  const int64_t m = a_any.size(-2), k = a_any.size(-1), n = b_any.size(-1);
  const Shape a_lead = leading(a_any.shape()), b_lead = leading(b_any.shape());
  const Shape lead = broadcast(a_lead, b_lead, "matmul", where);
  Shape shape = lead;
  shape.push_back(m);
  shape.push_back(n);
  Tensor y = Tensor::empty(shape);
  const Shape as = broadcast_strides(a_lead, leading(a.tensor.strides()), lead);
  const Shape bs = broadcast_strides(b_lead, leading(b.tensor.strides()), lead);
  real* out = y.write(where);
  const real *a_first = a.tensor.strided_data(), *b_first = b.tensor.strided_data();
  for (int64_t i = 0; y.numel() > 0 && i < numel(lead); ++i, out += m * n)
    kernels().gemm({.c = out,
                    .c_stride = n,
                    .a = {a_first + offset_of(i, lead, as), a.stride, a.transposed},
                    .b = {b_first + offset_of(i, lead, bs), b.stride, b.transposed},
                    .m = m,
                    .n = n,
                    .k = k});
  if (auto node = record<MatmulNode>("matmul", {&a_any, &b_any}, y, where)) {
    node->a = a_any;
    node->b = b_any;
  }
  return y;
}

Tensor matrices(const Tensor& a, const Tensor& b, Where where) {
  if (a.size(-1) != b.size(-2))
    fail("matmul",
         "inner sizes differ: a is " + to_string(a.shape()) + ", b is " + to_string(b.shape()),
         "a's last size must equal b's last but one", where);
  if (b.axes() > 2 || a.axes() == 2 || a.size(-1) == 0) return product(a, b, where);
  Shape shape = a.shape();  // one large product instead of many small ones
  shape[shape.size() - 1] = b.size(-1);
  return reshape(product(reshape(a, {-1, a.size(-1)}, where), b, where), shape, where);
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b, Where where) {
  if (a.axes() == 0 || b.axes() == 0)
    fail("matmul", "a is " + to_string(a.shape()) + ", b is " + to_string(b.shape()),
         "multiply by a single number with *", where);
  if (a.axes() > 1 && b.axes() > 1) return matrices(a, b, where);
  const Tensor row = a.axes() == 1 ? unsqueeze(a, 0, where) : a;
  const Tensor column = b.axes() == 1 ? unsqueeze(b, 1, where) : b;
  Tensor y = matrices(row, column, where);
  if (b.axes() == 1) y = squeeze(y, -1, where);
  if (a.axes() == 1) y = squeeze(y, b.axes() == 1 ? 0 : -2, where);
  return y;
}

void MatmulNode::backward(Grads& g) {
  if (g.needs(0)) g.add(0, sum_to(matmul(g.dout(), transpose(g.tensor(b), -2, -1)), g.shape(0)));
  if (g.needs(1)) g.add(1, sum_to(matmul(transpose(g.tensor(a), -2, -1), g.dout()), g.shape(1)));
}

OpInfo matmul_info() {
  return {
      .name = "matmul",
      .formula = "y = a b",
      .derivative = "da = dy b^T, db = a^T dy",
      .cases = {CASE(matmul(x[0], x[1]), {{4, 5}, {5, 3}}, {{2, 3, 4}, {2, 4, 5}},
                     {{2, 1, 3, 4}, {5, 4, 2}}, {{6}, {6}}, {{2, 3, 4}, {4}}, {{4}, {2, 4, 3}},
                     {{2, 3, 4}, {4, 2}}, {{3, 0}, {0, 2}}, {{0, 3}, {3, 2}}, {{1, 1}, {1, 1}})},
      .timed = {CASE(matmul(x[0], x[1]), {{512, 384}, {384, 384}})}};
}

}}  // namespace cairn::CAIRN_PRECISION
