// Layers and optimisers in double: gradients against differences, AdamW against its formula.
#include <doctest/doctest.h>

#include "core/autograd/autograd.h"
#include "core/autograd/more/gradcheck.h"
#include "nn/more/sequential.h"
#include "nn/more/transformer.h"
#include "optim/adamw.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

const Init wide{.std = 0.5};

TransformerLayerOptions small(bool norm_first) {
  return {.d_model = 6,
          .nhead = 2,
          .dim_feedforward = 5,
          .dropout = 0,
          .activation = gelu,
          .norm_first = norm_first};
}

// The gradients of `run` for these inputs and all parameters of the module.
std::string check_gradients(Module& module, std::vector<Tensor> inputs,
                            const std::function<Tensor()>& run) {
  for (const NamedTensor& p : module.named_parameters()) inputs.push_back(p.tensor);
  return gradcheck([&](const std::vector<Tensor>&) { return run(); }, inputs);
}

}  // namespace

TEST_CASE("small layers: gradients of the input and every parameter") {
  Sequential model(Linear(4, 6, wide), cairn::tanh, LayerNorm(6, 1e-5),
                   Linear(6, 3, Bias::no, wide));
  const Tensor x = random_leaf({5, 4}, 3);
  CHECK(check_gradients(model, {x}, [&] { return model(x); }) == "");
  Embedding table(5, 3, wide);
  CHECK(check_gradients(table, {}, [&] { return table({1, 4, 1}); }) == "");
}

TEST_CASE("attention: gradients of query, key, value, bias and every parameter") {
  MultiheadAttention attend(6, 2, 0, Bias::yes, wide);
  const Tensor q = random_leaf({5, 6}, 1), k = random_leaf({4, 6}, 2), v = random_leaf({4, 6}, 3);
  const Tensor bias = random_leaf({2, 3, 3}, 4);
  const Rows rows = Rows::of_lengths({3, 2}), k_rows = Rows::of_lengths({1, 3});
  const Tensor hidden = Tensor::of({2, 3}, {0, 0, 0, 0, 1, 0});
  const Mask mask{.bias = bias, .key_padding_mask = hidden};
  for (const bool turned : {false, true}) {
    if (turned) attend = MultiheadAttention(6, 1, 0, Bias::yes, wide);
    if (turned) attend.rotary = Rotary{.base = 10, .pairs = Rotary::Pairs::neighbours};
    const Mask& used = turned ? Mask{.causal = true} : mask;
    std::vector<Tensor> inputs{q, k, v};
    if (!turned) inputs.push_back(bias);
    CHECK(check_gradients(attend, inputs, [&] { return attend(q, k, v, rows, k_rows, used); }) ==
          "");
  }
  const Tensor padded = random_leaf({2, 3, 6}, 5);
  CHECK(check_gradients(attend, {padded}, [&] { return attend(padded, rows); }) == "");
  CHECK(check_gradients(attend, {padded},
                        [&] { return attend.weights(padded, padded, rows, rows); }) == "");
}

TEST_CASE("encoder layer: gradients of every parameter, post-norm and pre-norm") {
  for (bool norm_first : {false, true}) {
    TransformerEncoderLayer layer(small(norm_first), wide);
    const Tensor x = random_leaf({5, 6}, 3);
    CHECK(check_gradients(layer, {x}, [&] { return layer(x, Rows::of_lengths({3, 2})); }) == "");
  }
}

TEST_CASE("decoder layer: gradients of every parameter, with cross-attention, both norms") {
  for (bool norm_first : {false, true}) {
    TransformerDecoderLayer layer(small(norm_first), wide);
    const Tensor x = random_leaf({5, 6}, 3), memory = random_leaf({6, 6}, 4);
    CHECK(check_gradients(layer, {x, memory}, [&] {
            return layer(x, memory, Rows::of_lengths({3, 2}), Rows::of_lengths({2, 4}),
                         {.causal = true});
          }) == "");
  }
}

TEST_CASE("transformer: gradients of source, target and every parameter") {
  Transformer model({.d_model = 4,
                     .nhead = 2,
                     .num_encoder_layers = 1,
                     .num_decoder_layers = 1,
                     .dim_feedforward = 3,
                     .dropout = 0,
                     .activation = tanh},
                    wide);
  const Tensor src = random_leaf({2, 3, 4}, 1), tgt = random_leaf({2, 2, 4}, 2);
  const Tensor hidden = Tensor::of({2, 3}, {0, 0, 1, 0, 0, 0});
  const TransformerMasks masks{.src = {.key_padding_mask = hidden},
                               .tgt = {.causal = true},
                               .memory = {.key_padding_mask = hidden}};
  CHECK(check_gradients(model, {src, tgt}, [&] { return model(src, tgt, {}, {}, masks); }) == "");
}

TEST_CASE("positions: gradients of learned, rotary and relative ones") {
  LearnedPositions learned(4, 3, wide);
  CHECK(check_gradients(learned, {}, [&] { return learned(Rows::of_lengths({2, 4})); }) == "");
  RelativePositions relative(2, {.count = 4, .max_distance = 6}, wide);
  CHECK(check_gradients(relative, {}, [&] { return relative(3, 4); }) == "");
  const Tensor x = random_leaf({3, 8}, 1);
  for (const Rotary::Pairs pairs : {Rotary::Pairs::halves, Rotary::Pairs::neighbours}) {
    const Rotary rotary{.pairs = pairs};
    CHECK(gradcheck(
              [&](const std::vector<Tensor>&) {
                return rotary(x, {4, 0, 2}, 2);
              },
              {x}) == "");
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
