// Attention: ragged against padded, what may be seen, dropout, and the number of threads.
#include <doctest/doctest.h>

#include "core/autograd/autograd.h"
#include "core/parallel.h"
#include "tests/op_results.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

struct Inputs {
  Tensor q, k, v;
};

Inputs inputs(int64_t queries, int64_t keys, int64_t columns, uint64_t seed = 1) {
  return {random_leaf({queries, columns}, seed), random_leaf({keys, columns}, seed + 1),
          random_leaf({keys, columns}, seed + 2)};
}

Tensor run(const Inputs& x, const Rows& q_rows, const Rows& k_rows, int64_t heads,
           bool causal = false, const Tensor& bias = Tensor()) {
  return attention(x.q, x.k, x.v, q_rows, k_rows, {.heads = heads, .causal = causal, .bias = bias});
}

// Gradients of sum(y * fixed numbers) with respect to q, k and v.
std::vector<Tensor> gradients(const Inputs& x, const Tensor& y) {
  return grad({y}, {x.q, x.k, x.v}, {.douts = {random_tensor(y.shape(), 99)}});
}

// (N, H) as (B, heads, T, H / heads), padded with zeros; and back to (N, H).
Tensor to_heads(const Tensor& x, const Rows& rows, int64_t heads) {
  const int64_t B = rows.sequences(), T = rows.longest(), D = x.size(1) / heads;
  return transpose(reshape(unpack(x, rows), {B, T, heads, D}), 1, 2);
}
Tensor from_heads(const Tensor& y, const Rows& rows) {
  const Shape s = y.shape();
  return pack(reshape(transpose(y, 1, 2), {s[0], s[2], s[1] * s[3]}), rows);
}

// (B, 1, 1, longest): minus infinity at the padding.
Tensor padding_bias(const Rows& rows) {
  Tensor bias = Tensor::zeros({rows.sequences(), 1, 1, rows.longest()});
  for (int64_t b = 0; b < rows.sequences(); ++b)
    slice(select(bias, 0, b), -1, rows.length(b), rows.longest()).fill_(-infinity);
  return bias;
}

}  // namespace

TEST_CASE("attention: ragged equals dense with a mask, values and gradients") {
  for (const bool causal : {false, true}) {
    const Rows rows = Rows::of_lengths({3, 7, 1, 5});
    const Inputs x = inputs(16, 16, 12);
    const Tensor ragged = run(x, rows, rows, 3, causal);
    const Tensor dense =
        from_heads(scaled_dot_product_attention(to_heads(x.q, rows, 3), to_heads(x.k, rows, 3),
                                                to_heads(x.v, rows, 3), padding_bias(rows), causal),
                   rows);
    CHECK(difference(ragged, dense) <= 1e-6);
    const std::vector<Tensor> a = gradients(x, ragged), b = gradients(x, dense);
    for (size_t i = 0; i < 3; ++i) CHECK(difference(a[i], b[i]) <= 1e-6);
  }
}

TEST_CASE("attention: equals its definition in plain ops, with more keys than queries") {
  const Rows q_rows = Rows::equal(1, 5), k_rows = Rows::equal(1, 70);
  const Inputs x = inputs(5, 70, 8);
  const Tensor bias = random_leaf({5, 70}, 7);
  const Tensor fused = run(x, q_rows, k_rows, 1, false, bias);
  const real scale = 1 / std::sqrt(real{8});
  const Tensor plain = matmul(softmax(matmul(x.q, transpose(x.k, 0, 1)) * scale + bias), x.v);
  CHECK(difference(fused, plain) <= 1e-6);
  const std::vector<Tensor> a = gradients(x, fused), b = gradients(x, plain);
  for (size_t i = 0; i < 3; ++i) CHECK(difference(a[i], b[i]) <= 2e-6);
}

TEST_CASE("attention: the order of the sequences in a batch does not matter") {
  const Rows rows = Rows::of_lengths({2, 5, 3}), swapped = Rows::of_lengths({3, 2, 5});
  const Ids order{7, 8, 9, 0, 1, 2, 3, 4, 5, 6};
  const Inputs x = inputs(10, 10, 8);
  const Inputs moved{index_select(x.q, order), index_select(x.k, order), index_select(x.v, order)};
  CHECK(same(index_select(run(x, rows, rows, 2), order), run(moved, swapped, swapped, 2)));
}

TEST_CASE("attention: a sequence alone gives what it gives in a batch") {
  const Rows rows = Rows::of_lengths({2, 5, 3}), alone = Rows::equal(1, 5);
  const Inputs x = inputs(10, 10, 8);
  const Inputs part{slice(x.q, 0, 2, 7), slice(x.k, 0, 2, 7), slice(x.v, 0, 2, 7)};
  CHECK(same(slice(run(x, rows, rows, 2), 0, 2, 7), run(part, alone, alone, 2)));
}

TEST_CASE("attention: only the first rows may ask") {
  const Rows rows = Rows::of_lengths({2, 5, 3}), firsts = Rows::equal(3, 1);
  const Inputs x = inputs(10, 10, 8);
  const Inputs asked{index_select(x.q, rows.first()), x.k, x.v};
  CHECK(same(index_select(run(x, rows, rows, 2), rows.first()), run(asked, firsts, rows, 2)));
}

