// Reverse mode: what arrives where, what is kept and what is let go.
#include <doctest/doctest.h>

#include <pthread.h>

#include <thread>

#include "core/autograd/autograd.h"
#include "core/autograd/node.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

std::vector<real> gradient(const Tensor& x) { return x.grad().to_vector(); }

using Reals = std::vector<real>;

}  // namespace

TEST_CASE("backward: a diamond adds up both ways") {
  const Tensor x = Tensor::scalar(3).set_requires_grad();
  const Tensor a = x * 2, b = x * x;
  (a * b + a).backward();  // 2 x^3 + 2 x: 6 x^2 + 2
  CHECK(x.grad().item() == 56);
}

TEST_CASE("backward: one tensor used twice by one op") {
  const Tensor x = Tensor::of({2}, {3, 4}).set_requires_grad();
  sum(add(x, x)).backward();
  CHECK(gradient(x) == Reals{2, 2});
  sum(x * x).backward();
  CHECK(gradient(x) == Reals{8, 10});
  const Tensor y = x * 1;
  (sum(cat({y, y, x}, 0)) + sum(sub(y, y))).backward();
  CHECK(gradient(x) == Reals{11, 13});
  const Tensor w = Tensor::of({1, 1}, {2}).set_requires_grad();
  sum(linear(linear(Tensor::ones({1, 1}), w, Tensor()), w, Tensor())).backward();  // w^2
  CHECK(w.grad().item() == 4);
}

TEST_CASE("backward: gradients add up over calls until zero_grad") {
  Tensor x = Tensor::of({2}, {1, 2}).set_requires_grad();
  CHECK(!x.grad().defined());
  sum(x * 3).backward();
  sum(x * 4).backward();
  CHECK(gradient(x) == Reals{7, 7});
  x.zero_grad();
  CHECK(!x.grad().defined());
  sum(x * 4).backward();
  CHECK(gradient(x) == Reals{4, 4});
}

TEST_CASE("backward: a gradient that somebody holds does not change under them") {
  const Tensor x = random_leaf({2, 3}, 1), w = random_leaf({4, 3}, 2), b = random_leaf({4}, 3);
  const auto run = [&] { sum(linear(x, w, b)).backward(); };
  run();
  const Tensor dx = x.grad(), dw = w.grad(), db = b.grad();
  const Reals before = dw.to_vector(), before_x = dx.to_vector(), before_b = db.to_vector();
  run();
  CHECK(dw.to_vector() == before);
  CHECK(dx.to_vector() == before_x);
  CHECK(db.to_vector() == before_b);
  CHECK(gradient(b)[0] == 2 * before_b[0]);
}

TEST_CASE("backward: products accumulate into one .grad, at one address") {
  const Tensor x = random_tensor({2, 3}, 1), w = random_leaf({4, 3}, 2), b = random_leaf({4}, 3);
  const Tensor table = random_leaf({5, 3}, 4);
  const auto run = [&] {
    sum(linear(x, w, b)).backward();
    sum(embedding(table, Ids{1, 3, 1})).backward();
  };
  run();
  const real *dw = w.grad().data(), *db = b.grad().data(), *dtable = table.grad().data();
  const Reals first = gradient(w);
  run();
  CHECK(w.grad().data() == dw);
  CHECK(b.grad().data() == db);
  CHECK(table.grad().data() == dtable);
  CHECK(gradient(w)[5] == doctest::Approx(2 * first[5]));
  CHECK(select(table.grad(), 1, 0).to_vector() == Reals{0, 4, 0, 2, 0});
}

TEST_CASE("backward: with a gradient to start from, which stays the caller's") {
  const Tensor x = Tensor::of({2}, {1, 2}).set_requires_grad(), dy = Tensor::of({2}, {10, 20});
  backward(x + 0, dy);
  CHECK(gradient(x) == Reals{10, 20});
  CHECK(x.grad().data() != dy.data());
  backward(x, dy);  // of a leaf
  CHECK(gradient(x) == Reals{20, 40});
  CHECK(dy.to_vector() == Reals{10, 20});
}

