// The initialisers' distributions: means, deviations and bounds by their formulas, numbers that
// come from the generator that is given, and what is refused.
#include <doctest/doctest.h>

#include "nn/more/init.h"
#include "nn/more/sequential.h"
#include "nn/more/transformer.h"
#include "tests/bounds.h"
#include "tests/spread.h"

using namespace cairn;
using namespace cairn::test;

namespace {

using Fill = std::function<void(Tensor& weight, Random& random)>;

struct Expected {
  std::string name;
  Shape shape;
  Fill fill;
  double mean, deviation, low, high;  // infinite bounds: a normal distribution
};

// Deviation and mean of a normal distribution that is drawn again until it is in [low, high].
Expected cut(const char* name, double mean, double std, double low, double high, const Fill& fill) {
  const double a = (low - mean) / std, b = (high - mean) / std;
  const auto density = [](double z) { return std::exp(-z * z / 2) / std::sqrt(8 * std::atan(1)); };
  const double mass = (std::erf(b / std::sqrt(2)) - std::erf(a / std::sqrt(2))) / 2;
  const double shift = (density(a) - density(b)) / mass;
  const double variance = 1 + (a * density(a) - b * density(b)) / mass - shift * shift;
  return {name, {200, 300}, fill, mean + std * shift, std * std::sqrt(variance), low, high};
}

Expected uniform(const char* name, const Shape& shape, double low, double high, const Fill& fill) {
  return {name, shape, fill, (low + high) / 2, (high - low) / std::sqrt(12.0), low, high};
}

Expected normal(const char* name, const Shape& shape, double mean, double std, const Fill& fill) {
  return {name, shape, fill, mean, std, -INFINITY, INFINITY};
}

}  // namespace

