// Properties of the reductions, sorting and cumulative sums.
#include <doctest/doctest.h>

#include "tests/op_results.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

TEST_CASE("reductions: over any axes, negative ones too, and with the axes kept") {
  const Tensor x = random_tensor({2, 3, 4, 5}, 1);
  const Tensor moved = reshape(permute(x, {0, 2, 1, 3}), {2, 4, 15});
  const auto agree = [&](const auto& f) {
    CHECK(difference(f(x, Axes{1, 3}, false), f(moved, Axes{-1}, false)) <= 1e-5);
    CHECK(same(f(x, Axes{-3, -1}, false), f(x, Axes{1, 3}, false)));
    CHECK(f(x, Axes{0, 2}, true).shape() == Shape{1, 3, 1, 5});
    CHECK(f(x, Axes{}, false).shape() == Shape{});
    CHECK(has(error_of([&] { f(x, Axes{4}, false); }), "axis 4"));
  };
  agree([](const Tensor& t, const Axes& axes, bool keep) { return var(t, axes, 1, keep); });
  agree([](const Tensor& t, const Axes& axes, bool keep) { return cairn::std(t, axes, 0, keep); });
  agree([](const Tensor& t, const Axes& axes, bool keep) { return amax(t, axes, keep); });
  agree([](const Tensor& t, const Axes& axes, bool keep) { return amin(t, axes, keep); });
  agree([](const Tensor& t, const Axes& axes, bool keep) { return prod(t, axes, keep); });
  agree([](const Tensor& t, const Axes& axes, bool keep) { return logsumexp(t, axes, keep); });
  agree([](const Tensor& t, const Axes& axes, bool keep) { return norm(t, 2, axes, keep); });
  agree([](const Tensor& t, const Axes& axes, bool keep) { return norm(t, 3, axes, keep); });
}

TEST_CASE("reductions: over nothing") {
  const Tensor none = Tensor::zeros({2, 0});
  CHECK(prod(none, {1}).to_vector() == Reals{1, 1});
  CHECK(logsumexp(none, {1}).to_vector() == Reals{-infinity, -infinity});
  CHECK(norm(none, 2, {1}).to_vector() == Reals{0, 0});
  CHECK(is_nan(var(none, {1}).to_vector()[0]));
  CHECK(amax(none, {0}).shape() == Shape{0});
  CHECK(argmax(none, 0).shape() == Shape{0});
  CHECK(cumsum(none, 1).shape() == Shape{2, 0});
  for (const std::string& text :
       {error_of([&] { amax(none, {1}); }), error_of([&] { argmin(none, 1); }),
        error_of([&] { max(none, 1); })})
    CHECK(has(text, "(2, 0)"));
}

TEST_CASE("var, std: a shift changes nothing, also a large one - one number has no spread") {
  const Tensor x = random_tensor({4000}, 1);
  CHECK(var(x).item() == doctest::Approx(1).epsilon(0.1));
  CHECK(var(x + 1000).item() == doctest::Approx(var(x).item()).epsilon(1e-3));
  CHECK(cairn::std(x * 3).item() == doctest::Approx(3 * cairn::std(x).item()));
  CHECK(var(x, {}, 0).item() * 4000 == doctest::Approx(var(x).item() * 3999));
  CHECK(is_nan(var(Tensor::ones({1})).item()));
  const Tensor flat = Tensor::ones({3}).set_requires_grad();
  CHECK(gradient(cairn::std(flat), flat) == Reals{0, 0, 0});
}

TEST_CASE("amax, amin: NaN wins, ties share the gradient") {
  const Tensor x = Tensor::of({2, 3}, {1, 3, 3, 2, 2, 2}).set_requires_grad();
  CHECK(amax(x, {1}).to_vector() == Reals{3, 2});
  CHECK(gradient(amax(x, {1}), x) == Reals{0, 0.5, 0.5, real{1} / 3, real{1} / 3, real{1} / 3});
  CHECK(same(amin(x), -amax(-x)));
  CHECK(is_nan(amax(Tensor::of({3}, {1, NAN, 2})).item()));
}

TEST_CASE("max, min, argmax, argmin: the first of equals, which alone gets the gradient") {
  const Tensor x = Tensor::of({2, 3}, {1, 3, 3, 2, 2, 2}).set_requires_grad();
  const auto [y, index] = max(x, 1);
  CHECK(y.to_vector() == Reals{3, 2});
  CHECK(index.values() == std::vector<int32_t>{1, 0});
  CHECK(gradient(y, x) == Reals{0, 1, 0, 1, 0, 0});
  CHECK(argmax(x, -1, true).shape() == Shape{2, 1});
  CHECK(argmin(x, 0).values() == std::vector<int32_t>{0, 1, 1});
  CHECK(same(min(x, 0).first, amin(x, {0})));
  CHECK(argmax(Tensor::of({4}, {1, NAN, 5, NAN}), 0).values() == std::vector<int32_t>{1});
}

