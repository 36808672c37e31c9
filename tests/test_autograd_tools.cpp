// Second derivatives, hooks, activation checkpointing, anomaly mode, Jacobians.
#include <doctest/doctest.h>

#include "core/autograd/autograd.h"
#include "core/autograd/more/activation_checkpoint.h"
#include "core/autograd/more/anomaly.h"
#include "core/autograd/more/hook.h"
#include "core/autograd/more/jacobian.h"
#include "core/autograd/node.h"
#include "nn/layers.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

Tensor cube(const Tensor& x) { return x * x * x; }

// Bytes held by storages that were made while it lives.
struct LiveBytes final : Observer {
  int64_t now = 0, most = 0;
  void born(const Storage& s) override { most = std::max(most, now += s.block); }
  void died(const Storage& s) override { now -= s.block; }
};

}  // namespace

TEST_CASE("create_graph: the derivatives of x^3 are 3 x^2, 6 x, 6 and 0") {
  const Tensor x = Tensor::of({3}, {-1, 0.5, 2}).set_requires_grad();
  Tensor y = sum(cube(x));
  const Tensor first = grad({y}, {x}, {.create_graph = true})[0];
  CHECK(difference(first, 3 * x * x) < 1e-6);
  const Tensor second = grad({sum(first)}, {x}, {.create_graph = true})[0];
  CHECK(difference(second, 6 * x) < 1e-6);
  const Tensor third = grad({sum(second)}, {x}, {.create_graph = true})[0];
  CHECK(difference(third, Tensor::full({3}, 6)) < 1e-6);
  CHECK(!x.grad().defined());
}

TEST_CASE("create_graph: an output that was saved keeps its history") {
  const Tensor x = Tensor::of({2}, {0.3, -0.8}).set_requires_grad();
  const Tensor e = exp(x), t = tanh(x);
  const Tensor de = grad({sum(e)}, {x}, {.create_graph = true})[0];
  CHECK(difference(grad({sum(de)}, {x})[0], e) < 1e-6);
  const Tensor dt = grad({sum(t)}, {x}, {.create_graph = true})[0];  // 1 - t^2
  CHECK(difference(grad({sum(dt)}, {x})[0], -2 * t * (1 - t * t)) < 1e-6);
}

TEST_CASE("create_graph: a penalty on the gradient trains, and nothing of it is left over") {
  LiveBytes bytes;
  const Tensor x = random_leaf({4, 3}, 1), w = random_leaf({3, 3}, 2);
  const int64_t before = bytes.now;
  {
    const Tensor y = sum(gelu(matmul(x, w)));
    const Tensor dx = grad({y}, {x}, {.create_graph = true})[0];
    const Tensor dw = grad({y + sum(dx * dx)}, {w})[0];
    CHECK(dw.defined());
  }
  CHECK(bytes.now == before);
}

TEST_CASE("create_graph: an op without second derivative says so, with the user's line") {
  Random random(1);
  const Tensor q = random_leaf({2, 4}, 1);
  const Rows rows = Rows::equal(1, 2);
  const Tensor y = attention(q, q, q, rows, rows, {.bias = {}, .dropout = 0.5}, random);
  const int made = __LINE__ - 1;
  const std::string text = error_of([&] { grad({sum(y)}, {q}, {.create_graph = true}); });
  CHECK(has(text, "[attention] this op has no second derivative"));
  CHECK(has(text, at(made)));
}

TEST_CASE("hook: sees the sum over all uses, and may replace it") {
  const Tensor x = Tensor::of({2}, {1, 2}).set_requires_grad();
  std::vector<real> seen;
  const Tensor y = hook(x * 1, [&](const Tensor& dy) {
    seen = dy.to_vector();
    return dy * 10;
  });
  sum(y * 2 + y * 3).backward();
  CHECK(seen == std::vector<real>{5, 5});
  CHECK(x.grad().to_vector() == std::vector<real>{50, 50});
}

TEST_CASE("hook: an undefined result leaves the gradient - hooks run in the order of backward") {
  const Tensor x = Tensor::of({2}, {1, 2}).set_requires_grad();
  std::string order;
  const auto note = [&](char name) {
    return [&order, name](const Tensor&) {
      order += name;
      return Tensor();
    };
  };
  sum(hook(hook(x, note('a')) * 4, note('b'))).backward();
  CHECK(order == "ba");
  CHECK(x.grad().to_vector() == std::vector<real>{4, 4});
}

TEST_CASE("hook: a gradient of another shape is an error - second derivatives pass") {
  const Tensor x = Tensor::of({2}, {1, 2}).set_requires_grad();
  const Tensor wrong = sum(hook(x, [](const Tensor&) { return Tensor::ones({3}); }));
  const int made = __LINE__ - 1;
  const std::string text = error_of([&] { wrong.backward(); });
  CHECK(has(text, "(2,)"));
  CHECK(has(text, "(3,)"));
  CHECK(has(text, at(made)));
  const Tensor y = sum(cube(hook(x, [](const Tensor& dy) { return dy * 2; })));
  const Tensor dx = grad({y}, {x}, {.create_graph = true})[0];         // 6 x^2
  CHECK(difference(grad({sum(dx)}, {x})[0], 24 * x.detach()) < 1e-5);  // the hook acts again
}

