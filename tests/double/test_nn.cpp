// Encoder layers and optimisers in double: gradients against differences, AdamW against formulas.
#include <doctest/doctest.h>

#include "core/autograd.h"
#include "nn/transformer.h"
#include "optim/adam.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

TEST_CASE("encoder layer: gradients of every parameter, post-norm and pre-norm") {
  for (bool norm_first : {false, true}) {
    EncoderLayer layer({.size = 6,
                        .heads = 2,
                        .inner_size = 5,
                        .eps = 1e-5,
                        .dropout = 0,
                        .act = "gelu",
                        .norm_first = norm_first},
                       Init{.std = 0.5});
    const Tensor x = random_leaf({5, 6}, 3);
    std::vector<Tensor> leaves{x};
    for (const NamedTensor& p : layer.named_parameters()) leaves.push_back(p.tensor);
    const Rows rows = Rows::of_lengths({3, 2});
    const auto run = [&](const std::vector<Tensor>&) { return layer(x, rows); };
    CHECK(gradcheck(run, leaves) == "");
  }
}

TEST_CASE("adamw: its formula, written out, over 50 steps") {
  const double lr = 0.01, decay = 0.1, beta1 = 0.9, beta2 = 0.999, eps = 1e-8;
  Tensor p = Tensor::of({2}, {1, -2}).set_requires_grad();
  AdamW optimizer({{.parameters = {{"p", p}}, .weight_decay = decay}});
  double q[] = {1, -2}, m[] = {0, 0}, v[] = {0, 0};
  for (int t = 1; t <= 50; ++t) {
    const Tensor gradient = random_tensor({2}, static_cast<uint64_t>(t));
    p.set_grad(gradient);
    optimizer.step(lr, 0.5);
    for (int i = 0; i < 2; ++i) {
      const double g = gradient.to_vector()[static_cast<size_t>(i)] * 0.5;
      q[i] *= 1 - lr * decay;
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      v[i] = beta2 * v[i] + (1 - beta2) * g * g;
      const double denominator = std::sqrt(v[i]) / std::sqrt(1 - std::pow(beta2, t)) + eps;
      q[i] -= lr / (1 - std::pow(beta1, t)) * m[i] / denominator;
    }
    CHECK(difference(p, Tensor::of({2}, {q[0], q[1]})) < 1e-14);
  }
}
