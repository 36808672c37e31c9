#include "core/ops/scalar_function.h"

#include "core/autograd/node.h"
#include "core/ops/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct ScalarFunctionNode final : Node {
  Saved x;
  const ScalarFunction* row = nullptr;
  real p = 0;
  void backward(Grads& g) override {
    Tensor dx = Tensor::empty(x.tensor.shape());
    const Contiguous dy(g.dout()), values(g.value(x));
    real* to = dx.write();
    for (int64_t i = 0; i < dx.numel(); ++i) to[i] = dy[i] * row->slope(values[i], p);
    g.add(0, dx);
  }
  void backward_in_ops(Grads& g) override {
    g.add(0, g.dout() * row->slope_in_ops(g.tensor(x), p));
  }
  void visit(SavedVisitor& v) override { v("x", x); }
};

}  // namespace

Tensor apply(const ScalarFunction& row, const Tensor& x, real p, Where where) {
  Tensor y = Tensor::empty(x.shape());
  const Contiguous from(x);
  real* to = y.write(where);
  for (int64_t i = 0; i < x.numel(); ++i) to[i] = row.f(from[i], p);
  if (auto node = record<ScalarFunctionNode>(row.name, {&x}, y, where))
    node->x = x, node->row = &row, node->p = p;
  return y;
}

}}  // namespace cairn::CAIRN_PRECISION
