// Values at the edges: infinities, NaN, zeros, numbers whose squares are none. The right ones are
// PyTorch 2.13's in float32, unless a comment says otherwise; then the op's header does too.
#include <doctest/doctest.h>

#include "nn/more/init.h"
#include "optim/clip.h"
#include "optim/more/clip_in_place.h"
#include "tests/op_results.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

constexpr real inf = infinity;

// As PyTorch's assert_close with equal_nan.
bool near(const Reals& a, const Reals& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]) && std::isnan(b[i])) continue;
    if (a[i] == b[i]) continue;
    if (!(std::abs(a[i] - b[i]) <= real(1e-5) * std::abs(b[i]))) return false;
  }
  return true;
}

Tensor leaf(const Reals& x) {
  return Tensor::of({static_cast<int64_t>(x.size())}, x).set_requires_grad();
}

using Op = std::function<Tensor(const Tensor&)>;

// Whether f(x) is y, and the gradient of its sum is dx.
bool gives(const Op& f, const Reals& x, const Reals& y, const Reals& dx) {
  const Tensor in = leaf(x), out = f(in);
  const bool value = near(out.to_vector(), y);
  const bool slope = near(grad({sum(out)}, {in})[0].to_vector(), dx);
  if (!value || !slope)
    MESSAGE(out.to_vector()[0] << " " << grad({sum(f(in))}, {in})[0].to_vector()[0]);
  return value && slope;
}

}  // namespace

TEST_CASE("logsumexp: infinities are what they are, not NaN") {
  const Op f = [](auto& x) { return logsumexp(x); };
  CHECK(gives(f, {inf, 1}, {inf}, {NaN, 0}));
  CHECK(gives(f, {inf, inf}, {inf}, {NaN, NaN}));
  CHECK(gives(f, {inf, -inf}, {inf}, {NaN, 0}));
  CHECK(gives(f, {NaN, 1}, {NaN}, {NaN, NaN}));
  CHECK(gives(f, {-inf, 1}, {1}, {0, 1}));
  CHECK(gives(f, {-inf, -inf}, {-inf}, {0, 0}));  // PyTorch's gradient is NaN
  CHECK(logsumexp(Tensor::zeros({0})).item() == -inf);
}

TEST_CASE("kl_div: 0 with the gradient 0 where q is 0, whatever p is") {
  const Tensor log_p = leaf({-1, -inf, -inf, 0}), q = leaf({0, 0, real(0.5), 1});
  const Tensor loss = kl_div(log_p, q, Reduction::none);
  CHECK(near(loss.to_vector(), {0, 0, inf, 0}));  // PyTorch's second is NaN
  const auto d = grad({sum(loss)}, {log_p, q});
  CHECK(near(d[0].to_vector(), {0, 0, real(-0.5), -1}));
  CHECK(near(d[1].to_vector(), {0, 0, inf, 1}));
}

TEST_CASE("var, std: NaN unless there are more numbers than the correction") {
  for (int64_t correction : {int64_t{3}, int64_t{5}, INT64_MAX}) {
    CHECK(std::isnan(var(Tensor::of({3}, {1, 2, 3}), {}, correction).item()));  // PyTorch: inf
    CHECK(std::isnan(cairn::std(Tensor::of({3}, {1, 2, 3}), {}, correction).item()));
  }
  CHECK(std::isnan(var(Tensor::of({1}, {1})).item()));
  CHECK(std::isnan(cairn::std(Tensor::of({1}, {1})).item()));
  CHECK(std::isnan(var(Tensor::zeros({0})).item()));
  CHECK(std::isnan(var(Tensor::zeros({0}), {}, 0).item()));
  CHECK(var(Tensor::of({1}, {1}), {}, 0).item() == 0);
  CHECK(gives([](auto& x) { return var(x, {}, -1); }, {1, 2}, {real(1) / 6},
              {real(-1) / 3, real(1) / 3}));
  CHECK(var(Tensor::of({2}, {1, 2}), {}, INT64_MIN).item() >= 0);
}

