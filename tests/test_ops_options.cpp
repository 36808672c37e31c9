// The ops that a Transformer is made of: what they refuse, by a table; what each option does.
#include <doctest/doctest.h>

#include "core/autograd/autograd.h"
#include "core/autograd/observer.h"
#include "core/inspect/trace_costs.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

Tensor of(const Shape& shape) { return random_tensor(shape, 1); }

struct Refused {
  std::string text;  // how the error begins
  std::function<void()> call;
};

Tensor attend(const Shape& q, const Shape& k, const Shape& v, AttentionOptions options = {},
              const Rows& q_rows = Rows::equal(1, 3), const Rows& k_rows = Rows::equal(1, 4)) {
  return attention(of(q), of(k), of(v), q_rows, k_rows, options);
}
Tensor attend(AttentionOptions options) { return attend({3, 4}, {4, 4}, {4, 4}, options); }
Tensor attend(int64_t heads) { return attend({.heads = heads, .bias = {}}); }

void check_refused(const std::vector<Refused>& table) {
  for (const Refused& r : table) {
    const std::string error = error_of(r.call);
    INFO("expected: ", r.text);
    INFO("the error: ", error);
    CHECK(error.substr(0, r.text.size()) == r.text);
  }
}

// Adds up the operations of the attention that it sees.
struct FlopCount : Observer {
  double count = 0;
  void attention(const Rows& q_rows, const Rows& k_rows, bool causal, int64_t columns) override {
    count += attention_flops(q_rows, k_rows, causal, columns);
  }
};

}  // namespace

TEST_CASE("attention: what does not fit is refused, each by itself") {
  // clang-format off
  check_refused({
      {"[attention] shapes do not fit: q is (12,)", [] { attend({12}, {4, 4}, {4, 4}); }},
      {"[attention] shapes do not fit: q is (3, 4), k (16,)", [] { attend({3, 4}, {16}, {4, 4}); }},
      {"[attention] shapes do not fit: q is (3, 4), k (4, 4), v (16,)",
       [] { attend({3, 4}, {4, 4}, {16}); }},
      {"[attention] shapes do not fit: q is (3, 2), k (4, 4), v (4, 2)",
       [] { attend({3, 2}, {4, 4}, {4, 2}); }},
      {"[attention] shapes do not fit: q is (3, 4), k (4, 4), v (4, 8)",
       [] { attend({3, 4}, {4, 4}, {4, 8}); }},
      {"[attention] shapes do not fit: q is (3, 4), k (4, 4), v (5, 4)",
       [] { attend({3, 4}, {4, 4}, {5, 4}); }},
      {"[attention] 4 columns do not divide into 0 heads", [] { attend(0); }},
      {"[attention] 4 columns do not divide into -2 heads", [] { attend(-2); }},
      {"[attention] 4 columns do not divide into 3 heads", [] { attend(3); }},
      {"[attention] 4 columns do not divide into 8 heads", [] { attend(8); }},
      {"[attention] 0 columns do not divide into 2 heads",
       [] { attend({3, 0}, {4, 0}, {4, 0}, {.heads = 2, .bias = {}}); }},
      {"[attention] the row lists do not fit: 2 and 1 sequences, 4 of 4 queries, 4 of 4 keys",
       [] { attend({4, 4}, {4, 4}, {4, 4}, {}, Rows::equal(2, 2), Rows::equal(1, 4)); }},
      {"[attention] the row lists do not fit: 1 and 1 sequences, 2 of 3 queries, 4 of 4 keys",
       [] { attend({3, 4}, {4, 4}, {4, 4}, {}, Rows::equal(1, 2)); }},
      {"[attention] the row lists do not fit: 1 and 1 sequences, 3 of 3 queries, 5 of 4 keys",
       [] { attend({3, 4}, {4, 4}, {4, 4}, {}, Rows::equal(1, 3), Rows::equal(1, 5)); }},
      {"[attention] dropout is 1.0", [] { attend({.bias = {}, .dropout = 1}); }},
      {"[attention] dropout is -0.5", [] { attend({.bias = {}, .dropout = -0.5}); }},
      {"[attention] dropout is nan", [] { attend({.bias = {}, .dropout = NAN}); }},
      {"[attention]", [] { attend({.bias = of({3, 5})}); }},
      {"[attention] the bias (2, 1, 3, 4) does not broadcast to (1, 1, 3, 4)",
       [] { attend({.bias = of({2, 1, 3, 4})}); }},
  });
  // clang-format on
}

