// The engine at work: in what order nodes run, who is told, what is kept till when, and what an
// error says.
#include <doctest/doctest.h>

#include <thread>

#include "core/autograd/autograd.h"
#include "core/autograd/more/activation_checkpoint.h"
#include "core/autograd/node.h"
#include "core/autograd/observer.h"
#include "core/autograd/unnamed_leaves.h"
#include "core/inspect/graph.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// What happens, in words: "+exp1(2,)" of one input to (2,), unless inside of a backward; "<exp=2"
// before a backward, with what has arrived at its output; ">exp=1" after, at its first input.
struct Log final : Observer {
  std::string name, *text;
  explicit Log(std::string* log, std::string as = "") : name(std::move(as)), text(log) {}
  void forward(const char* op, std::span<const Tensor* const> inputs, const Tensor& y,
               Where where) override {
    if (!grad_enabled()) return;
    *text += name + "+" + op + std::to_string(inputs.size()) + to_string(y.shape()) + " ";
    last = where;
  }
  void before_backward(const Node& node) override {
    *text += name + "<" + node.op + "=" + std::to_string(int(node.douts[0].to_vector()[0])) + " ";
  }
  void after_backward(const Node& node, const Grads& grads) override {
    const Tensor sum = grads.sum(0);
    *text += name + ">" + node.op + "=";
    *text += sum.defined() ? std::to_string(int(sum.to_vector()[0])) + " " : "none ";
  }
  Where last;
};

}  // namespace

TEST_CASE("backward: newest first, each node once, when all that it gets has arrived") {
  const Tensor x = Tensor::of({1}, {1}).set_requires_grad();
  std::string text;
  const Log log(&text);
  const Tensor a = x * 2, b = a * 3, c = tanh(a * 0), y = b + c;
  CHECK(text == "+affine1(1,) +affine1(1,) +affine1(1,) +tanh1(1,) +add2(1,) ");
  CHECK(to_string(log.last) == at(__LINE__ - 2));
  text = "";
  y.backward();
  CHECK(text ==
        "<add=1 >add=1 <tanh=1 >tanh=1 <affine=1 >affine=0 <affine=1 >affine=3 "
        "<affine=3 >affine=6 ");
  CHECK(x.grad().item() == 6);
}

TEST_CASE("grad: runs what lies between outputs and inputs, and nothing else") {
  const Tensor x = Tensor::of({1}, {1}).set_requires_grad();
  const Tensor w = Tensor::of({1}, {5}).set_requires_grad();
  const Tensor a = x * 2, b = exp(w * 0), y = a * b;
  std::string text;
  const Log log(&text);
  grad({y}, {a});
  CHECK(text == "<mul=1 >mul=1 ");
  const NoGrad no_grad;
  CHECK_FALSE(grad_enabled());
  {
    const GradMode on(true);
    const Tensor z = x * x;
    grad({z}, {x}, {.create_graph = true});
    CHECK(grad_enabled());
    z.backward();
    CHECK(grad_enabled());
  }
  CHECK_FALSE(grad_enabled());
}

TEST_CASE("history: each node is visited once, however many ways lead to it") {
  const Tensor x = Tensor::scalar(1).set_requires_grad();
  Tensor y = x;
  for (int i = 0; i < 60; ++i) y = y + y;  // 2^60 ways
  CHECK(unnamed_leaves(y, {}).size() == 1);
  CHECK(unnamed_leaves(y, {{"x", x}}).empty());
  CHECK(has(graph_text(y), "#1 add () of leaf (), leaf ()"));
  y.backward();
  CHECK(x.grad().item() == real{0x1p60});
}

TEST_CASE("observers: the newest is told first, each on its own thread, till it goes") {
  std::string text;
  const Tensor x = Tensor::ones({1});
  {
    auto a = std::make_unique<Log>(&text, "a");
    const Log b(&text, "b");
    exp(x);
    CHECK(text == "b+exp1(1,) a+exp1(1,) ");
    a.reset();  // not the newest
    text = "";
    exp(x);
    CHECK(text == "b+exp1(1,) ");
    text = "";
    std::thread([&] { exp(x); }).join();
    CHECK(text == "");
    const Log c(&text, "c");
    less(x, x);
    CHECK(text == "c+less2(1,) b+less2(1,) ");
  }
  text = "";
  exp(x);
  CHECK(text == "");
  CHECK(observers == nullptr);
}

