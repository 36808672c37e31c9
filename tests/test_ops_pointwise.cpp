// Properties of the elementwise functions, comparisons and choices: identities, special values, and
// where gradients stop.
#include <doctest/doctest.h>

#include "tests/op_results.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

TEST_CASE("elementary functions: each undoes or explains another") {
  const Tensor x = random_tensor({5, 7}, 1), positive = square(x) + real{0.1};
  CHECK(difference(square(sin(x)) + square(cos(x)), Tensor::ones({5, 7})) <= 1e-6);
  CHECK(difference(expm1(log1p(positive)), positive) <= 1e-5);
  CHECK(difference(rsqrt(positive), reciprocal(sqrt(positive))) <= 1e-5);
  CHECK(same(abs(x), x * sign(x)));
  CHECK(same(neg(neg(x)), x));
  CHECK(difference(pow(positive, 3), positive * positive * positive) <= 1e-3);
  CHECK(same(pow(positive, Tensor::scalar(2)), pow(positive, 2)));
}

TEST_CASE("log1p, expm1: small numbers keep their digits") {
  const Tensor x = Tensor::of({2}, {real{1e-8}, real{-1e-8}});
  CHECK(same(log1p(x), x));
  CHECK(same(expm1(x), x));
}

TEST_CASE("pow: whole exponents of negative numbers, and 0^0") {
  const Tensor x = Tensor::of({3}, {-2, 0, 3}).set_requires_grad();
  CHECK(pow(x, 3).to_vector() == Reals{-8, 0, 27});
  CHECK(pow(x, 0).to_vector() == Reals{1, 1, 1});
  CHECK(gradient(pow(x, 0), x) == Reals{0, 0, 0});
  const Tensor p = Tensor::of({3}, {2, 0, 2}).set_requires_grad();
  CHECK(gradient(pow(x, p), x) == Reals{-4, 0, 6});
  const Reals dp = gradient(pow(x, p), p);
  CHECK(is_nan(dp[0]));  // ln(-2)
  CHECK(dp[1] == 0);
}

TEST_CASE("pow: the slope p x^(p - 1), with a history and without, at 0 too") {
  const Tensor x = Tensor::of({3}, {0, 2, -3}).set_requires_grad();
  const std::pair<real, std::vector<real>> slopes[] = {
      {0, {0, 0, 0}}, {1, {1, 1, 1}}, {2, {0, 4, -6}}, {3, {0, 12, 27}}};
  for (const auto& [p, slope] : slopes)
    for (const bool create_graph : {false, true})
      CHECK(grad({sum(pow(x, p))}, {x}, {.create_graph = create_graph})[0].to_vector() == slope);
}

TEST_CASE("activations: their limits, and no overflow") {
  const Tensor x = Tensor::of({5}, {-1000, -1, 0, 1, 1000}).set_requires_grad();
  CHECK(silu(x).to_vector()[0] == 0);
  CHECK(silu(x).to_vector()[4] == 1000);
  CHECK(softplus(x).to_vector()[0] == 0);
  CHECK(softplus(x).to_vector()[2] == doctest::Approx(std::log(2.0)));
  CHECK(softplus(x).to_vector()[4] == 1000);
  CHECK(leaky_relu(x, 0.5).to_vector() == Reals{-500, -0.5, 0, 1, 1000});
  CHECK(elu(x, 2).to_vector()[0] == -2);
  CHECK(elu(x).to_vector()[4] == 1000);
  for (const Tensor& y : {silu(x), softplus(x), leaky_relu(x), elu(x)}) {
    const Reals dx = gradient(y, x);
    CHECK(dx[0] >= 0);
    CHECK(dx[4] == 1);
  }
  const Tensor dx = grad({sum(elu(x))}, {x}, {.create_graph = true})[0];
  for (real d : gradient(dx, x)) CHECK(!is_nan(d));  // e^1000 is not taken
  CHECK(has(error_of([&] { softplus(x, 0); }), "beta"));
}

TEST_CASE("comparisons: each pair is complementary but for NaN, where only not_equal holds") {
  const Tensor a = random_tensor({4, 1}, 1);
  const Tensor b = cat({transpose(a, 0, 1), random_tensor({1, 3}, 2)}, 1);
  const Tensor ones = Tensor::ones({4, 7});
  CHECK(same(less(a, b) + greater_equal(a, b), ones));
  CHECK(same(greater(a, b) + less_equal(a, b), ones));
  CHECK(same(equal(a, b) + not_equal(a, b), ones));
  CHECK(same(less(a, b), greater(b, a)));
  CHECK(sum(equal(a, b)).item() == 4);
  const Tensor nan = Tensor::scalar(NAN);
  CHECK(not_equal(nan, nan).item() == 1);
  for (const Tensor& y : {less(nan, nan), less_equal(nan, nan), greater(nan, nan),
                          greater_equal(nan, nan), equal(nan, nan)})
    CHECK(y.item() == 0);
}

