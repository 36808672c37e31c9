// The small layers number by number, the parameters of every module, what constructors refuse.
#include <doctest/doctest.h>

#include "core/autograd/autograd.h"
#include "nn/more/sequential.h"
#include "nn/more/transformer.h"
#include "tests/bounds.h"
#include "tests/paths.h"

using namespace cairn;
using namespace cairn::test;

namespace {

std::vector<std::string> names_of(Module& module) {
  std::vector<std::string> names;
  for (const NamedTensor& p : module.named_parameters())
    names.push_back(p.name + " " + to_string(p.tensor.shape()));
  return names;
}
using Names = std::vector<std::string>;

int64_t whole(double x) { return static_cast<int64_t>(x); }

}  // namespace

TEST_CASE("linear: y = x W^T + b by hand, of one vector, a matrix and a stack, and its gradients") {
  Linear layer(2, 3);
  layer.load_state_dict(
      {{"weight", Tensor::of({{1, 2}, {-1, 0.5}, {0, 3}})}, {"bias", Tensor::of({0.5, -1, 2})}});
  const Tensor x = Tensor::of({{1, 2}, {-3, 0.5}}).set_requires_grad();
  const Tensor y = Tensor::of({{5.5, -1, 8}, {-1.5, 2.25, 3.5}});
  CHECK(same(layer(x), y));
  CHECK(same(layer(select(x, 0, 1)), select(y, 0, 1)));
  CHECK(same(layer(reshape(x, {2, 1, 2})), reshape(y, {2, 1, 3})));
  const std::vector<Tensor> g = grad({layer(x)}, {x, layer.weight, layer.bias},
                                     {.douts = {Tensor::of({{1, 0, 2}, {0, -1, 4}})}});
  CHECK(same(g[0], Tensor::of({{1, 8}, {1, 11.5}})));
  CHECK(same(g[1], Tensor::of({{1, 2}, {3, -0.5}, {-10, 6}})));
  CHECK(same(g[2], Tensor::of({1, -1, 6})));

  Linear plain(2, 3, Bias::no);
  plain.load_state_dict({{"weight", layer.weight.detach()}});
  CHECK(same(plain(x), y - layer.bias));
}

