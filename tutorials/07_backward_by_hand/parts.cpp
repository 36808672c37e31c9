#include "tutorials/07_backward_by_hand/parts.h"

#include <cmath>
#include <numbers>

#include "core/autograd/autograd.h"

double length_of(const Tensor& x) {
  double squares = 0;
  for (const real number : x.to_vector()) squares += static_cast<double>(number) * number;
  return std::sqrt(squares);
}

double off(const Tensor& a, const Tensor& b) { return length_of(a - b) / length_of(b); }

double largest_difference(const Tensor& a, const Tensor& b) {
  double largest = 0;
  for (const real difference : (a - b).to_vector()) {
    if (std::isnan(difference)) return difference;
    largest = std::fmax(largest, std::fabs(difference));
  }
  return largest;
}

// [differences]
Tensor by_differences(const Function& f, Inputs inputs, size_t which, const Tensor& dy) {
  const double h = 0.01;  // floats have 7 digits, of which half are left (chapter 6)
  Tensor x = inputs[which] = copy(inputs[which]), dx = Tensor::zeros(x.shape());
  for (int64_t i = 0; i < x.numel(); ++i) {
    const real before = x.data()[i];
    const auto loss_at = [&](double number) {
      x.write()[i] = static_cast<real>(number);
      return sum(f(inputs) * dy).item();
    };
    const double above = loss_at(before + h), below = loss_at(before - h);
    x.write()[i] = before;
    dx.write()[i] = static_cast<real>((above - below) / (2 * h));
  }
  return dx;
}
// [/differences]

Inputs by_library(const Function& f, Inputs inputs, const Tensor& dy) {
  for (Tensor& x : inputs) x = copy(x).set_requires_grad();
  cairn::backward(f(inputs), dy);
  Inputs gradients;
  for (const Tensor& x : inputs) gradients.push_back(x.grad());
  return gradients;
}

double gelu_slope(double x) {
  const double phi = std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
  return (1 + std::erf(x / std::sqrt(2))) / 2 + x * phi;
}

Tensor causal_mask(int64_t T) {
  Tensor mask = Tensor::zeros({T, T});
  for (int64_t i = 0; i < T; ++i)
    for (int64_t j = i + 1; j < T; ++j) mask.write()[i * T + j] = -INFINITY;
  return mask;
}

AttentionParts parts_of_attention(const Tensor& dy, const Tensor& q, const Tensor& k,
                                  const Tensor& v, const Tensor& mask) {
  const real scale = 1 / std::sqrt(static_cast<real>(q.size(1)));
  const Tensor p = softmax(scale * matmul(q, transpose(k, 0, 1)) + mask);
  const Tensor dp = matmul(dy, transpose(v, 0, 1));
  return {p, dp, d_softmax(dp, p), scale};
}
