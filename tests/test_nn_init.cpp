// Initial values of parameters: the spreads, the bounds, the seeds.
#include <doctest/doctest.h>

#include "core/autograd/autograd.h"
#include "nn/more/init.h"
#include "nn/more/sequential.h"
#include "nn/more/transformer.h"
#include "optim/adamw.h"
#include "tests/spread.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

TEST_CASE("init: a truncated normal stays within two deviations and is seeded") {
  Random random(3), again(3);
  Tensor a = Tensor::zeros({200, 100}), b = Tensor::zeros({200, 100});
  truncated_normal_(a, 0.02, random);
  truncated_normal_(b, 0.02, again);
  CHECK(same(a, b));
  double largest = 0, sum = 0, squares = 0;
  for (real x : a.to_vector()) {
    largest = std::max(largest, std::abs(static_cast<double>(x)));
    sum += static_cast<double>(x);
    squares += static_cast<double>(x) * static_cast<double>(x);
  }
  CHECK(largest <= 0.04 + 1e-9);
  CHECK(largest > 0.039);
  CHECK(std::abs(sum / 20000) < 0.0005);
  CHECK(std::sqrt(squares / 20000) == doctest::Approx(0.02 * 0.8796).epsilon(0.02));
}

TEST_CASE("init: uniform and normal have their mean and deviation, and stay within bounds") {
  Random random(3);
  Tensor x = Tensor::zeros({300, 100});
  uniform_(x, -1, 3, random);
  CHECK(spread_of(x).mean == doctest::Approx(1).epsilon(0.02));
  CHECK(spread_of(x).deviation == doctest::Approx(4 / std::sqrt(12.0)).epsilon(0.02));
  CHECK(spread_of(x).min >= -1);
  CHECK(spread_of(x).max <= 3);
  normal_(x, 5, 2, random);
  CHECK(spread_of(x).mean == doctest::Approx(5).epsilon(0.02));
  CHECK(spread_of(x).deviation == doctest::Approx(2).epsilon(0.02));
  truncated_normal_(x, 1, 1, 1, 2, random);
  CHECK(spread_of(x).min >= 1);
  CHECK(spread_of(x).max <= 2);
  CHECK(spread_of(x).mean == doctest::Approx(1.4598).epsilon(0.005));  // phi(0) - phi(1) over mass
  CHECK(has(error_of([&] { truncated_normal_(x, 0, 1, 9, 10, random); }), "next to nothing"));
}

TEST_CASE("init: xavier's deviation is sqrt(2 / (in + out)), kaiming's gain / sqrt(fan)") {
  Random random(3);
  Tensor w = Tensor::zeros({100, 50, 3});  // fan in 150, fan out 300
  xavier_uniform_(w, 1, random);
  CHECK(spread_of(w).deviation == doctest::Approx(std::sqrt(2 / 450.0)).epsilon(0.02));
  CHECK(spread_of(w).max <= std::sqrt(6 / 450.0));
  CHECK(spread_of(w).max > 0.99 * std::sqrt(6 / 450.0));
  xavier_normal_(w, 2, random);
  CHECK(spread_of(w).deviation == doctest::Approx(2 * std::sqrt(2 / 450.0)).epsilon(0.02));
  kaiming_uniform_(w, gain_of("relu"), Fan::in, random);
  CHECK(spread_of(w).deviation == doctest::Approx(std::sqrt(2 / 150.0)).epsilon(0.02));
  kaiming_normal_(w, gain_of("tanh"), Fan::out, random);
  CHECK(spread_of(w).deviation == doctest::Approx(5 / 3.0 / std::sqrt(300.0)).epsilon(0.02));
  Tensor vector = Tensor::zeros({3});
  CHECK(has(error_of([&] { xavier_normal_(vector); }), "(3,) has no fan"));
  CHECK(has(error_of([] { gain_of("swish"); }), "swish"));
}

// PyTorch 2.13: what its layers' reset_parameters() draws.

namespace {

// Uniform in [-bound, bound): mean and deviation are that, each within five of its own standard
// deviations, and the bound is nearly met.
void check_uniform(const Tensor& x, double bound) {
  const double deviation = bound / std::sqrt(3.0), n = static_cast<double>(x.numel());
  CHECK(std::abs(spread_of(x).mean) < 5 * deviation / std::sqrt(n));
  CHECK(std::abs(spread_of(x).deviation - deviation) < 5 * deviation * std::sqrt(0.2 / n));
  CHECK(std::max(-spread_of(x).min, spread_of(x).max) <= bound * (1 + 1e-6));
  CHECK(std::max(-spread_of(x).min, spread_of(x).max) > 0.97 * bound);
}

void check_constant(const Tensor& x, real value) { CHECK(same(x, Tensor::full(x.shape(), value))); }

}  // namespace

