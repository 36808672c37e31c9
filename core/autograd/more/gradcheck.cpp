// Gradients that backward() computes, against central differences.
#include "core/autograd/more/gradcheck.h"

#include <cmath>
#include <cstdio>

#include "core/autograd/autograd.h"
#include "core/check.h"
#include "core/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// Fixed random weights, so that no gradient is lost in a symmetry of the sum.
Tensor weights_for(const Tensor& y, uint64_t seed) {
  Random random(seed);
  std::vector<real> weights(static_cast<size_t>(y.numel()));
  for (real& weight : weights) weight = static_cast<real>(random.uniform() + 0.5);
  return Tensor::of(y.shape(), weights);
}

// A float holds 7 digits, of which a difference at a distance of 1e-6 keeps next to none.
constexpr const char* in_float =
    sizeof(real) > 4 ? "" : " (this program computes in float; link cairn64 to compute in double)";

}  // namespace

std::string gradcheck(const std::function<Tensor(const std::vector<Tensor>&)>& f,
                      std::vector<Tensor> inputs, double eps, double atol, double rtol) {
  if (!f) fail("gradcheck", "the function is null");
  check_positive("gradcheck", "eps", eps);
  for (Tensor& x : inputs) {
    if (!x.is_leaf() || !x.is_contiguous())
      fail("gradcheck", "an input of shape " + to_string(x.shape()) + " is not a contiguous leaf",
           "hand over a contiguous one, and look at it otherwise inside f");
    x.zero_grad();
  }
  // The weights are handed to backward(), so that only f's ops are in the history: a mistake in
  // another op could hide one in f.
  const Tensor y = f(inputs), weights = weights_for(y, 1);
  backward(y, weights);

  const NoGrad no_grad;
  const auto loss = [&] { return sum(f(inputs) * weights).item(); };
  double worst = 0;
  std::string report;
  for (size_t k = 0; k < inputs.size(); ++k) {
    Tensor& x = inputs[k];
    if (!x.requires_grad()) continue;
    std::vector<real> dx(static_cast<size_t>(x.numel()));
    if (x.grad().defined()) dx = x.grad().to_vector();
    for (int64_t i = 0; i < x.numel(); ++i) {
      real* at = x.write() + i;
      const real before = *at;
      *at = before + static_cast<real>(eps);
      const double above = loss();
      *at = before - static_cast<real>(eps);
      const double below = loss();
      *at = before;
      const double expected = (above - below) / (2 * eps);
      const double got = dx[static_cast<size_t>(i)];
      const double excess = std::abs(got - expected) - (atol + rtol * std::abs(expected));
      if (excess <= worst) continue;  // NaN compares false, and is reported
      worst = excess;
      char text[240];
      std::snprintf(text, sizeof text,
                    "input %zu, element %lld: backward gives %.12g, differences %.12g%s", k,
                    static_cast<long long>(i), got, expected, in_float);
      report = text;
    }
  }
  return report;
}

std::string gradgradcheck(const std::function<Tensor(const std::vector<Tensor>&)>& f,
                          const std::vector<Tensor>& inputs, double eps, double atol, double rtol) {
  if (!f) fail("gradgradcheck", "the function is null");
  // The inputs of the function under test: f's, then dout.
  std::vector<Tensor> all = inputs;
  all.push_back(weights_for(f(inputs), 2).set_requires_grad());
  const auto gradients = [&](const std::vector<Tensor>& x) {
    const GradMode recording(true);  // gradcheck's differences call this without
    const std::vector<Tensor> in(x.begin(), x.end() - 1);
    std::vector<Tensor> wanted;
    for (const Tensor& input : in)
      if (input.requires_grad()) wanted.push_back(input);
    const std::vector<Tensor> dx =
        grad({f(in)}, wanted, {.douts = {x.back()}, .create_graph = true});
    Tensor total = Tensor::scalar(0);
    for (size_t i = 0; i < dx.size(); ++i) total = total + sum(dx[i] * weights_for(dx[i], 3 + i));
    return total;
  };
  return gradcheck(gradients, all, eps, atol, rtol);
}

}}  // namespace cairn::CAIRN_PRECISION
