// Properties of single ops that no gradcheck sees: special values, invariances, conventions.
#include <doctest/doctest.h>

#include "tests/op_results.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

TEST_CASE("softmax: rows sum to one, a shift changes nothing, large numbers do not overflow") {
  const Tensor x = random_tensor({7, 33}, 1) * 3;
  CHECK(difference(sum(softmax(x), {-1}), Tensor::ones({7})) <= 1e-6);
  CHECK(difference(sum(softmax(x, 0), {0}), Tensor::ones({33})) <= 1e-6);
  CHECK(difference(softmax(x + 100), softmax(x)) <= 1e-5);
  CHECK(difference(softmax(transpose(x, 0, 1), 0), transpose(softmax(x), 0, 1)) == 0);
  CHECK(difference(log_softmax(x), log(softmax(x))) <= 1e-5);
  const Tensor extreme = Tensor::of({2, 3}, {1000, 0, -1000, -infinity, 5, -infinity});
  CHECK(softmax(extreme).to_vector() == Reals{1, 0, 0, 0, 1, 0});
  CHECK(log_softmax(extreme).to_vector() == Reals{0, -1000, -2000, -infinity, 0, -infinity});
}

TEST_CASE("softmax: a row of minus infinity gives zeros, and zero gradients") {
  const Tensor x = Tensor::of({2, 2}, {-infinity, -infinity, 1, 1}).set_requires_grad();
  const Tensor y = softmax(x);
  CHECK(y.to_vector() == Reals{0, 0, 0.5, 0.5});
  sum(y * Tensor::of({2, 2}, {1, 2, 1, 2})).backward();
  CHECK(x.grad().to_vector() == Reals{0, 0, -0.25, 0.25});
}

TEST_CASE("layer_norm: the biased variance, eps inside the root") {
  const Tensor x = Tensor::of({1, 4}, {4, 2, 2, 2});  // [1.5, ..] with the unbiased variance
  const Tensor y = layer_norm(x, Tensor(), Tensor(), real{1e-12});
  CHECK(y.to_vector()[0] == doctest::Approx(1.7320508));
  CHECK(y.to_vector()[1] == doctest::Approx(-0.5773503));
  const Tensor affine = layer_norm(x, Tensor::full({4}, 2), Tensor::ones({4}), real{1e-12});
  CHECK(difference(affine, y * 2 + 1) <= 1e-6);
  CHECK(layer_norm(Tensor::full({1, 5}, 3), Tensor(), Tensor(), 1).to_vector() == Reals(5, 0));
  const Tensor random = random_tensor({5, 64}, 1) * 10 + 50;
  const Tensor normal = layer_norm(random, Tensor(), Tensor(), real{1e-5});
  CHECK(difference(mean(normal, {-1}), Tensor::zeros({5})) <= 1e-5);
  CHECK(difference(mean(normal * normal, {-1}), Tensor::ones({5})) <= 1e-5);
}

TEST_CASE("linear: is linear, and equals matmul with the transpose") {
  const Tensor x = random_tensor({4, 6}, 1), y = random_tensor({4, 6}, 2);
  const Tensor w = random_tensor({5, 6}, 3), b = random_tensor({5}, 4);
  const auto f = [&](const Tensor& in) { return linear(in, w, Tensor()); };
  CHECK(difference(f(x * 2 + y * -3), f(x) * 2 + f(y) * -3) <= 2e-5);
  CHECK(difference(linear(x, w, b), matmul(x, transpose(w, 0, 1)) + b) <= 1e-5);
}

TEST_CASE("linear: each of 6,000 columns has the bits that it has in a smaller layer") {
  const Tensor x = random_tensor({2, 768}, 1), w = random_tensor({6000, 768}, 2);
  const Tensor b = random_tensor({6000}, 3), y = linear(x, w, b);
  for (const int64_t first : {0, 5000, 5800})
    CHECK(same(slice(y, 1, first, first + 200),
               linear(x, slice(w, 0, first, first + 200), slice(b, 0, first, first + 200))));
}

TEST_CASE("linear: sizes of zero") {
  const Tensor b = Tensor::of({2}, {1, 2}).set_requires_grad();
  const Tensor x = random_leaf({3, 0}, 1), w = random_leaf({2, 0}, 2);
  const Tensor y = linear(x, w, b);
  CHECK(y.to_vector() == Reals{1, 2, 1, 2, 1, 2});
  sum(y).backward();
  CHECK(b.grad().to_vector() == Reals{3, 3});
  CHECK(w.grad().shape() == Shape{2, 0});
  const Tensor in = random_leaf({3, 4}, 1), none = Tensor::zeros({0, 4}).set_requires_grad();
  backward(linear(in, none, Tensor()), Tensor::zeros({3, 0}));
  CHECK(same(in.grad(), Tensor::zeros({3, 4})));
  const Tensor left = random_leaf({3, 0}, 1), right = random_leaf({0, 2}, 2);
  CHECK(same(matmul(left, right), Tensor::zeros({3, 2})));
  CHECK(matmul(Tensor::ones({2, 0, 3}), Tensor::ones({3, 4})).shape() == Shape{2, 0, 4});
  CHECK(same(matmul(Tensor::ones({5, 3, 0}), Tensor::ones({0, 4})), Tensor::zeros({5, 3, 4})));
}

TEST_CASE("sum, mean: over nothing") {
  CHECK(sum(Tensor::zeros({0})).item() == 0);
  CHECK(same(sum(Tensor::zeros({2, 0}), {1}), Tensor::zeros({2})));
  CHECK(std::isnan(mean(Tensor::zeros({0})).item()));
  CHECK(sum(Tensor::ones({2, 3}), {0, -1}, true).shape() == Shape{1, 1});
  CHECK(sum(Tensor::ones({100, 1000})).item() == 100000);
}

