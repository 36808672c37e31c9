// New tensors and Ids by a rule, and random ones: their values, their distributions, their seeds.
// Right values: PyTorch 2.13 (torch.arange, linspace, eye).
#include <doctest/doctest.h>

#include <map>

#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

using Reals = std::vector<real>;
using Ints = std::vector<int32_t>;

// Pearson's sum over the classes of (seen - expected)^2 / expected.
double chi_square(const std::map<Ints, double>& expected, const std::map<Ints, double>& seen) {
  double sum = 0;
  for (const auto& [key, e] : expected) {
    const double d = (seen.count(key) ? seen.at(key) : 0) - e;
    sum += d * d / e;
  }
  return sum;
}

double mean_of(const Tensor& x) { return static_cast<double>(mean(x).item()); }
double variance_of(const Tensor& x) { return static_cast<double>(var(x).item()); }

}  // namespace

TEST_CASE("arange: start, start + step, ... before end, as torch.arange") {
  CHECK(Tensor::arange(4).to_vector() == Reals{0, 1, 2, 3});
  CHECK(Tensor::arange(5, 0, -2).to_vector() == Reals{5, 3, 1});
  CHECK(Tensor::arange(1, 2.5, 0.5).to_vector() == Reals{1, 1.5, 2});
  CHECK(Tensor::arange(0, 1, 0.1).shape() == Shape{10});
  CHECK(Tensor::arange(0, 1, 0.1)[7].item() == real(0.7));
  CHECK(Tensor::arange(0, 1, 0.3).numel() == 4);
  CHECK(Tensor::arange(3, 3).shape() == Shape{0});
  CHECK(has(error_of([] { Tensor::arange(0, 3, 0); }), "from 0.0"));
  CHECK(has(error_of([] { Tensor::arange(3, 0); }), "counts up"));
  CHECK(has(error_of([] { Tensor::arange(0, 1, NAN); }), "arange"));
  CHECK(has(error_of([] { Tensor::arange(INFINITY); }), "arange"));
  CHECK(has(error_of([] { Tensor::arange(0, 1e300, 1e-10); }), "arange"));
  CHECK(Ids::arange(4).values() == Ints{0, 1, 2, 3});
  CHECK(Ids::arange(5, 0, -2).values() == Ints{5, 3, 1});
  CHECK(Ids::arange(2, 2).numel() == 0);
  CHECK(Ids::arange(INT32_MAX, int64_t{INT32_MAX} + 1).values() == Ints{INT32_MAX});
  CHECK(Ids::arange(0, 3, INT64_MAX).values() == Ints{0});
  CHECK(has(error_of([] { Ids::arange(3, 0); }), "arange(3, 0, 1)"));
  CHECK(has(error_of([] { Ids::arange(0, 3, 0); }), "does not lead"));
  CHECK(has(error_of([] { Ids::arange(0, INT64_MAX); }), "32-bit"));
}

TEST_CASE("linspace: both ends exactly, equal steps between, as torch.linspace") {
  CHECK(Tensor::linspace(-1, 1, 5).to_vector() == Reals{-1, -0.5, 0, 0.5, 1});
  CHECK(Tensor::linspace(3, 7, 1).to_vector() == Reals{3});
  CHECK(Tensor::linspace(3, 7, 0).shape() == Shape{0});
  const Tensor x = Tensor::linspace(0.1, 0.7, 7);
  CHECK(x[0].item() == real(0.1));
  CHECK(x[-1].item() == real(0.7));
  CHECK(difference(x, Tensor::arange(1, 7.5) / 10) < 1e-7);
  CHECK(has(error_of([] { Tensor::linspace(0, 1, -1); }), "-1 numbers"));
  CHECK(has(error_of([] { Tensor::linspace(0, INFINITY, 3); }), "finite"));
}