TEST_CASE("nodes: op, line, inputs and shape of the output - ids count up") {
  const Tensor x = random_leaf({2, 3}, 1), plain = Tensor::ones({3});
  const Tensor h = x * plain;
  const int made = __LINE__ - 1;
  const Tensor y = sum(h, {1});
  const Node &mul = *h.impl().node, &total = *y.impl().node;
  CHECK(std::string(mul.op) == "mul");
  CHECK(to_string(mul.where) == at(made));
  CHECK(mul.id < total.id);
  CHECK(mul.y_shape == Shape{2, 3});
  CHECK(total.y_shape == Shape{2});
  REQUIRE(mul.inputs.size() == 2);
  CHECK(mul.inputs[0].leaf == x.handle());
  CHECK(mul.inputs[0].node == nullptr);
  CHECK_FALSE(static_cast<bool>(mul.inputs[1]));
  CHECK(total.inputs[0].node == h.impl().node);
  CHECK(total.inputs[0].leaf == nullptr);
  CHECK(mul.douts.size() == 1);
}

TEST_CASE("backward: what was saved goes with the pass, node by node - retain_graph keeps it") {
  const Tensor x = random_leaf({1000}, 1);
  const int64_t block = x.impl().storage->block;
  const auto others = [&, before = pool_statistics().in_use] {
    return (pool_statistics().in_use - before) / block;
  };
  const Tensor y = sum(exp(tanh(x)));  // both save what they gave
  CHECK(others() == 2);
  backward(y, true);
  CHECK(others() == 3);  // and x's gradient
  CHECK_FALSE(y.impl().node->freed);
  backward(y);
  CHECK(others() == 1);
  CHECK(y.impl().node->freed);
}

TEST_CASE("history: what is not differentiable is named through any op, from whichever input") {
  const Tensor x = random_leaf({3}, 1), mask = less(x, x), plain = Tensor::ones({3});
  for (const Tensor& y : {mask + plain, plain + mask, mask * mask, sum(mask), exp(mask + 1)}) {
    CHECK_FALSE(y.requires_grad());
    CHECK(has(error_of([&] { backward(y, Tensor::ones(y.shape())); }),
              "[less] is not differentiable"));
  }
  const Tensor both = mask + x;
  backward(both, plain);
  CHECK(same(x.grad(), plain));
  const Tensor compared = activation_checkpoint([](auto& in) { return less(in[0], in[0]); }, {x});
  CHECK(has(error_of([&] { backward(compared, plain); }), "[less] is not differentiable"));
}

TEST_CASE("create_graph: by way of a fused op's definition, an input of which is undefined") {
  const Tensor x = random_leaf({2, 4}, 1), gamma = random_leaf({4}, 2);
  const auto second = [&](const Tensor& y) {
    const Tensor dx = grad({sum(y * y * y)}, {x}, {.create_graph = true})[0];
    return grad({sum(dx * dx)}, {x, gamma});
  };
  const Tensor shifted = x - mean(x, {-1}, true);
  const auto fused = second(layer_norm(x, gamma, Tensor(), 1));
  const auto plain = second(shifted * rsqrt(mean(square(shifted), {-1}, true) + 1) * gamma);
  for (size_t i = 0; i < 2; ++i)
    CHECK(difference(fused[i], plain[i]) < 1e-3 * (1 + max(abs(plain[i])).item()));
}

TEST_CASE("activation_checkpoint: inputs may be undefined or need no grad - a change is an Error") {
  const Tensor x = random_leaf({2, 3}, 1);
  Tensor w = random_tensor({4, 3}, 2);
  const auto f = [](const std::vector<Tensor>& in) { return linear(in[0], in[1], in[2]); };
  sum(activation_checkpoint(f, {x, w, Tensor()})).backward();
  CHECK(same(x.grad(), grad({sum(linear(x, w, Tensor()))}, {x})[0]));
  const Tensor y = sum(activation_checkpoint(f, {x, w, Tensor()}));
  const int made = __LINE__ - 1;
  w.fill_(0);
  CHECK(has(error_of([&] { y.backward(); }), "a tensor that [activation_checkpoint] saved at " +
                                                 at(made) + " was changed in place"));
}