namespace {

struct Block {
  Linear first{6, 24}, second{24, 6};
  Dropout dropout{0.5};
  NamedTensors parameters() {
    NamedTensors all;
    for (Linear* layer : {&first, &second})
      for (NamedTensor& p : layer->named_parameters()) all.push_back(p);
    return all;
  }
  Tensor operator()(const Tensor& x) { return x + second(dropout(gelu(first(x)))); }
};

// Gradients of x and the parameters after three applications of the block.
std::vector<Tensor> gradients(Block& block, const Tensor& x, bool checkpointed, int64_t* peak) {
  LiveBytes bytes;
  default_random() = Random(5);
  Tensor h = x;
  for (int i = 0; i < 3; ++i)
    h = !checkpointed ? block(h)
                      : activation_checkpoint([&](auto& in) { return block(in[0]); }, {h},
                                              block.parameters());
  std::vector<Tensor> wanted{x};
  for (const NamedTensor& p : block.parameters()) wanted.push_back(p.tensor);
  const std::vector<Tensor> dx = grad({sum(h * h)}, wanted);
  if (peak) *peak = bytes.most;
  return dx;
}

}  // namespace

TEST_CASE("activation_checkpoint: the same gradients, dropout included, at a lower peak") {
  default_random() = Random(1);
  Block block;
  const Tensor x = random_leaf({256, 6}, 3);
  int64_t plain_peak = 0, peak = 0;
  const std::vector<Tensor> plain = gradients(block, x, false, &plain_peak);
  const uint64_t after_plain = default_random().next;
  const std::vector<Tensor> again = gradients(block, x, true, &peak);
  CHECK(default_random().next == after_plain);  // the replay is put back
  CHECK(same(again[0], plain[0]));
  for (size_t i = 1; i < plain.size(); ++i)
    CHECK(difference(again[i], plain[i]) < 1e-5 * (1 + max(abs(plain[i])).item()));
  CHECK(peak * 10 < plain_peak * 7);
}

TEST_CASE(
    "activation_checkpoint: backward() reaches the parameters' grad, also when x needs none") {
  Block block;
  block.dropout.eval();
  const Tensor x = random_tensor({4, 6}, 3);
  const Tensor dy = random_tensor({4, 6}, 4);
  backward(block(x), dy);
  const Tensor expected = block.first.weight.grad();
  block.first.zero_grad();
  const auto f = [&](const std::vector<Tensor>& in) { return block(in[0]); };
  backward(activation_checkpoint(f, {x}, block.parameters()), dy);
  CHECK(same(block.first.weight.grad(), expected));
}

TEST_CASE("activation_checkpoint: in another, and what was not handed over is an error") {
  const Tensor x = random_leaf({3}, 1), w = random_leaf({3}, 2);
  const auto inner = [](const std::vector<Tensor>& in) { return tanh(in[0] * in[1]); };
  const auto outer = [&](const std::vector<Tensor>& in) {
    return activation_checkpoint(inner, in) * in[0];
  };
  const std::vector<Tensor> dx = grad({sum(activation_checkpoint(outer, {x, w}))}, {x, w});
  const std::vector<Tensor> expected = grad({sum(tanh(x * w) * x)}, {x, w});
  CHECK(difference(dx[0], expected[0]) < 1e-6);
  CHECK(difference(dx[1], expected[1]) < 1e-6);

  const Tensor y = sum(activation_checkpoint([&](auto& in) { return in[0] * w; }, {x}));
  const int made = __LINE__ - 1;
  const std::string text = error_of([&] { y.backward(); });
  CHECK(has(text, "[activation_checkpoint] the function reads a tensor of shape (3,)"));
  CHECK(has(text, at(made)));
  CHECK(!w.grad().defined());
}

TEST_CASE("activation_checkpoint: what trains nothing is an error of the call") {
  const Tensor x = random_tensor({3}, 1), w = random_leaf({3}, 2);
  const auto f = [&](const std::vector<Tensor>& in) { return tanh(in[0] * w); };
  const std::string text = error_of([&] { activation_checkpoint(f, {x}); });
  const int line = __LINE__ - 1;
  CHECK(has(text, "the function reads a tensor of shape (3,), in [mul]"));
  CHECK(has(text, "is not among its inputs"));
  CHECK(has(text, at(line)));
  CHECK(has(error_of([&] { activation_checkpoint([&](auto&) { return w; }, {x}); }), "shape (3,)"));
  {
    const NoGrad no_grad;  // no gradient is wanted
    CHECK(same(activation_checkpoint(f, {x}), tanh(x * w)));
  }
  const auto without = [&](const std::vector<Tensor>& in) {
    const NoGrad no_grad;
    return tanh(in[0] * w);
  };
  CHECK(same(activation_checkpoint(without, {x}), tanh(x * w)));
  CHECK_FALSE(activation_checkpoint([](auto& in) { return tanh(in[0]); }, {x}).requires_grad());
  CHECK(has(error_of([&] { activation_checkpoint(nullptr, {x}); }), "the function is null"));
}