TEST_CASE("scaled_dot_product_attention: what does not fit is refused, each by itself") {
  const auto call = [](const Shape& q, const Shape& k, const Shape& v) {
    return [=] { scaled_dot_product_attention(of(q), of(k), of(v)); };
  };
  check_refused({
      {"[scaled_dot_product_attention] shapes do not fit: q is (4,)", call({4}, {4}, {4})},
      {"[scaled_dot_product_attention] shapes do not fit: q is (3, 4), k (4,)",
       call({3, 4}, {4}, {4})},
      {"[scaled_dot_product_attention] shapes do not fit: q is (3, 4), k (5, 2)",
       call({3, 4}, {5, 2}, {5, 4})},
      {"[scaled_dot_product_attention] shapes do not fit: q is (3, 4), k (5, 4), v (6, 4)",
       call({3, 4}, {5, 4}, {6, 4})},
      {"[scaled_dot_product_attention] shapes do not fit: q is (2, 3, 4), k (1, 3, 4)",
       call({2, 3, 4}, {1, 3, 4}, {2, 3, 4})},
  });
}

TEST_CASE("linear, matmul: what does not fit is refused, each by itself") {
  // clang-format off
  check_refused({
      {"[linear] shapes do not fit: x is ()", [] { linear(of({}), of({2, 1}), Tensor()); }},
      {"[linear] shapes do not fit", [] { linear(of({3, 4}), of({4}), Tensor()); }},
      {"[linear] shapes do not fit", [] { linear(of({3, 4}), of({2, 4, 1}), Tensor()); }},
      {"[linear] shapes do not fit: x is (3, 4), weight (2, 5)",
       [] { linear(of({3, 4}), of({2, 5}), Tensor()); }},
      {"[linear] shapes do not fit: x is (3, 4), weight (2, 3)",
       [] { linear(of({3, 4}), of({2, 3}), Tensor()); }},
      {"[linear] shapes do not fit: x is (3, 4), weight (2, 4), bias (4,)",
       [] { linear(of({3, 4}), of({2, 4}), of({4})); }},
      {"[linear] shapes do not fit: x is (3, 4), weight (2, 4), bias (1, 2)",
       [] { linear(of({3, 4}), of({2, 4}), of({1, 2})); }},
      {"[matmul] inner sizes differ: a is (2, 3), b is (4, 5)",
       [] { matmul(of({2, 3}), of({4, 5})); }},
      {"[matmul] inner sizes differ: a is (2, 4), b is (3, 5)",
       [] { matmul(of({2, 4}), of({3, 5})); }},
      {"[matmul] a is (), b is (2, 2)", [] { matmul(of({}), of({2, 2})); }},
      {"[matmul] a is (2, 2), b is ()", [] { matmul(of({2, 2}), of({})); }},
  });
  // clang-format on
}

TEST_CASE("layer_norm, dropout: what does not fit is refused, each by itself") {
  const auto norm = [](const Tensor& x, const Tensor& gamma, const Tensor& beta, real eps = 1) {
    return [=] { layer_norm(x, gamma, beta, eps); };
  };
  const auto drop = [](real p) { return [=] { dropout(of({3}), p); }; };
  check_refused({
      {"[layer_norm] x is a single number", norm(of({}), {}, {})},
      {"[layer_norm] x is (2, 4), gamma or beta (3,)", norm(of({2, 4}), of({3}), {})},
      {"[layer_norm] x is (2, 4), gamma or beta (1, 4)", norm(of({2, 4}), of({1, 4}), {})},
      {"[layer_norm] x is (2, 4), gamma or beta (5,)", norm(of({2, 4}), of({4}), of({5}))},
      {"[layer_norm] eps is -1", norm(of({2, 4}), {}, {}, -1)},
      {"[layer_norm] eps is nan", norm(of({2, 4}), {}, {}, NAN)},
      {"[dropout] p is 1.0", drop(1)},
      {"[dropout] p is -0.5", drop(-0.5)},
      {"[dropout] p is nan", drop(NAN)},
  });
  CHECK(layer_norm(of({2, 0}), Tensor(), Tensor(), 1).shape() == Shape{2, 0});
}