TEST_CASE("clamp: a NaN among the limits makes NaN, low above high gives high") {
  CHECK(gives([](auto& x) { return clamp(x, NaN, 1); }, {0, 2, inf}, {NaN, NaN, NaN}, {0, 0, 0}));
  CHECK(gives([](auto& x) { return clamp(x, 0, NaN); }, {0, 2}, {NaN, NaN}, {0, 0}));
  CHECK(gives([](auto& x) { return clamp(x, NaN); }, {0, 2}, {NaN, NaN}, {0, 0}));
  CHECK(gives([](auto& x) { return clamp(x, 2, 1); }, {0, 2, 3}, {1, 1, 1}, {0, 0, 0}));
  CHECK(gives([](auto& x) { return clamp(x, 0, 1); }, {NaN, -inf, inf}, {NaN, 0, 1}, {0, 0, 0}));
  CHECK(near(Tensor::of({2}, {0, 2}).clamp_(NaN, 1).to_vector(), {NaN, NaN}));
  CHECK(near(Tensor::of({2}, {NaN, 2}).clamp_(0, 1).to_vector(), {NaN, 1}));
}

TEST_CASE("reductions: an axis that is named twice is an Error, in every one of them") {
  const Tensor x = counting({2, 3, 2});
  for (const Axes& twice : {Axes{0, 0}, Axes{1, -2}, Axes{-1, 0, 2}}) {
    const std::vector<std::function<void()>> calls{
        [&] { sum(x, twice); },        [&] { mean(x, twice); },      [&] { var(x, twice); },
        [&] { cairn::std(x, twice); }, [&] { amax(x, twice); },      [&] { amin(x, twice); },
        [&] { prod(x, twice); },       [&] { logsumexp(x, twice); }, [&] { norm(x, 2, twice); },
        [&] { norm(x, 1, twice); },    [&] { flip(x, twice); },      [&] { norm(x, inf, twice); }};
    for (const auto& call : calls) CHECK(has(error_of(call), "twice"));
  }
  CHECK(has(error_of([&] { permute(x, {0, 0, 1}); }), "twice"));
}

TEST_CASE(
    "embedding: a padding_idx beyond the table is an Error, a negative one counts from the end") {
  const Tensor table = random_leaf({3, 2}, 1);
  for (int32_t bad : {3, -4, INT32_MAX, INT32_MIN})
    CHECK(has(error_of([&] { embedding(table, {0, 2}, bad); }), "padding_idx"));
  const Tensor dtable = grad({sum(embedding(table, {0, 2}, -1))}, {table})[0];
  CHECK(dtable.to_vector() == Reals{1, 1, 0, 0, 0, 0});
}

