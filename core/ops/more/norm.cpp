// norm: y = (sum |x|^p)^(1/p) over the axes; dx = dy sign(x) (|x| / y)^(p - 1), 0 if x or y is 0.
// For p = infinity it is max |x|. PyTorch: torch.linalg.vector_norm.
// normalize: y = x / max(norm(x), eps). PyTorch: torch.nn.functional.normalize.
// Both are compositions.
//
// Where |x|^p would overflow or vanish, norm takes a power of two s out first, y = s norm(x / s),
// which rounds nothing. s counts as a constant: the norm is homogeneous, so all derivatives stay
// right. (PyTorch's float32 gives infinity for the norm of 1e20, and 0 for that of 1e-30.)
#include <cmath>

#include "core/autograd/grad_mode.h"
#include "core/check.h"
#include "core/ops.h"
#include "core/ops/axes.h"
#include "core/ops/records/op_info.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// f(x) where x > 0, else 0 with the gradient 0: f may have an infinite slope at 0.
template <class F>
Tensor zero_at_zero(const Tensor& x, const F& f) {
  const Tensor zero = Tensor::scalar(0), at_zero = equal(x, zero);
  return where(at_zero, zero, f(where(at_zero, Tensor::scalar(1), x)));
}

// For each norm a power of two near the largest |x|, if |x|^p needs it, else 1; undefined if none
// does.
Tensor scales_of(const Tensor& x, real p, const Axes& axes) {
  if (x.numel() == 0) return Tensor();
  const NoGrad no_grad;
  Tensor scales = amax(abs(x), axes, true);
  const double limit = std::exp2(60 / static_cast<double>(p));
  bool needed = false;
  real* scale = scales.write();
  for (int64_t i = 0; i < scales.numel(); ++i) {
    const double largest = scale[i];
    const bool is_safe = largest <= limit && largest * limit >= 1;
    scale[i] = is_safe || !std::isnormal(largest) ? 1 : std::exp2(std::ilogb(scale[i]));
    needed |= scale[i] != 1;
  }
  return needed ? scales : Tensor();
}

}  // namespace

Tensor norm(const Tensor& x, real p, const Axes& axes, bool keepdim, Where where) {
  if (!(p > 0)) fail("norm", "p is " + std::to_string(p), "larger than 0, or INFINITY", where);
  const Scope scope("norm", where);
  if (p == 1) return sum(abs(x), axes, keepdim);
  if (std::isinf(p)) return amax(abs(x), axes, keepdim);
  if (const Tensor scales = scales_of(x, p, axes); scales.defined()) {
    const Tensor y = norm(x / scales, p, axes, true) * scales;
    return keepdim ? y : reshape(y, without(y.shape(), axes));
  }
  if (p == 2)
    return zero_at_zero(sum(square(x), axes, keepdim), [](const Tensor& s) { return sqrt(s); });
  const auto power = [&](const Tensor& s) { return pow(s, p); };
  const auto root = [&](const Tensor& s) { return pow(s, 1 / p); };
  return zero_at_zero(sum(zero_at_zero(abs(x), power), axes, keepdim), root);
}

Tensor normalize(const Tensor& x, real p, int axis, real eps, Where where) {
  check_not_negative("normalize", "eps", eps, where);
  const Scope scope("normalize", where);
  return x / clamp(norm(x, p, {axis}, true), eps);
}

OpInfo norm_info() {
  std::vector<OpCase> cases;
  const auto add = [&](const char* name, auto f) {
    cases = joined(std::move(cases), reduction_cases(name, f));
  };
  add("norm, p = 1: ", [](auto& x, auto& axes, bool keep) { return norm(x, 1, axes, keep); });
  add("norm, p = 2: ", [](auto& x, auto& axes, bool keep) { return norm(x, 2, axes, keep); });
  add("norm, p = 3: ", [](auto& x, auto& axes, bool keep) { return norm(x, 3, axes, keep); });
  cases.push_back(CASE(norm(x[0], INFINITY), {{3, 4}}));
  return {.name = "norm",
          .formula = "y = (sum |x|^p)^(1/p)",
          .derivative = "dx = dy sign(x) (|x| / y)^(p - 1)",
          .saved = "|x|, sum |x|^p",
          .pytorch = "torch.linalg.vector_norm",
          .cases = cases};
}
OpInfo normalize_info() {
  return {
      .name = "normalize",
      .formula = "y = x / n, n = max(norm(x), eps)",
      .derivative = "dx = (dy - y sum(dy y)) / n for p = 2",
      .saved = "x, n",
      .cases = axis_cases("normalize", [](auto& x, int axis) { return normalize(x, 2, axis); })};
}

}}  // namespace cairn::CAIRN_PRECISION