TEST_CASE("init: layers start as PyTorch's: bounds and variances") {
  default_random() = Random(3);
  const Linear linear(400, 300);
  check_uniform(linear.weight, 1 / 20.0);
  check_uniform(linear.bias, 1 / 20.0);
  const Embedding embedding(300, 400);
  CHECK(std::abs(spread_of(embedding.weight).mean) < 0.02);
  CHECK(spread_of(embedding.weight).deviation == doctest::Approx(1).epsilon(0.02));
  CHECK(spread_of(embedding.weight).max > 3.5);
  CHECK(spread_of(LearnedPositions(300, 40).weight).deviation == doctest::Approx(1).epsilon(0.05));
  const MultiheadAttention attention(128, 4);
  check_uniform(attention.in_proj_weight, 0.10825317547305482);
  check_uniform(attention.out_proj.weight, 0.08838834764831843);
  check_constant(attention.in_proj_bias, 0);
  check_constant(attention.out_proj.bias, 0);
  const TransformerEncoderLayer layer({.d_model = 64, .nhead = 4, .dim_feedforward = 256});
  check_uniform(layer.linear1.weight, 0.125);
  check_uniform(layer.linear1.bias, 0.125);
  check_uniform(layer.linear2.weight, 0.0625);
  check_uniform(layer.self_attn.in_proj_weight, 0.15309310892394862);
  check_constant(layer.norm1.weight, 1);
  check_constant(layer.norm1.bias, 0);
  const Transformer transformer({.d_model = 64,
                                 .nhead = 4,
                                 .num_encoder_layers = 1,
                                 .num_decoder_layers = 1,
                                 .dim_feedforward = 256});
  check_uniform(transformer.encoder.layers[0].linear1.weight, 0.13693063937629152);
  check_uniform(transformer.encoder.layers[0].linear1.bias, 0.125);
  check_uniform(transformer.decoder.layers[0].multihead_attn.out_proj.weight, 0.21650635094610965);
  check_constant(transformer.decoder.layers[0].multihead_attn.out_proj.bias, 0);
}

TEST_CASE("init: with a deviation, weights are truncated normal and biases 0 - none() is zeros") {
  Random random(3), again(3);
  const Init init{.std = 0.02, .random = &random};
  const Linear layer(100, 100, init);
  Tensor expected = Tensor::zeros({100, 100});
  truncated_normal_(expected, 0.02, again);
  CHECK(same(layer.weight, expected));
  check_constant(layer.bias, 0);
  CHECK(random.next == again.next);  // the bias took no numbers
  check_constant(Linear(3, 2, Init::none()).weight, 0);
  check_constant(Embedding(3, 2, Init::none()).weight, 0);
  check_constant(Embedding(3, 2, Init{.std = 0}).weight, 0);
  const Transformer loaded({.d_model = 4, .nhead = 2, .dim_feedforward = 4}, Init::none());
  check_constant(loaded.encoder.layers[0].linear1.weight, 0);
}

TEST_CASE("layers: sizes, options, Init, in this order everywhere") {
  CHECK_FALSE(Linear(4, 8, Bias::no).bias.defined());
  CHECK_FALSE(Linear(4, 8, Bias::no, Init{.std = 1}).bias.defined());
  CHECK(Linear(4, 8, Init{.std = 1}).bias.defined());
  CHECK_FALSE(LayerNorm(8, Bias::no).bias.defined());
  CHECK_FALSE(LayerNorm(8, 1e-12, Bias::no).bias.defined());
  CHECK_FALSE(MultiheadAttention(8, 2, 0, Bias::no, Init{.std = 1}).in_proj_bias.defined());
  CHECK(Dropout().p == 0.5);
  const Tensor x = random_tensor({3, 8}, 1);
  CHECK(same(LayerNorm(8)(x), LayerNorm(8, 1e-5)(x)));
}

TEST_CASE("init: a small network learns XOR from every one of 20 seeds") {
  const Tensor x = Tensor::of({4, 2}, {0, 0, 0, 1, 1, 0, 1, 1}),
               y = Tensor::of({4, 1}, {0, 1, 1, 0});
  for (uint64_t seed = 0; seed < 20; ++seed) {
    default_random() = Random(seed);
    Sequential model(Linear(2, 8), tanh, Linear(8, 1));
    AdamW optimizer(model.named_parameters(), {.lr = 0.05});
    Tensor loss;
    for (int step = 0; step < 200; ++step) {
      optimizer.zero_grad();
      loss = binary_cross_entropy_with_logits(model(x), y);
      loss.backward();
      optimizer.step();
    }
    CHECK_MESSAGE(loss.item() < 0.1, "seed " << seed << ": " << loss.item());
    CHECK(same(model(x) > 0, y));
  }
}
