// Clipping in place, by any norm and by value.
#include "optim/more/clip_in_place.h"

#include "optim/clip.h"

namespace cairn { inline namespace CAIRN_PRECISION {

double clip_grad_norm(const NamedTensors& parameters, double max_norm, double norm_type) {
  if (!(norm_type > 0))
    fail("clip_grad_norm", "norm_type is " + std::to_string(norm_type), "it must be positive");
  const double norm = gradient_norm(parameters, norm_type);
  const double scale = clip_scale(norm, max_norm);
  for (const NamedTensor& p : each_once(parameters)) {
    Tensor g = p.tensor.grad();
    if (g.defined() && scale != 1) g.mul_(static_cast<real>(scale));
  }
  return norm;
}

void clip_grad_value(const NamedTensors& parameters, double limit) {
  if (!(limit >= 0))
    fail("clip_grad_value", "limit is " + std::to_string(limit), "it must not be negative");
  const real bound = static_cast<real>(limit);
  for (const NamedTensor& p : parameters) {
    Tensor g = p.tensor.grad();
    if (g.defined()) g.clamp_(-bound, bound);
  }
}

}}  // namespace cairn::CAIRN_PRECISION