TEST_CASE("embedding, index_select, cross_entropy: ids and labels outside are refused") {
  const Tensor table = of({4, 2}), x = of({2, 4});
  // clang-format off
  check_refused({
      {"[embedding] id -1 at position 1 of a table of 4 rows",
       [&] { embedding(table, Ids{0, -1}); }},
      {"[embedding] id 4 at position 0 of a table of 4 rows", [&] { embedding(table, Ids{4}); }},
      {"[embedding] id 0 at position 0 of a table of 0 rows",
       [&] { embedding(of({0, 2}), Ids{0}); }},
      {"[embedding] the table is (4,)", [] { embedding(of({4}), Ids{0}); }},
      {"[embedding] the table is (4, 2, 1)", [] { embedding(of({4, 2, 1}), Ids{0}); }},
      {"[index_select] x is (), the rows (1,)", [] { index_select(of({}), Ids{0}); }},
      {"[index_select] x is (4, 2), the rows (1, 1)",
       [&] { index_select(table, Ids({1, 1}, {0})); }},
      {"[cross_entropy] label 4 at position 1, there are 4 classes",
       [&] { cross_entropy(x, Ids{3, 4}); }},
      {"[cross_entropy] label -1 at position 0, there are 4 classes",
       [&] { cross_entropy(x, Ids{-1, 0}); }},
      {"[cross_entropy] label -100 at position 1, there are 4 classes",
       [&] { cross_entropy(x, Ids{-7, -100}, Reduction::mean, -7); }},
      {"[cross_entropy] logits are (2, 4), labels (3,)", [&] { cross_entropy(x, Ids{0, 0, 0}); }},
      {"[cross_entropy] logits are (), labels ()",
       [] { cross_entropy(of({}), Ids(Shape{}, {0})); }},
  });
  // clang-format on
}

TEST_CASE("attention: its scale is the one that is given, or 1 / sqrt(head size)") {
  const Tensor q = of({3, 8}), k = random_tensor({4, 8}, 2), v = random_tensor({4, 8}, 3);
  const Rows q_rows = Rows::equal(1, 3), k_rows = Rows::equal(1, 4);
  const auto plain = [&](real scale, int64_t first, int64_t end) {
    const Tensor scores = matmul(slice(q, 1, first, end), transpose(slice(k, 1, first, end), 0, 1));
    return matmul(softmax(scores * scale), slice(v, 1, first, end));
  };
  for (const real scale : {real{0.3}, real{2}}) {
    const AttentionOptions options{.scale = scale, .bias = {}};
    CHECK(difference(attention(q, k, v, q_rows, k_rows, options), plain(scale, 0, 8)) <= 1e-6);
    CHECK(difference(scaled_dot_product_attention(q, k, v, Tensor(), false, scale),
                     plain(scale, 0, 8)) <= 1e-6);
  }
  const real of_eight = 1 / std::sqrt(real{8}), of_two = 1 / std::sqrt(real{2});
  CHECK(difference(attention(q, k, v, q_rows, k_rows, {}), plain(of_eight, 0, 8)) <= 1e-6);
  const Tensor heads = attention(q, k, v, q_rows, k_rows, {.heads = 4, .bias = {}});
  for (const int64_t first : {0, 2, 4, 6})
    CHECK(difference(slice(heads, 1, first, first + 2), plain(of_two, first, first + 2)) <= 1e-6);
}

