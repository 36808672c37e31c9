// The global norm, and clipping by it.
#include "optim/clip.h"

#include <algorithm>
#include <cmath>

#include "core/kernels/kernels.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// Calls f(|g|) for each number g of the gradients.
template <class F>
void for_each_magnitude(const NamedTensors& parameters, const F& f) {
  for (const NamedTensor& p : each_once(parameters)) {
    const Tensor g = p.tensor.grad();
    if (!g.defined()) continue;
    const Contiguous numbers(g);
    for (int64_t i = 0; i < g.numel(); ++i) f(std::abs(static_cast<double>(numbers[i])));
  }
}

// largest (sum (|g| / largest)^p)^(1 / p): no power is too large or too small for a number.
double scaled_norm(const NamedTensors& parameters, double p) {
  double largest = 0, sum = 0;
  for_each_magnitude(parameters, [&](double size) {
    if (size > largest || std::isnan(size)) largest = size;  // once NaN, nothing is greater
  });
  if (largest == 0 || !std::isfinite(largest) || std::isinf(p)) return largest;
  for_each_magnitude(parameters, [&](double size) { sum += std::pow(size / largest, p); });
  return largest * std::pow(sum, 1 / p);
}

}  // namespace

double gradient_norm(const NamedTensors& parameters, double p) {
  if (!(p > 0)) fail("gradient_norm", "p is " + std::to_string(p), "larger than 0, or INFINITY");
  if (p == 2) {
    double squares = 0;
    for (const NamedTensor& parameter : each_once(parameters)) {
      const Tensor g = parameter.tensor.grad();
      if (g.defined()) squares += kernels().sum_of_squares(Contiguous(g), g.numel());
    }
    // Outside of these bounds some squares have overflowed or vanished.
    if (squares > 1e-28 && squares < INFINITY) return std::sqrt(squares);
  }
  return scaled_norm(parameters, p);
}

double clip_scale(double norm, double max_norm) {
  if (!(max_norm >= 0))
    fail("clip_scale", "max_norm is " + std::to_string(max_norm), "it must not be negative");
  return std::min(1.0, max_norm / (norm + 1e-6));
}

}}  // namespace cairn::CAIRN_PRECISION