TEST_CASE("no_grad: records nothing - detach ends the history") {
  const Tensor x = random_leaf({3}, 1);
  {
    const NoGrad no_grad;
    const Tensor y = exp(x) * x;
    CHECK(!y.requires_grad());
    CHECK(y.is_leaf());
    { const NoGrad inner; }
    CHECK(!exp(x).requires_grad());
  }
  CHECK(exp(x).requires_grad());
  const Tensor constant = Tensor::ones({3});
  CHECK(!exp(constant).requires_grad());
  const Tensor y = x * 2;
  sum(y.detach() * x).backward();
  CHECK(gradient(x) == y.to_vector());
}

TEST_CASE("backward: retain_graph allows another pass over the same graph") {
  const Tensor x = Tensor::scalar(2).set_requires_grad();
  const Tensor y = x * x * x;
  backward(y, true);
  backward(y, true);
  backward(y);
  CHECK(x.grad().item() == 36);
}

TEST_CASE("grad: leaves and what lies between, without touching .grad()") {
  const Tensor x = Tensor::of({2}, {1, 2}).set_requires_grad();
  const Tensor w = Tensor::of({2}, {5, 7}).set_requires_grad();
  const Tensor h = x * w, y = h * h;
  const std::vector<Tensor> g = grad({sum(y)}, {h, x, w, h}, {.retain_graph = true});
  CHECK(g[0].to_vector() == Reals{10, 28});   // 2 h
  CHECK(g[1].to_vector() == Reals{50, 196});  // 2 h w
  CHECK(g[2].to_vector() == Reals{10, 56});   // 2 h x
  CHECK(g[3].to_vector() == Reals{10, 28});
  CHECK(!x.grad().defined());
  CHECK(!w.grad().defined());
  const std::vector<Tensor> several =
      grad({y, h}, {x}, {.douts = {Tensor::ones({2}), Tensor::full({2}, 3)}});
  CHECK(several[0].to_vector() == Reals{65, 217});  // + 3 w
}

TEST_CASE("grad: zeros for what the outputs do not depend on") {
  const Tensor x = random_leaf({2}, 1), other = random_leaf({2, 3}, 2), aside = exp(x);
  const std::vector<Tensor> g = grad({sum(x * 2)}, {other, aside, x});
  CHECK(same(g[0], Tensor::zeros({2, 3})));
  CHECK(same(g[1], Tensor::zeros({2})));
  CHECK(same(g[2], Tensor::full({2}, 2)));
}

TEST_CASE("grad: of an output itself - results share nothing") {
  const Tensor a = random_leaf({2}, 1), b = random_leaf({2}, 2), y = add(exp(a), exp(b));
  const Tensor ea = exp(a), eb = exp(b), z = ea + eb, dz = Tensor::ones({2});
  std::vector<Tensor> g = grad({z}, {z, ea, eb}, {.douts = {dz}});
  for (const Tensor& each : g) CHECK(same(each, dz));
  g[0].fill_(5);
  g[1].fill_(6);
  CHECK(dz.to_vector() == Reals{1, 1});
  CHECK(g[2].to_vector() == Reals{1, 1});
  CHECK(same(grad({a}, {a}, {.douts = {dz}})[0], dz));
}

TEST_CASE("grad: frees only what it ran through, so a graph can be differentiated in pieces") {
  const Tensor x = random_leaf({3}, 1);
  const Tensor h = tanh(x), loss = sum(h * h);
  const Tensor dh = grad({loss}, {h})[0];
  backward(h, dh);
  const Tensor whole = random_leaf({3}, 1);
  const Tensor t = tanh(whole);
  sum(t * t).backward();
  CHECK(difference(x.grad(), whole.grad()) <= 1e-6);
}