TEST_CASE("init: every distribution has its mean, deviation and bounds, fans by the formula") {
  const Shape wide{40, 250, 6};  // fan in 1500, fan out 240
  const Shape tall{250, 40, 6};  // the other way round
  const Shape plain{200, 300};
  const double x = std::sqrt(6 / 1740.0), gain = std::sqrt(2.0);
  const auto xavier = [](double g) {
    return [=](Tensor& w, Random& r) { xavier_uniform_(w, g, r); };
  };
  const auto xavier_n = [](double g) {
    return [=](Tensor& w, Random& r) { xavier_normal_(w, g, r); };
  };
  const auto kaiming = [](double g, Fan fan) {
    return [=](Tensor& w, Random& r) { kaiming_uniform_(w, g, fan, r); };
  };
  const auto kaiming_n = [](double g, Fan fan) {
    return [=](Tensor& w, Random& r) { kaiming_normal_(w, g, fan, r); };
  };
  const auto layer = [](auto make) {
    return [=](Tensor& w, Random& r) { w = make(Init{.random = &r}).detach(); };
  };
  for (const Expected& e : std::vector<Expected>{
           uniform("uniform", plain, -1, 3, [](Tensor& w, Random& r) { uniform_(w, -1, 3, r); }),
           normal("normal", plain, 5, 2, [](Tensor& w, Random& r) { normal_(w, 5, 2, r); }),
           cut("truncated", 0, 0.5, -1, 1,
               [](Tensor& w, Random& r) { truncated_normal_(w, 0.5, r); }),
           cut("cut below", 3, 2, 2, 8,
               [](Tensor& w, Random& r) { truncated_normal_(w, 3, 2, 2, 8, r); }),
           cut("cut above", -1, 3, -9, 0,
               [](Tensor& w, Random& r) { truncated_normal_(w, -1, 3, -9, 0, r); }),
           uniform("xavier uniform", wide, -x, x, xavier(1)),
           uniform("xavier uniform, tall, gain", tall, -3 * x, 3 * x, xavier(3)),
           normal("xavier normal", wide, 0, x / std::sqrt(3.0), xavier_n(1)),
           normal("xavier normal, tall, gain", tall, 0, x * std::sqrt(3.0), xavier_n(3)),
           uniform("kaiming uniform", wide, -gain * std::sqrt(3 / 1500.0),
                   gain * std::sqrt(3 / 1500.0), kaiming(gain, Fan::in)),
           uniform("kaiming uniform, out", wide, -std::sqrt(3 / 240.0), std::sqrt(3 / 240.0),
                   kaiming(1, Fan::out)),
           uniform("kaiming uniform, tall", tall, -std::sqrt(3 / 240.0), std::sqrt(3 / 240.0),
                   kaiming(1, Fan::in)),
           normal("kaiming normal", wide, 0, 2 / std::sqrt(1500.0), kaiming_n(2, Fan::in)),
           normal("kaiming normal, out", wide, 0, 2 / std::sqrt(240.0), kaiming_n(2, Fan::out)),
           normal("kaiming normal, tall, out", tall, 0, 1 / std::sqrt(1500.0),
                  kaiming_n(1, Fan::out)),
           uniform("kaiming uniform of a matrix", plain, -0.1, 0.1, kaiming(1, Fan::in)),
           uniform("Linear's weight", {200, 300}, -1 / std::sqrt(300.0), 1 / std::sqrt(300.0),
                   layer([](const Init& i) { return Linear(300, 200, i).weight; })),
           uniform("Linear's bias", {60'000}, -0.5, 0.5,
                   layer([](const Init& i) { return Linear(4, 60'000, i).bias; })),
           normal("Embedding's weight", {200, 300}, 0, 1,
                  layer([](const Init& i) { return Embedding(200, 300, i).weight; })),
           normal("LearnedPositions' weight", {200, 300}, 0, 1,
                  layer([](const Init& i) { return LearnedPositions(200, 300, i).weight; }))}) {
    INFO(e.name);
    Tensor w = Tensor::full(e.shape, 9), again = Tensor::full(e.shape, 9);
    Random random(5), same_random(5);
    const Random untouched = default_random();
    e.fill(w, random);
    e.fill(again, same_random);
    CHECK(same(w, again));
    CHECK(default_random().next == untouched.next);
    const Spread s = spread_of(w);
    CHECK(std::abs(s.mean - e.mean) < 0.03 * e.deviation);
    CHECK(std::abs(s.deviation / e.deviation - 1) < 0.015);
    if (e.high < INFINITY) {
      const double slack = 1e-6 * (e.high - e.low);
      CHECK((s.min >= e.low - slack && s.max <= e.high + slack));
    } else {
      CHECK((s.min < e.mean - 3.5 * e.deviation && s.max > e.mean + 3.5 * e.deviation));
    }
    Random other(6);
    e.fill(again, other);
    CHECK_FALSE(same(w, again));
  }
}

TEST_CASE("init: bounds that are met: both ends of a cut, all of a uniform interval") {
  Random random(7);
  Tensor w = Tensor::zeros({60'000});
  truncated_normal_(w, 0, 1, -0.5, 1, random);
  CHECK((spread_of(w).min < -0.499 && spread_of(w).max > 0.999));
  uniform_(w, 2, 2, random);
  CHECK(same(w, Tensor::full({60'000}, 2)));
  // A real has no room for what lies between: the upper bound itself is never drawn.
  const real step = std::numeric_limits<real>::epsilon();
  uniform_(w, 1, 1 + static_cast<double>(step), random);
  CHECK(same(w, Tensor::ones({60'000})));
  if (sizeof(real) == 4) {  // in float these bounds lie between two numbers
    uniform_(w, 1, 1 + 1.25 * static_cast<double>(step), random);
    CHECK(spread_of(w).max == 1 + static_cast<double>(step));
    uniform_(w, 1, 1 + 1.75 * static_cast<double>(step), random);
    CHECK(spread_of(w).max == 1 + static_cast<double>(step));
  }
}

TEST_CASE("init: numbers are the generator's, scaled, in the order of the index") {
  const Shape shape{7, 11};
  const auto filled = [&](const Fill& fill) {
    Tensor w = Tensor::zeros(shape);
    Random random(3);
    fill(w, random);
    return w.to_vector();
  };
  Random uniforms(3), normals(3), cuts(3);
  const std::vector<real> uniform = filled([](Tensor& w, Random& r) { uniform_(w, -2, 4, r); });
  const std::vector<real> normal = filled([](Tensor& w, Random& r) { normal_(w, 5, 2, r); });
  const std::vector<real> cut =
      filled([](Tensor& w, Random& r) { truncated_normal_(w, 5, 2, 3, 6, r); });
  for (size_t i = 0; i < uniform.size(); ++i) {
    CHECK(uniform[i] == static_cast<real>(-2 + 6 * uniforms.uniform()));
    CHECK(normal[i] == static_cast<real>(5 + 2 * normals.normal()));
    double x = 5 + 2 * cuts.normal();
    while (x < 3 || x > 6) x = 5 + 2 * cuts.normal();
    CHECK(cut[i] == static_cast<real>(x));
  }
}

TEST_CASE("init: left out, gain is 1 or relu's, the fan the inputs', random the thread's") {
  const auto drawn = [](const std::function<void(Tensor&)>& fill) {
    Tensor w = Tensor::zeros({30, 20});
    default_random() = Random(3);
    fill(w);
    return w;
  };
  const auto given = [](const Fill& fill) {
    Tensor w = Tensor::zeros({30, 20});
    Random random(3);
    fill(w, random);
    return w;
  };
  const double relu = std::sqrt(2.0);
  CHECK(same(drawn([](Tensor& w) { uniform_(w, -1, 3); }),
             given([](Tensor& w, Random& r) { uniform_(w, -1, 3, r); })));
  CHECK(same(drawn([](Tensor& w) { normal_(w, 1, 2); }),
             given([](Tensor& w, Random& r) { normal_(w, 1, 2, r); })));
  CHECK(same(drawn([](Tensor& w) { truncated_normal_(w, 0.5); }),
             given([](Tensor& w, Random& r) { truncated_normal_(w, 0.5, r); })));
  CHECK(same(drawn([](Tensor& w) { truncated_normal_(w, 1, 2, 0, 3); }),
             given([](Tensor& w, Random& r) { truncated_normal_(w, 1, 2, 0, 3, r); })));
  CHECK(same(drawn([](Tensor& w) { xavier_uniform_(w); }),
             given([](Tensor& w, Random& r) { xavier_uniform_(w, 1, r); })));
  CHECK(same(drawn([](Tensor& w) { xavier_normal_(w); }),
             given([](Tensor& w, Random& r) { xavier_normal_(w, 1, r); })));
  CHECK(same(drawn([](Tensor& w) { kaiming_uniform_(w); }),
             given([=](Tensor& w, Random& r) { kaiming_uniform_(w, relu, Fan::in, r); })));
  CHECK(same(drawn([](Tensor& w) { kaiming_normal_(w); }),
             given([=](Tensor& w, Random& r) { kaiming_normal_(w, relu, Fan::in, r); })));
  CHECK(same(
      drawn([](Tensor& w) { w = Linear(20, 30).weight.detach(); }),
      given([](Tensor& w, Random& r) { w = Linear(20, 30, {.random = &r}).weight.detach(); })));
}

TEST_CASE("init: gains are calculate_gain's") {
  CHECK(gain_of("linear") == 1);
  CHECK(gain_of("sigmoid") == 1);
  CHECK(gain_of("tanh") == 5.0 / 3);
  CHECK(gain_of("relu") == std::sqrt(2.0));
  CHECK(gain_of("leaky_relu") == doctest::Approx(1.4141428569978354).epsilon(1e-14));  // slope 0.01
  CHECK(gain_of("leaky_relu", 0.5) == doctest::Approx(1.2649110640673518).epsilon(1e-14));
  CHECK(gain_of("selu") == 0.75);
}

TEST_CASE("init: what is refused, and what is just allowed") {
  Tensor w = Tensor::zeros({3, 2}), vector = Tensor::zeros({3}), scalar = Tensor::zeros({});
  const auto truncate = [&](double low, double high) {
    return [&w, low, high] { truncated_normal_(w, 1, 2, low, high); };
  };
  check_bounds({
      {"[truncated_normal_] std", not_negative, [&](double x) { truncated_normal_(w, x); }},
      {"[normal_] mean", a_number, [&](double x) { normal_(w, x, 1); }},
      {"[normal_] std", not_negative, [&](double x) { normal_(w, 0, x); }},
      {"[truncated_normal_] mean", a_number, [&](double x) { truncated_normal_(w, x, 1, -2, 2); }},
      {"[init] gain", not_negative, [&](double x) { xavier_uniform_(w, x); }},
      {"[init] gain", not_negative, [&](double x) { xavier_normal_(w, x); }},
      {"[init] gain", not_negative, [&](double x) { kaiming_uniform_(w, x); }},
      {"[init] gain", not_negative, [&](double x) { kaiming_normal_(w, x); }},
  });
  check_errors({
      {"[truncated_normal_] std is 0", "finite and larger than 0",
       [&] { truncated_normal_(w, 0, 0, -1, 1); }},
      {"[uniform_] the bounds are 1.000000 and 0.500000", "finite, the lower one first",
       [&] { uniform_(w, 1, 0.5); }},
      {"[uniform_] the bounds are -", "finite, the lower one first",
       [&] { uniform_(w, -1e308, 1e308); }},
      {"[uniform_] the bounds are 0.000000 and inf", "finite, the lower one first",
       [&] { uniform_(w, 0, INFINITY); }},
      // Of the distribution of mean 1 and deviation 2: 1.04 % and 0.97 % above, the same below.
      {"", "", truncate(5.4, 6.4)},
      {"[init] [5.440000, 6.400000] holds next to nothing of this normal distribution",
       "low < high, and near the mean", truncate(5.44, 6.4)},
      {"", "", truncate(-4.4, -3.4)},
      {"[init] [-4.400000, -3.440000] holds next to nothing", "low < high, and near the mean",
       truncate(-4.4, -3.44)},
      {"[init] [2.000000, 1.000000] holds next to nothing", "low < high, and near the mean",
       truncate(2, 1)},
      {"[init] a weight of shape (3,) has no fan", "two axes or more: (out, in, ...)",
       [&] { xavier_uniform_(vector); }},
      {"[init] a weight of shape () has no fan", "two axes or more: (out, in, ...)",
       [&] { kaiming_normal_(scalar); }},
      {"[init] there is no gain for \"swish\"", "linear, sigmoid, tanh, relu, leaky_relu or selu",
       [] { gain_of("swish"); }},
  });
  for (const Shape& shape : {Shape{0, 3}, Shape{3, 0}, Shape{0, 0}, Shape{3, 2, 0}}) {
    Tensor none = Tensor::zeros(shape);
    CHECK(error_of([&] { xavier_uniform_(none), kaiming_normal_(none, 1, Fan::out); }) == "");
  }
}

TEST_CASE("init: a model's layers draw from the generator that is given, one after the other") {
  Random random(3), again(3);
  const uint64_t before = default_random().next;
  const Init init{.random = &random};
  const TransformerOptions options{.d_model = 8,
                                   .nhead = 2,
                                   .num_encoder_layers = 2,
                                   .num_decoder_layers = 2,
                                   .dim_feedforward = 12};
  Transformer a(options, init), b(options, Init{.random = &again}), c(options, init);
  const NamedTensors p = a.named_parameters(), q = b.named_parameters(), r = c.named_parameters();
  for (size_t i = 0; i < p.size(); ++i) {
    INFO(p[i].name);
    CHECK(same(p[i].tensor, q[i].tensor));
    const double spread = spread_of(p[i].tensor).deviation;
    CHECK(same(p[i].tensor, r[i].tensor) == (spread == 0));  // other numbers, or constant ones
    for (size_t j = 0; j < i; ++j) CHECK((spread == 0 || !same(p[i].tensor, p[j].tensor)));
  }
  CHECK(default_random().next == before);
  for (const NamedTensor& t :
       Transformer(options, Init{.std = 0.5, .random = &random}).named_parameters()) {
    const bool matrix = t.tensor.axes() > 1;
    CHECK(std::abs(spread_of(t.tensor).deviation - (matrix ? 0.44 : 0)) < 0.1);
  }
  for (const NamedTensor& t : Transformer(options, Init::none()).named_parameters())
    CHECK(spread_of(t.tensor).deviation == 0);
  RelativePositions relative(300, {}, Init{.std = 0.5, .random = &random});
  CHECK(std::abs(spread_of(relative.relative_attention_bias.weight).deviation - 0.44) < 0.02);
}