TEST_CASE("embedding: a row for each id in the ids' shape - a row's gradient adds up its uses") {
  Embedding table(4, 2);
  table.load_state_dict({{"weight", Tensor::of({{1, 2}, {3, 4}, {5, 6}, {7, 8}})}});
  const Tensor y = table(Ids({2, 3}, {3, 0, 3, 1, 1, 3}));
  CHECK(same(y, Tensor::of({2, 3, 2}, {7, 8, 1, 2, 7, 8, 3, 4, 3, 4, 7, 8})));
  const Tensor dy = Tensor::of({2, 3, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  CHECK(same(grad({y}, {table.weight}, {.douts = {dy}})[0],
             Tensor::of({{3, 4}, {16, 18}, {0, 0}, {17, 20}})));
  CHECK(table(Ids{}).shape() == Shape{0, 2});
  CHECK(error_of([&] { table({4}); }) != "");
  CHECK(error_of([&] { table({-1}); }) != "");
}

// torch 2.13.0: LayerNorm(4, eps=0.5), weight [1, 2, -1, 0.5], bias [0, 1, 2, -3], in float64.
TEST_CASE("layer norm: eps, weight and bias as PyTorch has them") {
  const Tensor x = Tensor::of({{1, 2, 3, 6}, {-0.5, 0.25, 0, 0.25}});
  LayerNorm norm(4, 0.5);
  CHECK(same(norm.weight, Tensor::ones({4})));
  CHECK(same(norm.bias, Tensor::zeros({4})));
  const NamedTensors affine{{"weight", Tensor::of({1, 2, -1, 0.5})},
                            {"bias", Tensor::of({0, 1, 2, -3})}};
  norm.load_state_dict(affine);
  check_close(reshape(norm(x), {8}),
              {-1.0, 0.0, 2.0, -2.25, -0.648885685, 1.64888568, 2.0, -2.83777858});
  LayerNorm bare(4, 0.5, Bias::no);
  bare.load_state_dict({affine[0]});
  CHECK(difference(bare(x), norm(x) - norm.bias) < 1e-6);
}

TEST_CASE("dropout: in training zeros at rate p and the others times 1 / (1 - p), else x itself") {
  default_random() = Random(11);
  const Tensor x = Tensor::full({20'000}, 3);
  for (const double p : {0.01, 0.25, 0.9}) {
    Dropout dropout(p);
    const Tensor y = dropout(x), z = dropout(x);
    CHECK_FALSE(same(y, z));
    double zeros = 0;
    const real kept = static_cast<real>(3 / (1 - p));
    for (const real number : y.to_vector()) {
      if (number == 0) ++zeros;
      else CHECK(std::abs(number - kept) <= 1e-6f * kept);
    }
    const double deviation = std::sqrt(p * (1 - p) / 20'000);
    CHECK(std::abs(zeros / 20'000 - p) < 5 * deviation);
    dropout.eval();
    CHECK(dropout(x).handle() == x.handle());
    dropout.train();
    CHECK_FALSE(same(dropout(x), x));
    default_random() = Random(11);  // the numbers are this generator's
    const Tensor once = dropout(x);
    default_random() = Random(11);
    CHECK(same(dropout(x), once));
  }
  CHECK(Dropout(0)(x).handle() == x.handle());
  CHECK(Dropout().p == 0.5);
}

TEST_CASE("layers: every module's parameters, their names, order and shapes") {
  Linear linear(2, 3), plain(2, 3, Bias::no);
  CHECK(names_of(linear) == Names{"weight (3, 2)", "bias (3,)"});
  CHECK(names_of(plain) == Names{"weight (3, 2)"});
  Embedding embedding(5, 2);
  CHECK(names_of(embedding) == Names{"weight (5, 2)"});
  LayerNorm norm(4), bare(4, Bias::no);
  CHECK(names_of(norm) == Names{"weight (4,)", "bias (4,)"});
  CHECK(names_of(bare) == Names{"weight (4,)"});
  Dropout dropout;
  CHECK(names_of(dropout).empty());
  LearnedPositions learned(6, 4);
  CHECK(names_of(learned) == Names{"weight (6, 4)"});
  RelativePositions relative(3, {.count = 8});
  CHECK(names_of(relative) == Names{"relative_attention_bias.weight (8, 3)"});
  MultiheadAttention attention(4, 2);
  CHECK(names_of(attention) == Names{"in_proj_weight (12, 4)", "in_proj_bias (12,)",
                                     "out_proj.weight (4, 4)", "out_proj.bias (4,)"});
  const TransformerLayerOptions small{.d_model = 4, .nhead = 2, .dim_feedforward = 6};
  const Names self{"self_attn.in_proj_weight (12, 4)", "self_attn.in_proj_bias (12,)",
                   "self_attn.out_proj.weight (4, 4)", "self_attn.out_proj.bias (4,)"};
  const Names feed{"linear1.weight (6, 4)", "linear1.bias (6,)", "linear2.weight (4, 6)",
                   "linear2.bias (4,)",     "norm1.weight (4,)", "norm1.bias (4,)",
                   "norm2.weight (4,)",     "norm2.bias (4,)"};
  TransformerEncoderLayer encoder(small);
  Names expected = self;
  expected.insert(expected.end(), feed.begin(), feed.end());
  CHECK(names_of(encoder) == expected);
  TransformerDecoderLayer decoder(small);
  expected = self;
  for (std::string name : self) expected.push_back("multihead_attn" + name.substr(9));
  expected.insert(expected.end(), feed.begin(), feed.end());
  expected.insert(expected.end(), {"norm3.weight (4,)", "norm3.bias (4,)"});
  CHECK(names_of(decoder) == expected);
  TransformerEncoder without(small, 1), with(small, 1, FinalNorm::yes);
  CHECK(names_of(without).back() == "layers.0.norm2.bias (4,)");
  CHECK(names_of(with).back() == "norm.bias (4,)");
  CHECK(names_of(with).size() == names_of(without).size() + 2);
}

TEST_CASE("layers: without an eps it is 1e-5, with and without bias") {
  const Tensor x = Tensor::of({{0.001f, 0.002f, 0.004f, -0.001f}});
  CHECK(same(LayerNorm(4)(x), LayerNorm(4, 1e-5)(x)));
  CHECK(same(LayerNorm(4, Bias::no)(x), LayerNorm(4, 1e-5, Bias::no)(x)));
  CHECK_FALSE(same(LayerNorm(4)(x), LayerNorm(4, 2e-5)(x)));
}

TEST_CASE("layers: each one's errors name it, and the line that called it") {
  const TransformerLayerOptions small{.d_model = 4, .nhead = 2, .dim_feedforward = 6};
  const Tensor bad = Tensor::zeros({3, 5}), good = Tensor::zeros({3, 4});
  Linear linear(4, 2);
  Embedding embedding(4, 2);
  LayerNorm norm(4);
  LearnedPositions learned(2, 4);
  RelativePositions relative(2);
  MultiheadAttention attention(4, 2);
  TransformerEncoderLayer encoder_layer(small);
  TransformerDecoderLayer decoder_layer(small);
  TransformerEncoder encoder(small, 1);
  TransformerDecoder decoder(small, 1);
  Transformer transformer({.d_model = 4, .nhead = 2, .dim_feedforward = 6});
  Sequential sequential(Linear(4, 2));
  const std::vector<std::pair<std::string, std::function<void()>>> table{
      {"Linear", [&] { linear(bad); }},
      {"Embedding", [&] { embedding({7}); }},
      {"LayerNorm", [&] { norm(bad); }},
      {"LearnedPositions", [&] { learned(Rows::of_lengths({3})); }},
      {"RelativePositions", [&] { relative(-1, 2); }},
      {"MultiheadAttention", [&] { attention(bad); }},
      {"MultiheadAttention", [&] { attention(good, good, bad); }},
      {"MultiheadAttention", [&] { attention.weights(bad, good); }},
      {"TransformerEncoderLayer", [&] { encoder_layer(bad); }},
      {"TransformerDecoderLayer", [&] { decoder_layer(bad, good); }},
      {"TransformerEncoder", [&] { encoder(bad); }},
      {"TransformerDecoder", [&] { decoder(good, bad); }},
      {"Transformer", [&] { transformer(good, bad); }},
      {"Sequential", [&] { sequential(bad); }}};
  for (const auto& [name, f] : table) {
    const std::string text = error_of(f);
    CHECK_MESSAGE((has(text, "  in " + name + " (") || has(text, "  in " + name + " > ")), text);
    CHECK_MESSAGE(has(text, "at test_nn_layers.cpp:"), text);
  }
}

TEST_CASE("sequential: sixteen steps are applied in their order, more are added behind them") {
  const auto step = [](int i) {
    return [i](const Tensor& x) { return x * 2 + static_cast<real>(i); };
  };
  Sequential model(step(0), step(1), step(2), step(3), step(4), step(5), step(6), step(7), step(8),
                   step(9), step(10), step(11), step(12), step(13), step(14), step(15));
  model.add(step(16));
  model.add({});
  CHECK(model.size() == 17);
  double expected = 0.5;
  for (int i = 0; i < 17; ++i) expected = 2 * expected + i;
  CHECK(model(Tensor::of({0.5})).item() == static_cast<real>(expected));
}

TEST_CASE("bounds of layers: each size and option is refused by its own name") {
  check_bounds({
      {"[Linear] in", size, [](double x) { Linear(whole(x), 4); }},
      {"[Linear] out", size, [](double x) { Linear(4, whole(x)); }},
      {"[Embedding] count", size, [](double x) { Embedding(whole(x), 4); }},
      {"[Embedding] size", size, [](double x) { Embedding(4, whole(x)); }},
      {"[LayerNorm] size", size, [](double x) { LayerNorm(whole(x), 1e-5); }},
      {"[LayerNorm] eps", not_negative, [](double x) { LayerNorm(4, x); }},
      {"[Dropout] p", fraction, [](double x) { Dropout{x}; }},
      {"[LearnedPositions] max_positions", size, [](double x) { LearnedPositions(whole(x), 4); }},
      {"[LearnedPositions] size", size, [](double x) { LearnedPositions(4, whole(x)); }},
      {"[MultiheadAttention] embed_dim", size, [](double x) { MultiheadAttention(whole(x), 1); }},
      {"[MultiheadAttention] dropout", fraction, [](double x) { MultiheadAttention(4, 1, x); }},
      {"[sinusoidal_positions] base", positive, [](double x) { sinusoidal_positions(2, 2, x); }},
      {"[rotary] base", positive,
       [](double x) {
         Rotary{.base = x}(Tensor::ones({2, 4}), Ids{0, 1}, 1);
       }},
  });
  const TransformerLayerOptions small{.d_model = 4, .nhead = 2, .dim_feedforward = 6};
  TransformerLayerOptions null = small;
  null.activation = nullptr;
  const std::string remedy =
      "an op such as relu or gelu; activation(name) is null if it does not know the name";
  const std::string heads = "d_model (embed_dim) must be a multiple of nhead (num_heads)";
  check_errors({
      {"[TransformerEncoder] num_layers is -1", "in [0, 10000]",
       [=] { TransformerEncoder bad(small, -1); }},
      {"[TransformerDecoder] num_layers is 10001", "in [0, 10000]",
       [=] { TransformerDecoder bad(small, 10'001); }},
      {"", "", [=] { TransformerEncoder(small, 0); }},
      {"[Transformer] the activation is null", remedy, [=] { TransformerEncoderLayer bad(null); }},
      {"[Transformer] the activation is null", remedy, [=] { TransformerDecoderLayer bad(null); }},
      {"[MultiheadAttention] a model of 8 numbers per token can't be divided among 3 heads", heads,
       [] { MultiheadAttention bad(8, 3); }},
      {"among 0 heads", heads, [] { MultiheadAttention bad(8, 0); }},
      {"among -2 heads", heads, [] { MultiheadAttention bad(8, -2); }},
      {"", "", [] { MultiheadAttention(8, 8); }},
      {"[Sequential] a function is null", "activation(name) is if it knows no such name",
       [] { Sequential bad(activation("gleu")); }},
  });
}
