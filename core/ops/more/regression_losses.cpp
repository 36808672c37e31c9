// Regression losses, of the distance d = x - y, a table; dy = -dx.
//
//   op              loss                                      dx
//   mse_loss        d^2                                       dloss 2 d
//   l1_loss         |d|                                       dloss sign(d)
//   smooth_l1_loss  d^2 / (2 b) if |d| < b, else |d| - b / 2  dloss clamp(d / b, -1, 1)
//   huber_loss      b times that                              b times that
//
// Compositions of x - y and a function of one number.
// PyTorch: the functions of torch.nn.functional with these names.
#include <algorithm>
#include <cmath>

#include "core/ops.h"
#include "core/ops/elementwise.h"
#include "core/ops/more/reduced.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

const ScalarFunction smooth_row{
    "smooth_l1_loss",
    [](real d, real b) { return std::abs(d) < b ? d * d / (2 * b) : std::abs(d) - b / 2; },
    [](real d, real b) { return std::clamp(d / b, real{-1}, real{1}); },
    [](const Tensor& d, real b) { return clamp(d * (1 / b), -1, 1); }};

Tensor distance(const char* op, const Tensor& x, const Tensor& y, Where where) {
  check_one_shape(op, x, y, where);
  return sub(x, y, where);
}

}  // namespace

Tensor mse_loss(const Tensor& x, const Tensor& y, Reduction reduction, Where where) {
  const Scope scope("mse_loss", where);
  return reduced(square(distance("mse_loss", x, y, where)), reduction);
}

Tensor l1_loss(const Tensor& x, const Tensor& y, Reduction reduction, Where where) {
  const Scope scope("l1_loss", where);
  return reduced(abs(distance("l1_loss", x, y, where)), reduction);
}

Tensor smooth_l1_loss(const Tensor& x, const Tensor& y, real beta, Reduction reduction,
                      Where where) {
  if (!(beta >= 0)) fail("smooth_l1_loss", "beta is " + std::to_string(beta), "0 or larger", where);
  if (beta == 0) return l1_loss(x, y, reduction, where);
  const Scope scope("smooth_l1_loss", where);
  return reduced(apply(smooth_row, distance("smooth_l1_loss", x, y, where), beta, where),
                 reduction);
}

Tensor huber_loss(const Tensor& x, const Tensor& y, real delta, Reduction reduction, Where where) {
  if (!(delta > 0)) fail("huber_loss", "delta is " + std::to_string(delta), "larger than 0", where);
  if (std::isinf(delta)) return affine(mse_loss(x, y, reduction, where), real{0.5}, 0, where);
  return affine(smooth_l1_loss(x, y, delta, reduction, where), delta, 0, where);
}

namespace {

OpInfo info(const char* name, const char* formula, const char* derivative, const char* pytorch,
            const OpCase& one) {
  return {.name = name,
          .formula = formula,
          .derivative = derivative,
          .saved = "d = x - y",
          .pytorch = pytorch,
          .cases = {one}};
}

std::vector<InputShapes> pairs() {
  return {{{3, 4}, {3, 4}}, {{2, 3, 2}, {2, 3, 2}}, {{5}, {5}}, {{1, 1}, {1, 1}}, {{}, {}},
          {{0, 3}, {0, 3}}, {{2, 1, 3}, {2, 1, 3}}, {{1}, {1}}};
}

}  // namespace

OpInfo mse_loss_info() {
  return info("mse_loss", "loss = (x - y)^2", "dx = dloss 2 (x - y)",
              "torch.nn.functional.mse_loss", CASE(mse_loss(x[0], x[1], Reduction::sum), pairs()));
}
OpInfo l1_loss_info() {
  return info("l1_loss", "loss = |x - y|", "dx = dloss sign(x - y)", "torch.nn.functional.l1_loss",
              CASE(l1_loss(x[0], x[1], Reduction::none), pairs()));
}
OpInfo smooth_l1_loss_info() {
  return info("smooth_l1_loss", "loss = d^2 / (2 beta) if |d| < beta, else |d| - beta / 2",
              "dx = dloss clamp(d / beta, -1, 1)", "torch.nn.functional.smooth_l1_loss",
              CASE(smooth_l1_loss(x[0], x[1], 0.75, Reduction::sum), pairs()));
}
OpInfo huber_loss_info() {
  return info("huber_loss", "loss = d^2 / 2 if |d| < delta, else delta (|d| - delta / 2)",
              "dx = dloss clamp(d, -delta, delta)", "torch.nn.functional.huber_loss",
              CASE(huber_loss(x[0], x[1], 0.75, Reduction::none), pairs()));
}

}}  // namespace cairn::CAIRN_PRECISION
