// The Jacobian row by row, and its two products with a vector: vjp is one grad(), jvp a grad() of a
// vjp.
#include "core/autograd/more/jacobian.h"

#include "core/autograd/autograd.h"
#include "core/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

void check(const char* what, const TensorFunction& f, Where where) {
  if (!f) fail(what, "the function is null", "", where);
}

}  // namespace

Tensor jacobian(const TensorFunction& f, const Tensor& x, Where where) {
  check("jacobian", f, where);
  const Tensor leaf = copy(x.detach()).set_requires_grad();
  const Tensor y = f(leaf);
  std::vector<Tensor> rows{Tensor::zeros({0, x.numel()})};
  for (int64_t i = 0; i < y.numel(); ++i) {
    Tensor dy = Tensor::zeros({y.numel()});
    dy.write()[i] = 1;
    const Tensor dx =
        grad({y}, {leaf}, {.douts = {reshape(dy, y.shape())}, .retain_graph = true}, where)[0];
    rows.push_back(reshape(dx, {1, x.numel()}));
  }
  Shape shape = y.shape();
  for (int64_t size : x.shape()) shape.push_back(size);
  return reshape(cat(rows, 0), shape);
}

Tensor vjp(const TensorFunction& f, const Tensor& x, const Tensor& dy, Where where) {
  check("vjp", f, where);
  const Tensor leaf = copy(x.detach()).set_requires_grad();
  return grad({f(leaf)}, {leaf}, {.douts = {dy}}, where)[0];
}

Tensor jvp(const TensorFunction& f, const Tensor& x, const Tensor& dx, Where where) {
  check("jvp", f, where);
  const Tensor leaf = copy(x.detach()).set_requires_grad();
  const Tensor y = f(leaf);
  const Tensor dy = Tensor::zeros(y.shape()).set_requires_grad();
  const Tensor product = grad({y}, {leaf}, {.douts = {dy}, .create_graph = true}, where)[0];
  if (!product.requires_grad()) return Tensor::zeros(y.shape());  // f is constant
  return grad({product}, {dy}, {.douts = {dx}}, where)[0];
}

}}  // namespace cairn::CAIRN_PRECISION