TEST_CASE("attention, causal: a later token changes nothing before it, to the last bit") {
  const Rows rows = Rows::equal(1, 40);
  const Inputs x = inputs(40, 40, 8);
  const Tensor before = run(x, rows, rows, 2, true);
  for (const int64_t t : {39, 20, 1}) {
    Inputs edited{x.q.detach(), copy(x.k.detach()), copy(x.v.detach())};
    slice(edited.k, 0, t, 40).fill_(3);
    slice(edited.v, 0, t, 40).fill_(-7);
    const Tensor after = run(edited, rows, rows, 2, true);
    CHECK(same(slice(before, 0, 0, t), slice(after, 0, 0, t)));
    CHECK(!same(before, after));
  }
}

TEST_CASE("attention: a query that sees nothing gives zeros and zero gradients") {
  const Tensor q = random_leaf({2, 3, 4}, 1), k = random_leaf({2, 5, 4}, 2);
  const Tensor v = random_leaf({2, 5, 4}, 3);
  Tensor bias = Tensor::zeros({2, 3, 5});
  select(bias, 1, 1).fill_(-infinity);  // the second query of each
  const Tensor y = scaled_dot_product_attention(q, k, v, bias);
  CHECK(same(select(y, 1, 1), Tensor::zeros({2, 4})));
  const std::vector<Tensor> g = grad({sum(y * y)}, {q, k, v});
  CHECK(same(select(g[0], 1, 1), Tensor::zeros({2, 4})));
  const auto seeing = [](const Tensor& x) {
    return cat({slice(x, 1, 0, 1), slice(x, 1, 2, 3)}, 1);
  };
  const Tensor rest = scaled_dot_product_attention(seeing(q), k, v);
  const std::vector<Tensor> h = grad({sum(rest * rest)}, {q, k, v});
  for (size_t i = 0; i < 3; ++i) CHECK(difference(g[i], h[i]) <= 1e-6);
}

TEST_CASE("scaled_dot_product_attention: empty batches, no queries, no keys") {
  const auto shape_of = [](const Shape& q, const Shape& k, const Tensor& bias = Tensor()) {
    return scaled_dot_product_attention(Tensor::ones(q), Tensor::ones(k), Tensor::ones(k), bias);
  };
  CHECK(shape_of({0, 3, 4}, {0, 5, 4}).shape() == Shape{0, 3, 4});
  CHECK(shape_of({0, 3, 4}, {0, 5, 4}, Tensor::zeros({3, 5})).shape() == Shape{0, 3, 4});
  CHECK(shape_of({2, 0, 4}, {2, 5, 4}).shape() == Shape{2, 0, 4});
  CHECK(same(shape_of({2, 3, 4}, {2, 0, 4}), Tensor::zeros({2, 3, 4})));
  CHECK(shape_of({3, 4}, {5, 4}).shape() == Shape{3, 4});
}

TEST_CASE("attention: dropout keeps the expectation, and its mask is made anew in backward") {
  constexpr int64_t T = 300;
  const Rows rows = Rows::equal(1, T);
  Inputs x = inputs(T, T, 1);
  x.v = Tensor::ones({T, 1}).set_requires_grad();
  Random random(1);
  const auto dropped = [&](real p) {
    return attention(x.q * real{0.01}, x.k, x.v, rows, rows, {.bias = {}, .dropout = p}, random);
  };
  const Tensor y = dropped(real{0.5});
  CHECK(std::abs(mean(y).item() - 1) <= 0.02);
  CHECK(difference(sum(grad({sum(y)}, {x.v})[0]), sum(y)) <= 1e-3);  // y is linear in v
  CHECK(!same(y, dropped(real{0.5})));                               // another call, another mask
  random = Random(1);
  CHECK(same(y, dropped(real{0.5})));
  CHECK(difference(dropped(0), Tensor::ones({T, 1})) <= 1e-5);
  CHECK(has(error_of([&] { dropped(1); }), "dropout is 1.0"));
}

namespace {

// A bit of everything that a Transformer's layer does.
std::vector<Tensor> layer(const Tensor& x, const Tensor& w, const Tensor& gamma) {
  Random random(5);
  const Rows rows = Rows::of_lengths({100, 40, 77, 1});
  const Tensor h = gelu(linear(x, w, gamma));
  const AttentionOptions options{.heads = 4, .bias = {}, .dropout = real{0.1}};
  const Tensor y = attention(h, x, h, rows, rows, options, random);
  const Tensor z = layer_norm(dropout(y, real{0.2}, random) + x, gamma, gamma, real{1e-5});
  const Tensor loss = cross_entropy(z, Ids(std::vector<int32_t>(218, 3))) + mean(softmax(z) * x);
  std::vector<Tensor> results = grad({loss}, {x, w, gamma});
  results.push_back(loss);
  return results;
}

}  // namespace

TEST_CASE("threads: the same bits for 1, 2 and 3 of them") {
  const Tensor x = random_leaf({218, 64}, 1), w = random_leaf({64, 64}, 2);
  const Tensor gamma = random_leaf({64}, 3);
  const int before = threads();
  set_threads(1);
  const std::vector<Tensor> one = layer(x, w, gamma);
  for (const int n : {2, 3}) {
    set_threads(n);
    const std::vector<Tensor> several = layer(x, w, gamma);
    for (size_t i = 0; i < one.size(); ++i) CHECK(same(one[i], several[i]));
  }
  set_threads(before);
}
