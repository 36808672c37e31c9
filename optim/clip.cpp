// The global norm, and clipping by it.
#include "optim/clip.h"

#include <algorithm>
#include <cmath>

#include "core/kernels/kernels.h"

namespace cairn::inline CAIRN_PRECISION {

double gradient_norm(const NamedTensors& parameters) {
  double squares = 0;
  for (const NamedTensor& p : parameters) {
    const Tensor g = p.tensor.grad();
    if (g.defined()) squares += kernels().sum_of_squares(Contiguous(g), g.numel());
  }
  return std::sqrt(squares);
}

double clip_scale(double norm, double max_norm) { return std::min(1.0, max_norm / (norm + 1e-6)); }

}  // namespace cairn::inline CAIRN_PRECISION