TEST_CASE("eye, zeros_like, ones_like, of: what their names say") {
  CHECK(Tensor::eye(2, 3).to_vector() == Reals{1, 0, 0, 0, 1, 0});
  CHECK(Tensor::eye(2).to_vector() == Reals{1, 0, 0, 1});
  CHECK(Tensor::eye(0).shape() == Shape{0, 0});
  const Tensor x = random_tensor({2, 3}, 1);
  CHECK(difference(matmul(x, Tensor::eye(3)), x) == 0);
  CHECK(same(Tensor::zeros_like(x), Tensor::zeros({2, 3})));
  CHECK(same(Tensor::ones_like(transpose(x, 0, 1)), Tensor::ones({3, 2})));
  CHECK(same(Tensor::of({1, 2, 3}), Tensor::of({3}, {1, 2, 3})));
  CHECK(same(Tensor::of({{1, 2, 3}, {4, 5, 6}}), Tensor::of({2, 3}, {1, 2, 3, 4, 5, 6})));
  CHECK(Tensor::of({{1, 2}}).shape() == Shape{1, 2});
  CHECK(Tensor::of({{1}, {2}}).shape() == Shape{2, 1});
  CHECK(Tensor::of({}).shape() == Shape{0});
  CHECK(has(error_of([] { Tensor::of({{1, 2}, {3}}); }), "1 values below one of 2"));
  CHECK(Tensor::zeros(3).shape() == Shape{3});
}

TEST_CASE("rand: uniform from 0 to below 1, by mean, variance and chi-square") {
  Random random(1);
  const Tensor x = Tensor::rand({1000, 100}, random);
  CHECK(std::abs(mean_of(x) - 0.5) < 0.003);
  CHECK(std::abs(variance_of(x) - 1.0 / 12) < 0.001);
  CHECK(min(x).item() >= 0);
  CHECK(max(x).item() < 1);
  std::map<Ints, double> expected, seen;
  for (int32_t bin = 0; bin < 20; ++bin) expected[{bin}] = 5000;
  for (real u : x.to_vector()) ++seen[{static_cast<int32_t>(u * 20)}];
  CHECK(chi_square(expected, seen) < 43.8);  // 19 degrees of freedom: one in a thousand
}

TEST_CASE("rand: never 1, even where rounding to float would give it") {
  // Of 2^25 numbers in double, one is closer to 1 than to any float below it.
  Random random(1);
  real largest = 0;
  for (int i = 0; i < 64; ++i)
    largest = std::max(largest, max(Tensor::rand(1 << 19, random)).item());
  CHECK(largest < 1);
  CHECK(largest > real(0.999999));
}

TEST_CASE("randn: mean 0, variance 1, the tails of the normal distribution") {
  Random random(2);
  const Tensor x = Tensor::randn({1000, 100}, random);
  CHECK(std::abs(mean_of(x)) < 0.01);
  CHECK(std::abs(variance_of(x) - 1) < 0.015);
  CHECK(std::abs(mean_of(pow(x, 4)) - 3) < 0.1);
  CHECK(std::abs(mean_of(abs(x) > 1.96) - 0.05) < 0.003);
}

TEST_CASE("randint: each from low to below high with equal chance, by chi-square") {
  Random random(3);
  const Ids x = Ids::randint(-3, 7, {1000, 100}, random);
  CHECK(x.shape() == Shape{1000, 100});
  std::map<Ints, double> expected, seen;
  for (int32_t id = -3; id < 7; ++id) expected[{id}] = 10000;
  for (int32_t id : x.values()) ++seen[{id}];
  CHECK(seen.size() == 10);
  CHECK(chi_square(expected, seen) < 27.9);  // 9 degrees of freedom
  CHECK(Ids::randint(5, 6, 4).values() == Ints{5, 5, 5, 5});
  CHECK(Ids::randint(INT32_MIN, int64_t{INT32_MAX} + 1, {}).numel() == 1);
  CHECK(has(error_of([] { Ids::randint(3, 3, {2}); }), "[3, 3)"));
  CHECK(has(error_of([] { Ids::randint(0, INT64_MAX, {2}); }), "32 bits"));
  CHECK(has(error_of([] { Ids::randint(0, 2, {-1}); }), "(-1,)"));
  CHECK(has(error_of([] { Ids::randint(0, 2, {1 << 20, 1 << 20}); }), "2^31"));
  CHECK(has(error_of([] { Ids::arange(INT32_MIN, INT32_MAX); }), "2^31"));
}

