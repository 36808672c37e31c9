// The norm of all gradients and the factor that clips it, in the place of the library's functions.
#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "optim/clip.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// (sum |g|^p)^(1 / p) over all gradients; for p = INFINITY the largest |g|. NaN or infinite if a
// gradient is. An exception unless p > 0.
double gradient_norm(const NamedTensors& parameters, double p) {
  if (!(p > 0)) fail("gradient_norm", "p is not larger than 0");
  double sum = 0, largest = 0;
  for (const NamedTensor& parameter : each_once(parameters)) {
    const Tensor gradient = parameter.tensor.grad();
    if (!gradient.defined()) continue;
    for (const real g : gradient.to_vector()) {
      const double size = std::fabs(double{g});
      sum += std::pow(size, p);
      if (size > largest || std::isnan(size)) largest = size;
    }
  }
  return std::isinf(p) ? largest : std::pow(sum, 1 / p);
}

// The factor, at most 1, that brings a gradient of this norm to max_norm: max_norm / (norm + 1e-6).
// An exception if max_norm is negative or NaN.
double clip_scale(double norm, double max_norm) {
  if (!(max_norm >= 0)) fail("clip_scale", "max_norm is negative");
  return std::min(1.0, max_norm / (norm + 1e-6));
}

}}  // namespace cairn::CAIRN_PRECISION
