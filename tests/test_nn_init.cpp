// Initial values of parameters: the spreads, the bounds, the seeds.
#include <doctest/doctest.h>

#include "nn/initializers.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

struct Spread {
  double mean = 0, deviation = 0, least = 0, most = 0;
};

Spread spread_of(const Tensor& x) {
  Spread s{0, 0, INFINITY, -INFINITY};
  const double n = static_cast<double>(x.numel());
  for (real number : x.to_vector()) {
    const double value = static_cast<double>(number);
    s.mean += value / n;
    s.deviation += value * value / n;
    s.least = std::min(s.least, value);
    s.most = std::max(s.most, value);
  }
  s.deviation = std::sqrt(s.deviation - s.mean * s.mean);
  return s;
}

}  // namespace

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
  CHECK(spread_of(x).least >= -1);
  CHECK(spread_of(x).most <= 3);
  normal_(x, 5, 2, random);
  CHECK(spread_of(x).mean == doctest::Approx(5).epsilon(0.02));
  CHECK(spread_of(x).deviation == doctest::Approx(2).epsilon(0.02));
  truncated_normal_(x, 1, 1, 1, 2, random);
  CHECK(spread_of(x).least >= 1);
  CHECK(spread_of(x).most <= 2);
  CHECK(spread_of(x).mean == doctest::Approx(1.4598).epsilon(0.005));  // phi(0) - phi(1) over mass
  CHECK(has(error_of([&] { truncated_normal_(x, 0, 1, 9, 10, random); }), "next to nothing"));
}

TEST_CASE("init: xavier's deviation is sqrt(2 / (in + out)), kaiming's gain / sqrt(fan)") {
  Random random(3);
  Tensor w = Tensor::zeros({100, 50, 3});  // fan in 150, fan out 300
  xavier_uniform_(w, 1, random);
  CHECK(spread_of(w).deviation == doctest::Approx(std::sqrt(2 / 450.0)).epsilon(0.02));
  CHECK(spread_of(w).most <= std::sqrt(6 / 450.0));
  CHECK(spread_of(w).most > 0.99 * std::sqrt(6 / 450.0));
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
