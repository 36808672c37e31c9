// The table of activations. In Transformers several names stand for one function, computed in
// different steps; here they are the same.
#include "nn/activation.h"

#include "core/ops/ops.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

struct Named {
  const char* name;
  Activation function;
};

Tensor identity(const Tensor& x, Where) { return x; }

// gelu between -10 and 10, for models whose numbers are to be quantised.
Tensor gelu_10(const Tensor& x, Where where) { return clamp(gelu(x, where), -10, 10, where); }

// x sigmoid(1.702 x): an approximation of gelu.
Tensor quick_gelu(const Tensor& x, Where where) {
  return mul(x, sigmoid(affine(x, real{1.702}, 0, where), where), where);
}

// x tanh(log(1 + exp(x))) (Misra 2019).
Tensor mish(const Tensor& x, Where where) {
  return mul(x, tanh(softplus(x, 1, where), where), where);
}

Tensor sqrt_softplus(const Tensor& x, Where where) { return sqrt(softplus(x, 1, where), where); }

Tensor relu6(const Tensor& x, Where where) { return clamp(x, 0, 6, where); }

Tensor squared_relu(const Tensor& x, Where where) {
  const Tensor y = relu(x, where);
  return mul(y, y, where);
}

Tensor leaky(const Tensor& x, Where where) { return leaky_relu(x, real{0.01}, where); }

// x relu6(x + 3) / 6 (Howard et al. 2019).
Tensor hardswish(const Tensor& x, Where where) {
  return mul(x, affine(relu6(affine(x, 1, 3, where), where), real{1} / 6, 0, where), where);
}

// The normal distribution's cumulative function, its mean and deviation such that it is closest to
// squared_relu (Ma et al. 2022).
Tensor laplace(const Tensor& x, Where where) {
  constexpr double mean = 0.707107, deviation = 0.282095, sqrt2 = 1.4142135623730951;
  constexpr double factor = 1 / (deviation * sqrt2);
  const Tensor y = affine(x, static_cast<real>(factor), static_cast<real>(-mean * factor), where);
  return affine(erf(y, where), real{0.5}, real{0.5}, where);
}

constexpr Named table[] = {
    {"gelu", gelu},
    {"gelu_10", gelu_10},
    {"gelu_accurate", gelu_tanh},
    {"gelu_fast", gelu_tanh},
    {"gelu_new", gelu_tanh},
    {"gelu_python", gelu},
    {"gelu_python_tanh", gelu_tanh},
    {"gelu_pytorch_tanh", gelu_tanh},
    {"hardswish", hardswish},
    {"laplace", laplace},
    {"leaky_relu", leaky},
    {"linear", identity},
    {"mish", mish},
    {"quick_gelu", quick_gelu},
    {"relu", relu},
    {"relu2", squared_relu},
    {"relu6", relu6},
    {"sigmoid", sigmoid},
    {"silu", silu},
    {"sqrtsoftplus", sqrt_softplus},
    {"swish", silu},
    {"tanh", tanh},
};

}  // namespace

Activation activation(const std::string& name) {
  for (const Named& entry : table)
    if (name == entry.name) return entry.function;
  return nullptr;
}

std::string activation_names() {
  std::string names;
  for (const Named& entry : table) names += (names.empty() ? "" : ", ") + std::string(entry.name);
  return names;
}

}}  // namespace cairn::CAIRN_PRECISION