TEST_CASE("attention: columns that lie apart give what a copy of them gives") {
  const Tensor q = of({4, 3}), k = random_tensor({4, 5}, 2), v = random_tensor({4, 5}, 3);
  const Tensor qt = transpose(q, 0, 1), kt = transpose(k, 0, 1), vt = transpose(v, 0, 1);
  const Rows q_rows = Rows::equal(1, 3), k_rows = Rows::equal(1, 5);
  CHECK(same(attention(qt, kt, vt, q_rows, k_rows, {}),
             attention(copy(qt), copy(kt), copy(vt), q_rows, k_rows, {})));
}

TEST_CASE("attention, dropout: a call with a mask takes one number of the generator, others none") {
  const Tensor x = of({5, 4});
  const Rows rows = Rows::equal(1, 5);
  Random random(3), other(4);
  const auto run = [&](Random& r, real p) {
    return attention(x, x, x, rows, rows, {.bias = {}, .dropout = p}, r);
  };
  run(random, 0);
  dropout(x, 0, random);
  CHECK(random.next == 0);
  const Tensor first = run(random, real{0.5});
  CHECK(random.next == 1);
  dropout(x, real{0.5}, random);
  CHECK(random.next == 2);
  CHECK(!same(first, run(random, real{0.5})));
  CHECK(!same(first, run(other, real{0.5})));
  random = Random(3);
  CHECK(same(first, run(random, real{0.5})));
}

TEST_CASE("attention: it counts four operations for each query, key that it sees, and column") {
  struct {
    std::vector<int32_t> queries, keys;
    bool causal;
    double pairs;
  } const cases[] = {{{3}, {5}, false, 15},
                     {{3}, {5}, true, 1 + 2 + 3},
                     {{5}, {3}, true, 1 + 2 + 9},
                     {{2, 0, 3}, {1, 4, 3}, false, 2 + 9},
                     {{2, 3}, {2, 3}, true, 3 + 6}};
  for (const auto& c : cases) {
    const Rows q_rows = Rows::of_lengths(c.queries), k_rows = Rows::of_lengths(c.keys);
    const Tensor q = of({q_rows.total(), 6}), k = of({k_rows.total(), 6});
    const FlopCount flops;
    attention(q, k, k, q_rows, k_rows, {.heads = 2, .causal = c.causal, .bias = {}});
    CHECK(flops.count == 4 * 6 * c.pairs);
  }
}

TEST_CASE("attention, layer_norm, linear: what needs no gradient gets none, the rest does") {
  const Rows rows = Rows::equal(2, 3);
  const auto attend_all = [&](const std::vector<Tensor>& in) {
    return attention(in[0], in[1], in[2], rows, rows, {.heads = 2, .bias = in[3]});
  };
  const auto norm = [](const std::vector<Tensor>& in) {
    return layer_norm(in[0], in[1], in[2], real{1e-5});
  };
  const auto line = [](const std::vector<Tensor>& in) { return linear(in[0], in[1], in[2]); };
  const struct {
    std::function<Tensor(const std::vector<Tensor>&)> f;
    std::vector<Shape> shapes;
  } cases[] = {{attend_all, {{6, 4}, {6, 4}, {6, 4}, {2, 1, 3, 3}}},
               {norm, {{6, 4}, {4}, {4}}},
               {line, {{6, 4}, {5, 4}, {5}}}};
  for (const auto& c : cases) {
    const auto gradients = [&](size_t frozen) {
      std::vector<Tensor> in, found;
      for (size_t i = 0; i < c.shapes.size(); ++i) {
        in.push_back(random_tensor(c.shapes[i], i + 1));
        if (i != frozen) in.back().set_requires_grad();
      }
      const Tensor y = c.f(in);
      sum(y * random_tensor(y.shape(), 9)).backward();
      for (const Tensor& x : in) found.push_back(x.grad());
      return found;
    };
    const std::vector<Tensor> all = gradients(c.shapes.size());
    for (size_t frozen = 0; frozen < c.shapes.size(); ++frozen) {
      const std::vector<Tensor> some = gradients(frozen);
      for (size_t i = 0; i < some.size(); ++i) {
        CHECK(some[i].defined() == (i != frozen));
        if (i != frozen) CHECK(same(some[i], all[i]));
      }
    }
  }
}