TEST_CASE("errors: place, what, the outermost line, the path with the op's own line, the hint") {
  const Where own{"folder/op.cpp", 7}, called{"a/b/main.cpp", 3};
  const auto text = [&](const std::string& hint, Where where) {
    return error_of([&] { fail("op", "is wrong", hint, where); });
  };
  CHECK(text("", {}) == "[op] is wrong");
  CHECK(text("mend it", {}) == "[op] is wrong\n  hint: mend it");
  CHECK(text("mend it", own) == "[op] is wrong\n  at op.cpp:7\n  hint: mend it");
  {
    const Scope outer("bert", called), inner("layer", {"x.cpp", 5});
    CHECK(Scope::path() == "bert > layer");
    CHECK(to_string(Scope::outermost(own)) == "main.cpp:3");
    CHECK(text("", own) == "[op] is wrong\n  at main.cpp:3  in bert > layer (op.cpp:7)");
    CHECK(text("", {}) == "[op] is wrong");
  }
  CHECK(Scope::path() == "");
  CHECK(to_string(Scope::outermost(own)) == "op.cpp:7");
  CHECK(to_string(Where{"main.cpp", 12}) == "main.cpp:12");
}

TEST_CASE("in place: each refuses history by its own name and names the op to use instead") {
  Tensor x = random_leaf({2, 3}, 1);
  const Tensor plain = Tensor::ones({2, 3});
  struct Change {
    const char *op, *instead;
    std::function<void(Tensor&)> change;
    bool of_two;
  };
  const Tensor* by = &plain;
  const Change changes[] = {
      {"fill_", "full", [](Tensor& t) { t.fill_(1); }, false},
      {"fill_", "full", [](Tensor& t) { t.zero_(); }, false},
      {"copy_", "the other tensor itself", [&](Tensor& t) { t.copy_(*by); }, true},
      {"add_", "add", [&](Tensor& t) { t.add_(*by); }, true},
      {"sub_", "sub", [&](Tensor& t) { t.sub_(*by); }, true},
      {"mul_", "mul", [&](Tensor& t) { t.mul_(*by); }, true},
      {"div_", "div", [&](Tensor& t) { t.div_(*by); }, true},
      {"add_", "add", [](Tensor& t) { t.add_(real{1}); }, false},
      {"add_", "add", [](Tensor& t) { t.sub_(real{1}); }, false},
      {"mul_", "mul", [](Tensor& t) { t.mul_(real{2}); }, false},
      {"div_", "div", [](Tensor& t) { t.div_(real{2}); }, false},
      {"clamp_", "clamp", [](Tensor& t) { t.clamp_(0, 1); }, false},
  };
  for (const Change& c : changes) {
    const std::string op = "[" + std::string(c.op) + "] ", use = "use " + std::string(c.instead);
    const std::string text = error_of([&] { c.change(x); });
    CHECK(text.starts_with(op + "a tensor that requires grad cannot be changed in place"));
    CHECK(has(text, use + ", or change it inside a NoGrad scope"));
    Tensor y = copy(plain);
    const int64_t version = y.impl().storage->version;
    c.change(y);
    CHECK(y.impl().storage->version == version + 1);
    Tensor same_place = expand(Tensor::ones({1, 3}), {2, 3});
    CHECK(error_of([&] { c.change(same_place); }).starts_with(op + "elements of the expanded"));
    if (!c.of_two) continue;
    by = &x;
    const std::string lost = error_of([&] { c.change(y); });
    CHECK(lost.starts_with(op + "the history of the tensor that it is changed with"));
    CHECK(has(lost, use + ", or detach() the other"));
    const Tensor wide = Tensor::ones({2, 2, 3});
    by = &wide;
    CHECK(has(error_of([&] { c.change(y); }), "(2, 2, 3) does not fit into (2, 3)"));
    by = &plain;
    Tensor narrow = Tensor::ones({1, 3});  // an axis of size 1 shares nothing
    by = &narrow;
    Tensor one = expand(Tensor::ones({3}), {1, 3});
    CHECK(error_of([&] { c.change(one); }) == "");
    by = &plain;
  }
}