TEST_CASE(
    "activation_checkpoint: of a function that returns its input, another leaf, or a constant") {
  const Tensor x = random_leaf({3}, 1), w = random_leaf({3}, 2);
  sum(activation_checkpoint([](auto& in) { return in[0]; }, {x}) * 3).backward();
  CHECK(same(x.grad(), Tensor::full({3}, 3)));
  const Tensor y = activation_checkpoint([&](auto&) { return w; }, {x});
  CHECK(has(error_of([&] { sum(y).backward(); }), "the function reads a tensor of shape (3,)"));
  sum(activation_checkpoint([](auto& in) { return in[0].detach(); }, {x}) + x).backward();
  CHECK(same(x.grad(), Tensor::full({3}, 4)));
}

TEST_CASE("anomaly: the first op that makes a NaN or an infinity, in forward") {
  const Tensor x = Tensor::of({3}, {1, -1, 0}).set_requires_grad();
  CHECK(std::isnan(log(x).to_vector()[1]));  // nobody minds
  const AnomalyMode anomaly;
  const std::string text = error_of([&] { log(x + 0); });
  const int line = __LINE__ - 1;
  CHECK(has(text, "[log] made a NaN from finite numbers"));
  CHECK(has(text, at(line)));
  CHECK(has(error_of([&] { 1 / x; }), "[div] made an infinity from finite numbers"));
  const Tensor huge = Tensor::full({2}, INFINITY);
  CHECK(error_of([&] { huge + 1; }) == "");  // it was there before
  CHECK(has(error_of([&] { huge - huge; }), "[sub] made a NaN from infinities"));
}

TEST_CASE("anomaly: in backward, with the line of the op - infinities may be ignored") {
  const Tensor x = Tensor::of({2}, {0, 4}).set_requires_grad();
  const AnomalyMode anomaly(AnomalyMode::Infinities::ignored);
  CHECK(error_of([&] { sum(sqrt(x)).backward(); }) == "");  // 1 / (2 sqrt 0)
  x.impl().grad = nullptr;
  {
    const AnomalyMode strict;
    const Tensor y = sum(sqrt(x * 1));
    const int line = __LINE__ - 1;
    const std::string text = error_of([&] { y.backward(); });
    CHECK(has(text, "[sqrt] its backward made an infinity in the gradient of input 0"));
    CHECK(has(text, at(line)));
  }
  const Tensor z = sum(sqrt(x) * Tensor::of({2}, {0, 1}));  // 0 times infinity
  const std::string text = error_of([&] { z.backward(); });
  CHECK(has(text, "[sqrt] its backward made a NaN"));
}

TEST_CASE("jacobian: of a linear map it is the matrix, of an elementwise function diagonal") {
  const Tensor w = random_tensor({2, 3}, 1), x = random_tensor({3}, 2);
  CHECK(difference(jacobian([&](auto& v) { return matmul(w, v); }, x), w) < 1e-6);
  const Tensor J = jacobian([](auto& v) { return tanh(v); }, x);
  for (int64_t i = 0; i < 3; ++i)
    for (int64_t j = 0; j < 3; ++j) CHECK((select(select(J, 0, i), 0, j).item() == 0) == (i != j));
  const Tensor all = jacobian([](auto& v) { return transpose(v, 0, 1); }, random_tensor({2, 3}, 3));
  CHECK(all.shape() == Shape{3, 2, 2, 3});
  CHECK(jacobian([](auto& v) { return slice(v, 0, 0, 0); }, x).shape() == Shape{0, 3});
}

TEST_CASE("jvp and vjp: products with the Jacobian") {
  const Tensor w = random_tensor({4, 3}, 1), x = random_tensor({3}, 2);
  const auto f = [&](const Tensor& v) { return softmax(matmul(w, gelu(v))); };
  const Tensor J = jacobian(f, x), dx = random_tensor({3}, 3), dy = random_tensor({4}, 4);
  CHECK(difference(jvp(f, x, dx), matmul(J, dx)) < 1e-5);
  CHECK(difference(vjp(f, x, dy), matmul(dy, J)) < 1e-5);
  CHECK(difference(jvp([&](auto& v) { return matmul(w, v); }, x, dx), matmul(w, dx)) < 1e-5);
}

TEST_CASE("jacobian: of a gradient, it is the Hessian") {
  const Tensor x = Tensor::of({3}, {-1, 0.5, 2});
  const auto gradient = [](const Tensor& v) {
    return grad({sum(cube(v))}, {v}, {.create_graph = true})[0];
  };
  const Tensor H = jacobian(gradient, x);
  for (int64_t i = 0; i < 3; ++i)
    CHECK(std::abs(select(select(H, 0, i), 0, i).item() - 6 * x.to_vector()[size_t(i)]) < 1e-5);
}
