// maximum, minimum: the larger (smaller) of a and b, with broadcasting; a NaN stays.
//   da = dy where a won, dy / 2 where both are equal, else 0; db likewise      saves a and b
// PyTorch: torch.maximum, torch.minimum.
#include <cmath>

#include "core/autograd/node.h"
#include "core/ops.h"
#include "core/ops/elementwise.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct ExtremeNode final : OpsNode {
  Saved a, b;
  Tensor (*loses)(const Tensor& a, const Tensor& b, Where where) = nullptr;
  void backward(Grads& g) override;
  void visit(SavedVisitor& v) override {
    v("a", a);
    v("b", b);
  }
};

template <bool (*wins)(real a, real b)>
void choose(real* y, Operand a, Operand b, int64_t rows, int64_t cols) {
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < cols; ++j) {
      const real x = a.data[i * a.row + j * a.col], z = b.data[i * b.row + j * b.col];
      *y++ = wins(x, z) || std::isnan(x) ? x : z;
    }
}

bool is_larger(real a, real b) { return a > b; }
bool is_smaller(real a, real b) { return a < b; }

}  // namespace

Tensor maximum(const Tensor& a, const Tensor& b, Where where) {
  const Tensor y = apply_binary(choose<is_larger>, a, b, "maximum", where);
  if (auto node = record<ExtremeNode>("maximum", {&a, &b}, y, where)) {
    node->a = a;
    node->b = b;
    node->loses = less;
  }
  return y;
}

Tensor minimum(const Tensor& a, const Tensor& b, Where where) {
  const Tensor y = apply_binary(choose<is_smaller>, a, b, "minimum", where);
  if (auto node = record<ExtremeNode>("minimum", {&a, &b}, y, where)) {
    node->a = a;
    node->b = b;
    node->loses = greater;
  }
  return y;
}

void ExtremeNode::backward(Grads& g) {
  const Tensor &x = g.value(a), &z = g.value(b), zero = Tensor::scalar(0);
  const Tensor share = cairn::where(equal(x, z), g.dout() * real{0.5}, g.dout());
  if (g.needs(0)) g.add(0, sum_to(cairn::where(loses(x, z, where), zero, share), x.shape()));
  if (g.needs(1)) g.add(1, sum_to(cairn::where(loses(z, x, where), zero, share), z.shape()));
}

OpInfo maximum_info() {
  return {.name = "maximum",
          .formula = "y = the larger of a and b",
          .derivative = "da = dy where a won, dy / 2 at a tie, else 0",
          .cases = {CASE(maximum(x[0], x[1]), binary_shapes)}};
}
OpInfo minimum_info() {
  return {.name = "minimum",
          .formula = "y = the smaller of a and b",
          .derivative = "da = dy where a won, dy / 2 at a tie, else 0",
          .cases = {CASE(minimum(x[0], x[1]), binary_shapes)}};
}

}}  // namespace cairn::CAIRN_PRECISION