TEST_CASE("memory: what backward saved is given back, and graphs leave nothing behind") {
  const int64_t before = pool_statistics().in_use;
  {
    const Tensor x = random_leaf({100, 10}, 1), w = random_leaf({10, 10}, 2);
    const int64_t leaves = pool_statistics().in_use;
    Tensor loss;
    {
      Tensor h = x;
      for (int i = 0; i < 20; ++i) h = gelu(linear(h, w, Tensor()));
      loss = mean(h);
    }
    CHECK(pool_statistics().in_use > leaves + 20 * 4000);
    loss.backward();
    const int64_t gradients = pool_statistics().in_use - leaves;
    CHECK(gradients <= 5000 + 1000);  // dx and dw; the loss
  }
  CHECK(pool_statistics().in_use == before);
}

namespace {

constexpr int links = 1000000;

Tensor chain(const Tensor& x) {
  Tensor y = x;
  for (int i = 0; i < links; ++i) y = y + real{1};
  return y;
}

// Every node saves the tensor before it: a chain of tensors too.
Tensor saving_chain(const Tensor& x, const Tensor& one) {
  Tensor y = x;
  for (int i = 0; i < links / 5; ++i) y = y * one;
  return y;
}

void* long_chains(void* result) {
  Tensor x = Tensor::scalar(1).set_requires_grad(), one = Tensor::scalar(1).set_requires_grad();
  chain(x).backward();
  const bool ran = x.grad().item() == 1;
  chain(x);  // let go without backward
  saving_chain(x, one);
  x.zero_grad();
  saving_chain(x, one).backward();
  *static_cast<bool*>(result) = ran && one.grad().item() == links / 5 && x.grad().item() == 1;
  return nullptr;
}

}  // namespace

TEST_CASE("a chain of 1,000,000 ops runs, reverses and is freed on a stack of 256 KB") {
  pthread_attr_t small;
  REQUIRE(pthread_attr_init(&small) == 0);
  REQUIRE(pthread_attr_setstacksize(&small, 256 * 1024) == 0);
  bool passed = false;
  pthread_t runner;
  REQUIRE(pthread_create(&runner, &small, long_chains, &passed) == 0);
  pthread_join(runner, nullptr);
  pthread_attr_destroy(&small);
  CHECK(passed);
  release_cached_memory();
}

TEST_CASE("threads: two graphs side by side, over shared numbers") {
  const Tensor shared = random_tensor({8, 8}, 1);
  const auto work = [&](Tensor& w) {
    for (int i = 0; i < 30; ++i) {
      const Tensor y = softmax(matmul(tanh(linear(shared, w, Tensor())), transpose(shared, 0, 1)));
      sum(y * shared).backward();
    }
  };
  Tensor a = random_leaf({8, 8}, 2), b = random_leaf({8, 8}, 2), alone = random_leaf({8, 8}, 2);
  std::thread first([&] { work(a); }), second([&] { work(b); });
  first.join();
  second.join();
  work(alone);
  CHECK(same(a.grad(), alone.grad()));
  CHECK(same(b.grad(), alone.grad()));
}

namespace {

// y = sum(x)^2, whose backward runs a pass of its own over a graph recorded in forward.
struct NestedNode final : Node {
  Tensor inner_x, inner_y;
  void backward(Grads& g) override {
    g.add(0, grad({inner_y}, {inner_x}, {.douts = {g.dout()}, .retain_graph = true})[0]);
  }
  void visit(SavedVisitor&) override {}
};

Tensor nested(const Tensor& x) {
  const Tensor inner_x = x.detach().set_requires_grad();
  const Tensor total = sum(inner_x), inner_y = total * total, y = inner_y.detach();
  if (auto node = record<NestedNode>("nested", {&x}, y, Where::current()))
    node->inner_x = inner_x, node->inner_y = inner_y;
  return y;
}

}  // namespace

TEST_CASE("backward: a node may run a pass of its own") {
  const Tensor x = Tensor::of({2}, {1, 2}).set_requires_grad();
  const Tensor h = x * 2, y = nested(h) + sum(h);  // (2 x0 + 2 x1)^2 + 2 x0 + 2 x1
  backward(y, true);
  CHECK(gradient(x) == Reals{26, 26});
  backward(y);
  CHECK(gradient(x) == Reals{52, 52});
}