TEST_CASE("uniform_: never its upper bound, however near a draw comes to it") {
  Random random(1);
  for (const auto& [low, high] : std::vector<std::pair<double, double>>{
           {0, 1}, {1, 1 + 1e-6}, {-1, 0.1}, {3, 3.0000005}, {-1e-40, 1e-40}, {1e8, 1e8 + 9}}) {
    Tensor x = Tensor::zeros({20'000});
    uniform_(x, low, high, random);
    for (real number : x.to_vector()) REQUIRE(static_cast<double>(number) < high);
  }
  Tensor x = Tensor::zeros({3});
  uniform_(x, 2, 2, random);
  CHECK(x.to_vector() == Reals{2, 2, 2});
}

TEST_CASE("gradient_norm: right where the squares overflow or vanish") {
  const auto norm = [](const Reals& g, double p = 2) {
    Tensor x = Tensor::zeros({static_cast<int64_t>(g.size())});
    x.set_grad(Tensor::of(x.shape(), g));
    return gradient_norm({{"x", x}, {"none", Tensor::zeros({2})}}, p);
  };
  for (real size : {real(1e18), real(3e18), real(1e20), real(1e38), real(1e-18), real(1e-22),
                    real(1e-38), real(1e-40)}) {
    CHECK(norm({3 * size, -2 * size, 0}) ==
          doctest::Approx(std::sqrt(13.0) * static_cast<double>(size)).epsilon(1e-4));
    CHECK(norm(Reals(10'000, size)) ==
          doctest::Approx(100 * static_cast<double>(size)).epsilon(1e-4));
    CHECK(norm(Reals(16, size), 4) == doctest::Approx(2 * static_cast<double>(size)).epsilon(1e-4));
  }
  CHECK(norm({0, 0}) == 0);
  CHECK(norm({0, -1, 3, -2}, INFINITY) == 3);
  CHECK(norm({inf, 1}) == INFINITY);
  CHECK(std::isnan(norm({NaN, 1})));
  CHECK(std::isnan(norm({NaN, inf}, INFINITY)));
  CHECK(norm(Reals(4, 10), 100) == doctest::Approx(10 * std::pow(4, 0.01)));
  CHECK(std::isnan(norm({NaN, 1}, 3)));
}

TEST_CASE("norm, std: right where the squares overflow or vanish") {
  const real root2 = std::sqrt(real(2)), half = 1 / root2;
  for (real size : {real(1e20), real(1e38), real(1e-30), real(1e-37), real(1)}) {
    INFO(static_cast<double>(size));
    CHECK(gives([](auto& x) { return norm(x); }, {size, -size}, {size * root2}, {half, -half}));
    CHECK(gives([](auto& x) { return norm(x, 3); }, {size, 0}, {size}, {1, 0}));
    CHECK(gives([](auto& x) { return cairn::std(x); }, {size, -size, size},
                {size * real(1.1547005)}, {real(0.28867513), real(-0.57735027), real(0.28867513)}));
  }
  CHECK(gives([](auto& x) { return norm(x); }, {0, 0}, {0}, {0, 0}));
  CHECK(gives([](auto& x) { return norm(x, 3); }, {0, 1, 0}, {1}, {0, 1, 0}));
  CHECK(gives([](auto& x) { return norm(x, real(0.5)); }, {0, 1, 4}, {9}, {0, 3, real(1.5)}));
  CHECK(gives([](auto& x) { return norm(x, inf); }, {2, -2, 1}, {2}, {real(0.5), real(-0.5), 0}));
  CHECK(gives([](auto& x) { return cairn::std(x); }, {2, 2}, {0}, {0, 0}));
  const Tensor mixed = Tensor::of({3, 2}, {real(1e20), 0, 3, 4, 0, real(1e-30)});
  CHECK(near(norm(mixed, 2, {1}).to_vector(), {real(1e20), 5, real(1e-30)}));
  CHECK(near(norm(mixed, 2, {1}, true).to_vector(), {real(1e20), 5, real(1e-30)}));
}

TEST_CASE("normalize, cosine_similarity: vectors of 1e20 are as long as others") {
  const real half = 1 / std::sqrt(real(2)), big = real(1e20);
  CHECK(near(normalize(Tensor::of({2}, {big, big})).to_vector(), {half, half}));
  CHECK(gives(
      [](auto& x) {
        return cosine_similarity(x, Tensor::of({2}, {3, 3}));
      },
      {big, 0}, {half}, {0, half / big}));
  CHECK(near(normalize(Tensor::of({2}, {0, 0})).to_vector(), {0, 0}));
}

TEST_CASE("huber_loss: an infinite delta is half the squared error") {
  const auto f = [](auto& x) { return huber_loss(x, Tensor::zeros({1}), inf); };
  CHECK(gives(f, {3}, {real(4.5)}, {3}));
}

TEST_CASE("pow, prod: gradients at zero") {
  const auto power = [](real p) -> Op { return [p](auto& x) { return pow(x, p); }; };
  CHECK(gives(power(real(0.5)), {0}, {0}, {inf}));
  CHECK(gives(power(2), {0}, {0}, {0}));
  CHECK(gives(power(0), {0}, {1}, {0}));
  CHECK(gives(power(1), {0}, {0}, {1}));
  CHECK(gives(power(-1), {0}, {inf}, {-inf}));
  const Tensor base = leaf({0, NaN, real(1e-40), inf}), zero = leaf({0, 0, 0, 0});
  CHECK(grad({sum(pow(base, zero))}, {base})[0].to_vector() == Reals{0, 0, 0, 0});
  const Op product = [](auto& x) { return prod(x); };
  CHECK(gives(product, {0, 2, 3}, {0}, {6, 0, 0}));
  CHECK(gives(product, {0, 0, 3}, {0}, {0, 0, 0}));
}

TEST_CASE("softmax: a row of minus infinities gives zeros with the gradient 0") {  // PyTorch: NaN
  const Tensor weights = Tensor::of({2}, {1, 2});
  CHECK(gives([&](auto& x) { return softmax(x) * weights; }, {-inf, -inf}, {0, 0}, {0, 0}));
  CHECK(gives([&](auto& x) { return softmax(x) * weights; }, {inf, 1}, {NaN, NaN}, {NaN, NaN}));
}

TEST_CASE("div: the divisor's gradient is finite where the quotient is 0, however small it is") {
  const Tensor tiny = leaf({std::numeric_limits<real>::denorm_min(), real(1e-25)});
  const Tensor y = div(Tensor::of({0, real(1e-25)}), tiny);
  const std::vector<real> slopes = grad({sum(y)}, {tiny})[0].to_vector();
  CHECK(slopes[0] == 0);
  CHECK(slopes[1] == doctest::Approx(-1e25));
}