TEST_CASE("prod: zeros are as good as any factor, for the gradient too") {
  const Tensor x = Tensor::of({4}, {2, 0, 3, 4}).set_requires_grad();
  CHECK(prod(x).item() == 0);
  CHECK(gradient(prod(x), x) == Reals{0, 24, 0, 0});
  const Tensor two = Tensor::of({3}, {0, 5, 0}).set_requires_grad();
  CHECK(gradient(prod(two), two) == Reals{0, 0, 0});
}

TEST_CASE("logsumexp: a shift moves it, large numbers do not overflow, minus infinity is none") {
  const Tensor x = random_tensor({5, 6}, 1);
  CHECK(difference(logsumexp(x + 500, {1}), logsumexp(x, {1}) + 500) <= 1e-4);
  CHECK(difference(x - logsumexp(x, {1}, true), log_softmax(x)) <= 1e-5);
  Tensor hidden = Tensor::of({2, 2}, {-infinity, -infinity, 1, -infinity});
  hidden.set_requires_grad();
  const Tensor y = logsumexp(hidden, {1});
  CHECK(y.to_vector() == Reals{-infinity, 1});
  CHECK(gradient(y, hidden) == Reals{0, 0, 1, 0});
}

TEST_CASE("norm: homogeneous, ordered in p, and flat at 0 - normalize: length one") {
  const Tensor x = random_tensor({3, 8}, 1);
  for (real p : {real{1}, real{2}, real{3}, infinity}) {
    CHECK(difference(norm(x * -2, p, {1}), norm(x, p, {1}) * 2) <= 1e-5);
    CHECK(difference(norm(normalize(x, p), p, {1}), Tensor::ones({3})) <= 1e-6);
    const Tensor zero = Tensor::zeros({2}).set_requires_grad();
    CHECK(gradient(norm(zero, p), zero) == Reals{0, 0});
  }
  CHECK(norm(x, 1).item() >= norm(x, 2).item());
  CHECK(norm(x, 2).item() >= norm(x, infinity).item());
  CHECK(normalize(Tensor::zeros({3})).to_vector() == Reals{0, 0, 0});
  CHECK(has(error_of([&] { norm(x, 0); }), "p is 0"));
}

TEST_CASE("cosine_similarity: 1 with itself, -1 with its negative, whatever the lengths") {
  const Tensor x = random_tensor({4, 6}, 1);
  CHECK(difference(cosine_similarity(x, x * 3), Tensor::ones({4})) <= 1e-6);
  CHECK(difference(cosine_similarity(x, -x, 0), Tensor::full({6}, -1)) <= 1e-6);
  CHECK(has(error_of([&] { cosine_similarity(x, select(x, 0, 0)); }), "(4, 6), y (6,)"));
}

TEST_CASE("cumsum: differences give x back, the last is the sum") {
  const Tensor x = random_tensor({3, 5, 2}, 1), y = cumsum(x, 1);
  CHECK(difference(slice(y, 1, 1, 5) - slice(y, 1, 0, 4), slice(x, 1, 1, 5)) <= 1e-5);
  CHECK(difference(select(y, 1, -1), sum(x, {1})) <= 1e-5);
}

TEST_CASE("sort, topk: in order, a permutation - equal numbers keep theirs - NaN is largest") {
  const Tensor x = random_tensor({3, 9, 2}, 1);
  const auto [y, index] = sort(x, 1);
  CHECK(sum(less(slice(y, 1, 1, 9), slice(y, 1, 0, 8))).item() == 0);
  CHECK(same(gather(x, 1, index), y));
  CHECK(same(sort(x, -2, true).first, flip(y, {1})));
  CHECK(same(topk(x, 4, 1).first, slice(flip(y, {1}), 1, 0, 4)));
  CHECK(same(topk(x, 2, 1, false).first, slice(y, 1, 0, 2)));
  const Tensor ties = Tensor::of({5}, {2, NAN, 1, 2, 1});
  CHECK(sort(ties).second.values() == std::vector<int32_t>{2, 4, 0, 3, 1});
  CHECK(sort(ties, 0, true).second.values() == std::vector<int32_t>{1, 0, 3, 2, 4});
  CHECK(has(error_of([&] { topk(x, 10, 1); }), "k is 10"));
}