TEST_CASE("cross_entropy: ignored labels count for nothing") {
  const Tensor x = random_leaf({4, 5}, 1);
  const Tensor all = cross_entropy(x, Ids{1, -100, 0, -100}, Reduction::none);
  CHECK(all.to_vector()[1] == 0);
  CHECK(all.to_vector()[0] == doctest::Approx(-log_softmax(x).to_vector()[1]));
  const Tensor total = cross_entropy(x, Ids{1, -100, 0, -100}, Reduction::sum);
  CHECK(difference(total, sum(all)) <= 1e-6);
  const Tensor average = cross_entropy(x, Ids{1, -100, 0, -100});
  CHECK(difference(average, total * real{0.5}) <= 1e-6);
  CHECK(difference(average, cross_entropy(x, Ids{1, 4, 0, 4}, Reduction::mean, 4)) == 0);
  average.backward();
  const Reals dx = x.grad().to_vector();
  CHECK(Reals(dx.begin() + 5, dx.begin() + 10) == Reals(5, 0));
  CHECK(difference(sum(x.grad(), {-1}), Tensor::zeros({4})) <= 1e-6);
}

TEST_CASE("cross_entropy: over no label the mean is 0, and so are the gradients") {
  const Tensor x = random_leaf({2, 3}, 1);
  const Tensor loss = cross_entropy(x, Ids{-100, -100});
  CHECK(loss.item() == 0);
  loss.backward();
  CHECK(same(x.grad(), Tensor::zeros({2, 3})));
  CHECK(cross_entropy(Tensor::zeros({0, 3}), Ids()).item() == 0);
  CHECK(cross_entropy(Tensor::of({1, 2}, {1000, -1000}), Ids{1}).item() == 2000);
}

TEST_CASE("less, equal: ones and zeros, broadcast") {
  const Tensor a = Tensor::of({2, 1}, {1, 2}), b = Tensor::of({3}, {1, 2, 3});
  CHECK(less(a, b).to_vector() == Reals{0, 1, 1, 0, 0, 1});
  CHECK(equal(a, b).to_vector() == Reals{1, 0, 0, 0, 1, 0});
}

TEST_CASE("relu: zero at zero, NaN stays") {
  const Tensor x = Tensor::of({4}, {-1, 0, 2, NAN}).set_requires_grad();
  const Tensor y = relu(x);
  CHECK(std::isnan(y.to_vector()[3]));
  sum(y).backward();
  const Reals dx = x.grad().to_vector();
  CHECK(Reals(dx.begin(), dx.begin() + 3) == Reals{0, 0, 1});
}

TEST_CASE("embedding: rows that come several times add up, on any number of rows") {
  const Tensor table = random_leaf({6, 3}, 1);
  const Tensor y = embedding(table, Ids({2, 2}, {5, 0, 5, 5}));
  CHECK(y.shape() == Shape{2, 2, 3});
  CHECK(same(select(y, 0, 0), index_select(table, Ids{5, 0})));
  sum(y).backward();
  CHECK(select(table.grad(), 1, 2).to_vector() == Reals{1, 0, 0, 0, 0, 3});
}

TEST_CASE("pack, unpack: undo each other on the real rows") {
  const Rows rows = Rows::of_lengths({2, 0, 3});
  const Tensor x = random_tensor({5, 4}, 1), padded = unpack(x, rows);
  CHECK(padded.shape() == Shape{3, 3, 4});
  CHECK(same(pack(padded, rows), x));
  CHECK(same(select(padded, 0, 1), Tensor::zeros({3, 4})));
  CHECK(same(pack(Tensor::ones({3, 7, 4}), rows), Tensor::ones({5, 4})));  // padded further
}

TEST_CASE("dropout: keeps each element with probability 1 - p, and the expectation") {
  constexpr int64_t n = 200000;
  for (const real p : {real{0.1}, real{0.5}, real{0.9}}) {
    Random random(1);
    const Tensor y = dropout(Tensor::ones({n}), p, random);
    const double kept = sum(equal(y, Tensor::zeros({n})) * -1 + 1).item() / n;
    CHECK(std::abs(kept - (1 - p)) <= 4 * std::sqrt(p * (1 - p) / n));
    CHECK(mean(y).item() == doctest::Approx(kept / (1 - p)));
  }
}

TEST_CASE("dropout: the seed and the call's number make the mask, nothing else") {
  const Tensor x = Tensor::ones({50, 100});
  Random random(3), again(3), other(4);
  const Tensor first = dropout(x, 0.5, random), second = dropout(x, 0.5, random);
  CHECK(same(first, dropout(x, 0.5, again)));
  CHECK(same(second, dropout(x, 0.5, again)));
  const auto agreement = [](const Tensor& a, const Tensor& b) { return mean(equal(a, b)).item(); };
  CHECK(std::abs(agreement(first, second) - 0.5) <= 0.03);  // 4 standard deviations
  CHECK(std::abs(agreement(first, dropout(x, 0.5, other)) - 0.5) <= 0.03);
  CHECK(same(reshape(first, {5000}), dropout(Tensor::ones({5000}), 0.5, again = Random(3))));
  Random unused(3);
  CHECK(dropout(x, 0, unused).data() == x.data());
  CHECK(unused.next == 0);
}

TEST_CASE("dropout: backward makes the same mask anew") {
  const Tensor x = random_leaf({30, 30}, 1);
  const Tensor y = dropout(x, real{0.3});
  sum(y).backward();
  CHECK(difference(y, x * x.grad()) <= 1e-6);
}
