// Clipping in place, by any norm and by value.
#include "optim/clip_gradients.h"

#include <cmath>

#include "optim/clip.h"

namespace cairn::inline CAIRN_PRECISION {
namespace {

double norm_of(const NamedTensors& parameters, double norm_type) {
  if (norm_type == 2) return gradient_norm(parameters);
  double sum = 0, largest = 0;
  for (const NamedTensor& p : parameters) {
    const Tensor g = p.tensor.grad();
    if (!g.defined()) continue;
    for (real x : g.to_vector()) {
      const double size = std::abs(static_cast<double>(x));
      sum += std::pow(size, norm_type);
      largest = size > largest || std::isnan(size) ? size : largest;
    }
  }
  return std::isinf(norm_type) ? largest : std::pow(sum, 1 / norm_type);
}

}  // namespace

double clip_grad_norm(const NamedTensors& parameters, double max_norm, double norm_type) {
  if (!(norm_type > 0))
    fail("clip_grad_norm", "norm_type is " + std::to_string(norm_type), "it must be positive");
  const double norm = norm_of(parameters, norm_type);
  const double scale = clip_scale(norm, max_norm);
  for (const NamedTensor& p : parameters) {
    Tensor g = p.tensor.grad();
    if (g.defined() && scale != 1) g.mul_(static_cast<real>(scale));
  }
  return norm;
}

void clip_grad_value(const NamedTensors& parameters, double limit) {
  if (!(limit >= 0))
    fail("clip_grad_value", "limit is " + std::to_string(limit), "it must not be negative");
  const real most = static_cast<real>(limit);
  for (const NamedTensor& p : parameters) {
    Tensor g = p.tensor.grad();
    if (g.defined()) g.clamp_(-most, most);
  }
}

}  // namespace cairn::inline CAIRN_PRECISION