TEST_CASE("multinomial: with replacement in proportion to the weights, by chi-square") {
  Random random(4);
  const Tensor p = Tensor::of({2, 4}, {1, 0, 3, 4, 0.5, 0.5, 0, 0});
  const Ids drawn = multinomial(p, 20000, true, random);
  REQUIRE(drawn.shape() == Shape{2, 20000});
  std::map<Ints, double> seen;
  for (int32_t id : select(drawn, 0, 0).values()) ++seen[{id}];
  CHECK(seen.count({1}) == 0);
  CHECK(chi_square({{{0}, 2500}, {{2}, 7500}, {{3}, 10000}}, seen) < 13.8);
  CHECK(std::abs(mean_of(select(drawn, 0, 1) == 0) - 0.5) < 0.02);
}

TEST_CASE("multinomial: without replacement as if drawn one by one, by chi-square") {
  Random random(5);
  const int N = 20000;
  Tensor p = expand(Tensor::of({1, 4}, {1, 2, 3, 4}), {N, 4});
  const Ids drawn = multinomial(p, 2, false, random);
  std::map<Ints, double> expected, seen;
  for (int32_t i = 0; i < 4; ++i)
    for (int32_t j = 0; j < 4; ++j)
      if (i != j) expected[{i, j}] = N * ((i + 1) / 10.0) * ((j + 1) / (9.0 - i));
  for (int n = 0; n < N; ++n) ++seen[{drawn[2 * n], drawn[2 * n + 1]}];
  CHECK(seen.size() == 12);
  CHECK(chi_square(expected, seen) < 31.3);  // 11 degrees of freedom
  CHECK(multinomial(Tensor::of({0, 2, 0}), 1).values() == Ints{1});
}

TEST_CASE("multinomial: weights from which nothing can be drawn are refused, by their place") {
  const auto refused = [](const Tensor& p, int64_t n, bool again = false) {
    return error_of([&] { multinomial(p, n, again); });
  };
  CHECK(has(refused(Tensor::of({2, 2}, {1, 1, -1, 2}), 1), "weight 0 of row 1 is -1"));
  CHECK(has(refused(Tensor::of({1, NAN}), 1), "weight 1 of row 0 is nan"));
  CHECK(has(refused(Tensor::of({1, INFINITY}), 1, true), "inf"));
  CHECK(has(refused(Tensor::zeros(3), 1, true), "0 weights above 0"));
  CHECK(has(refused(Tensor::of({1, 0, 1}), 3), "replacement = true"));
  CHECK(has(refused(Tensor::scalar(1), 1), "shape ()"));
  CHECK(has(refused(Tensor::ones(2), -1), "-1 indices"));
  CHECK(multinomial(Tensor::zeros({0, 3}), 2).shape() == Shape{0, 2});
  CHECK(multinomial(Tensor::zeros(3), 0).shape() == Shape{0});
}

// Computed apart, in Python, from SplitMix64 and the formulas.
TEST_CASE("random tensors: the same numbers for a seed, on every machine and for every kernel") {
  Random a(7), b(7), c(8);
  CHECK(same(Tensor::randn({3, 5}, a), Tensor::randn({3, 5}, b)));
  CHECK_FALSE(same(Tensor::randn({3, 5}, a), Tensor::randn({3, 5}, c)));
  Random random(7);
  CHECK(difference(Tensor::rand(3, random),
                   Tensor::of({0.7215081453f, 0.6497042775f, 0.5493742824f})) < 1e-7);
  CHECK(difference(Tensor::randn(3, random),
                   Tensor::of({-0.7868132215f, 0.5474381389f, 1.4059425263f})) < 1e-6);
  CHECK(Ids::randint(0, 100, 5, random).values() == Ints{25, 40, 82, 8, 74});
  CHECK(multinomial(Tensor::of({1, 2, 3, 4}), 4, false, random).values() == Ints{3, 1, 2, 0});
  CHECK(multinomial(Tensor::of({1, 2, 3, 4}), 6, true, random).values() == Ints{2, 3, 1, 3, 3, 2});
  default_random() = Random(7);
  Random seven(7);
  CHECK(same(Tensor::rand(4), Tensor::rand(4, seven)));
}
