// norm: y = (sum |x|^p)^(1/p) over the axes; dx = dy sign(x) (|x| / y)^(p - 1), 0 if x or y is 0.
// For p = infinity it is max |x|. PyTorch: torch.linalg.vector_norm.
// normalize: y = x / max(norm(x), eps). PyTorch: torch.nn.functional.normalize.
// cosine_similarity: y = the dot product of x and y, both normalized.
// PyTorch: torch.nn.functional.cosine_similarity, along axis 1 if it is not told.
// All are compositions.
//
// Where |x|^p would overflow or vanish, norm takes a power of two s out first, y = s norm(x / s),
// which rounds nothing. s counts as a constant: the norm is homogeneous, so all derivatives stay
// right. (PyTorch's float32 gives infinity for the norm of 1e20, and 0 for that of 1e-30.)
#include <cmath>

#include "core/autograd/autograd.h"
#include "core/check.h"
#include "core/ops/records/op_info.h"
#include "core/ops.h"
#include "core/ops/axes.h"

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

Tensor cosine_similarity(const Tensor& x, const Tensor& y, int axis, real eps, Where where) {
  if (!(x.shape() == y.shape()))
    fail("cosine_similarity", "x is " + to_string(x.shape()) + ", y " + to_string(y.shape()),
         "expand() one to the shape of the other", where);
  check_not_negative("cosine_similarity", "eps", eps, where);
  const Scope scope("cosine_similarity", where);
  return sum(normalize(x, 2, axis, eps) * normalize(y, 2, axis, eps), {axis});
}

OpInfo norm_info() {
  std::vector<OpCase> cases;
  const auto add = [&](const char* name, auto f) {
    for (OpCase& c : reduction_cases(name, f)) cases.push_back(std::move(c));
  };
  add("norm, p = 1: ", [](auto& x, auto& axes, bool keep) { return norm(x, 1, axes, keep); });
  add("norm, p = 2: ", [](auto& x, auto& axes, bool keep) { return norm(x, 2, axes, keep); });
  add("norm, p = 3: ", [](auto& x, auto& axes, bool keep) { return norm(x, 3, axes, keep); });
  cases.push_back(CASE(norm(x[0], INFINITY), {{3, 4}}));
  return {"norm",
          "y = (sum |x|^p)^(1/p)",
          "dx = dy sign(x) (|x| / y)^(p - 1)",
          "|x|, sum |x|^p",
          "torch.linalg.vector_norm",
          "core/ops/more/norm.cpp",
          "",
          cases};
}
OpInfo normalize_info() {
  return {"normalize",
          "y = x / n, n = max(norm(x), eps)",
          "dx = (dy - y sum(dy y)) / n for p = 2",
          "x, n",
          "torch.nn.functional.normalize",
          "core/ops/more/norm.cpp",
          "",
          axis_cases("normalize", [](auto& x, int axis) { return normalize(x, 2, axis); })};
}
OpInfo cosine_similarity_info() {
  const auto along = [](int axis) -> OpFunction {
    return [axis](auto& x) { return cosine_similarity(x[0], x[1], axis); };
  };
  const char* text = "cosine_similarity(x, y, axis)";
  const std::vector<OpCase> cases{{text, {{{3, 4}, {3, 4}}}, along(-1)},
                                  {text, {{{3, 4}, {3, 4}}}, along(0)},
                                  {text, {{{2, 3, 4}, {2, 3, 4}}}, along(-2)},
                                  {text, {{{2, 3, 4}, {2, 3, 4}}}, along(1)},
                                  {text, {{{5}, {5}}}, along(0)},
                                  {text, {{{0, 3}, {0, 3}}}, along(1)},
                                  {text, {{{3, 0}, {3, 0}}}, along(-2)},
                                  {text, {{{1, 4}, {1, 4}}}, along(-1)}};
  return {"cosine_similarity",
          "c = x . y / (|x| |y|)",
          "dx = dc (y / |y| - c x / |x|) / |x|",
          "x, y, their norms",
          "torch.nn.functional.cosine_similarity",
          "core/ops/more/norm.cpp",
          "",
          cases};
}

}}  // namespace cairn::CAIRN_PRECISION