TEST_CASE("ops without derivative: they run, and backward() from them names them") {
  const Tensor x = random_leaf({3}, 1);
  const Tensor y = less(x, Tensor::scalar(0));
  CHECK(!y.requires_grad());
  CHECK(has(error_of([&] { sum(y).backward(); }), "[less] is not differentiable"));
  const Tensor chosen = where(greater_equal(x, x), Tensor::scalar(1), Tensor::scalar(2));
  CHECK(has(error_of([&] { sum(chosen).backward(); }), "[greater_equal] is not differentiable"));
  CHECK(has(error_of([&] { sum(one_hot(Ids{0}, 2)).backward(); }), "does not require grad"));
}

TEST_CASE("where: what is not chosen harms neither the result nor its own gradient") {
  const Tensor mask = Tensor::of({3}, {1, 0, 2});
  const Tensor x = Tensor::of({3}, {1, 0, 4}).set_requires_grad();
  const Tensor y = where(mask, log(x), x * 3);
  CHECK(y.to_vector()[1] == 0);
  CHECK(gradient(where(mask, x, Tensor::scalar(NAN)), x) == Reals{1, 0, 1});
  CHECK(gradient(where(mask, Tensor::scalar(infinity), x), x) == Reals{0, 1, 0});
  CHECK(where(Tensor::of({2, 1}, {1, 0}), x, Tensor::zeros({1, 1, 3})).shape() == Shape{1, 2, 3});
  const std::string text = error_of([&] { where(Tensor::ones({2}), x, x); });
  CHECK(has(text, "[where]"));
  CHECK(has(text, "(3,)"));
  CHECK(has(text, "(2,)"));
}

TEST_CASE("masked_fill, additive_mask: in x's shape - masked keys are not attended to") {
  const Tensor x = random_leaf({2, 3}, 1);
  const Tensor mask = Tensor::of({3}, {0, 1, 0});
  CHECK(select(masked_fill(x, mask, -1), 1, 1).to_vector() == Reals{-1, -1});
  CHECK(gradient(masked_fill(x, mask, -1), x) == Reals{1, 0, 1, 1, 0, 1});
  CHECK(has(error_of([&] { masked_fill(x, Tensor::ones({4, 2, 3}), 0); }), "(4, 2, 3)"));
  CHECK(additive_mask(mask).to_vector() == Reals{-infinity, 0, -infinity});
  const Tensor q = random_tensor({2, 3, 4}, 2), k = random_tensor({2, 5, 4}, 3);
  const Tensor v = random_tensor({2, 5, 4}, 4), keep = Tensor::of({5}, {1, 1, 1, 0, 0});
  const Tensor first = slice(k, 1, 0, 3), its_values = slice(v, 1, 0, 3);
  CHECK(difference(scaled_dot_product_attention(q, k, v, additive_mask(keep)),
                   scaled_dot_product_attention(q, first, its_values)) <= 1e-6);
}

TEST_CASE("scaled_dot_product_attention: a fully masked row gives zeros, and zero gradients") {
  const Tensor q = random_leaf({1, 2, 3}, 1), k = random_leaf({1, 2, 3}, 2);
  const Tensor v = random_leaf({1, 2, 3}, 3);
  const Tensor keep = Tensor::of({2, 2}, {0, 0, 1, 1});
  const Tensor y = scaled_dot_product_attention(q, k, v, additive_mask(keep));
  CHECK(select(y, 1, 0).to_vector() == Reals{0, 0, 0});
  const std::vector<Tensor> dx = grad({sum(select(y, 1, 0))}, {q, k, v});
  for (const Tensor& d : dx) CHECK(same(d, Tensor::zeros(d.shape())));
}

TEST_CASE("maximum, minimum, clamp: NaN stays, ties share, limits pass the gradient") {
  const Tensor a = Tensor::of({3}, {1, 2, NAN}).set_requires_grad();
  const Tensor b = Tensor::of({3}, {1, 1, 5}).set_requires_grad();
  CHECK(maximum(a, b).to_vector()[1] == 2);
  CHECK(minimum(a, b).to_vector()[1] == 1);
  CHECK(is_nan(maximum(a, b).to_vector()[2]));
  CHECK(is_nan(minimum(b, a).to_vector()[2]));
  const Reals da = gradient(maximum(a, b), a), db = gradient(maximum(a, b), b);
  CHECK(Reals{da[0], da[1]} == Reals{0.5, 1});
  CHECK(Reals{db[0], db[1]} == Reals{0.5, 0});
  const Tensor x = Tensor::of({4}, {-2, -1, 1, NAN}).set_requires_grad();
  CHECK(clamp(x, -1, 0).to_vector()[0] == -1);
  CHECK(clamp(x, 3, 2).to_vector()[0] == 2);
  CHECK(is_nan(clamp(x, -1, 0).to_vector()[3]));
  CHECK(gradient(clamp(x, -1), x) == Reals{0, 1, 1, 0});
}
