// Several threads that run backward at the same time, into leaves and through graphs that they
// share. Run under the thread sanitizer too.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "core/autograd/autograd.h"
#include "core/autograd/node.h"
#include "nn/layers.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

constexpr int workers = 4, rounds = 200;

void on_threads(const std::function<void(int)>& work) {
  std::vector<std::thread> threads;
  for (int t = 0; t < workers; ++t) threads.emplace_back(work, t);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace

TEST_CASE("threads: backward into one shared leaf loses no gradient") {
  // Small whole numbers, whose sums are exact in any order. add() for w, into() for table and v.
  const Tensor w = Tensor::ones({2, 3}).set_requires_grad();
  const Tensor table = Tensor::ones({4, 3}).set_requires_grad();
  const Tensor v = Tensor::ones({2, 3}).set_requires_grad();
  on_threads([&](int) {
    for (int i = 0; i < rounds; ++i) {
      const Tensor x = embedding(table, Ids{1, 2, 2});
      (sum(linear(x, v, Tensor())) + sum(w * w)).backward();
    }
  });
  const real n = workers * rounds;
  CHECK(same(w.grad(), Tensor::full({2, 3}, 2 * n)));
  CHECK(same(v.grad(), Tensor::full({2, 3}, 3 * n)));
  CHECK(table.grad().to_vector() ==
        std::vector<real>{0, 0, 0, 2 * n, 2 * n, 2 * n, 4 * n, 4 * n, 4 * n, 0, 0, 0});
}

TEST_CASE("threads: one module for several, its parameters shared, never walked before") {
  Linear layer(3, 2, {.std = 1});
  const Tensor x = Tensor::ones({5, 3});
  on_threads([&](int) {
    for (int i = 0; i < rounds; ++i) sum(layer(x)).backward();
  });
  CHECK(same(layer.weight.grad(), Tensor::full({2, 3}, 5 * workers * rounds)));
  CHECK(same(layer.bias.grad(), Tensor::full({2}, 5 * workers * rounds)));
}

TEST_CASE("threads: grad() over shared leaves repeats bit for bit and touches no .grad()") {
  const Tensor w = random_leaf({6, 6}, 1), x = random_tensor({4, 6}, 2);
  const auto gradient = [&] { return grad({sum(tanh(matmul(x, w)))}, {w})[0]; };
  const Tensor alone = gradient();
  std::atomic<int> wrong{0};
  on_threads([&](int) {
    for (int i = 0; i < rounds; ++i) wrong += !same(gradient(), alone);
  });
  CHECK(wrong == 0);
  CHECK_FALSE(w.grad().defined());
}

TEST_CASE("threads: a graph that two share is run by one at a time, or refused") {
  const Tensor x = Tensor::ones({3}).set_requires_grad();
  const Tensor h = x * x;  // the part that all share, with slope 2
  std::vector<Tensor> losses;
  for (int t = 0; t < workers; ++t) losses.push_back(sum(h * (t + 1)));
  std::atomic<int> refused{0}, runs{0}, slopes{0};
  on_threads([&](int t) {
    for (int i = 0; i < rounds; ++i) {
      const std::string text = error_of([&] { backward(losses[static_cast<size_t>(t)], true); });
      if (text.empty()) runs += 1, slopes += 2 * (t + 1);
      else refused += has(text, "belongs to a backward that is under way") ? 1 : -1'000'000;
    }
  });
  CHECK(runs + refused == workers * rounds);
  CHECK(runs > 0);
  CHECK(same(x.grad(), Tensor::full({3}, static_cast<real>(slopes.load()))));
  x.impl().grad = nullptr;
  backward(losses[2], true);  // nothing is left claimed, nothing left over
  CHECK(same(x.grad(), Tensor::full({3}, 6)));
}

namespace {

// Hands its output's gradient to input 0 twice, through two Targets that are there at once.
struct TwiceNode final : Node {
  void backward(Grads& g) override {
    const Contiguous dy(g.dout());
    const Grads::Target first = g.into(0), second = g.into(0);
    for (const Grads::Target* target : {&first, &second})
      for (int i = 0; i < 2; ++i) target->data[i] = target->beta * target->data[i] + dy.data()[i];
  }
  void visit(SavedVisitor&) override {}
};

}  // namespace

TEST_CASE("threads: two targets for one leaf at once add up, as do threads") {
  const Tensor x = Tensor::of({2}, {1, 2}).set_requires_grad();
  const auto twice = [&] {
    const Tensor y = copy(x.detach());
    record<TwiceNode>("twice", {&x}, y, Where::current());
    backward(sum(y));
  };
  twice();
  CHECK(x.grad().to_vector() == std::vector<real>{2, 2});
  on_threads([&](int) { twice(); });
  CHECK(x.grad().to_vector() == std::vector<real>{2 + 2 * workers, 2 + 2 * workers});
}
