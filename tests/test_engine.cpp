// The engine at work: in what order nodes run, who is told, what is kept till when; and the checks
// of gradients themselves, with steps and factors that a float holds exactly.
#include <doctest/doctest.h>

#include <thread>

#include "core/autograd/autograd.h"
#include "core/autograd/more/activation_checkpoint.h"
#include "core/autograd/more/anomaly.h"
#include "core/autograd/more/gradcheck.h"
#include "core/autograd/more/hook.h"
#include "core/autograd/more/jacobian.h"
#include "core/autograd/node.h"
#include "core/autograd/observer.h"
#include "core/autograd/unnamed_leaves.h"
#include "core/inspect/graph.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

using Reals = std::vector<real>;

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

// y = x, whose gradient is `slope` times as large as it should be.
Tensor with_slope(const Tensor& x, const Tensor& slope) {
  const Tensor s = slope.detach();
  return x * s + x.detach() * (1 - s);
}

// The only weight that gradcheck gives one number.
double first_weight() { return Random(1).uniform() + 0.5; }

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

TEST_CASE("anomaly: finite, infinite, NaN: what is new is told, what was there is not") {
  const Tensor fine = Tensor::of({2}, {1, 2}), infinite = Tensor::of({2}, {1, INFINITY});
  const Tensor no_number = Tensor::of({2}, {NAN, 1});
  using Infinities = AnomalyMode::Infinities;
  for (const Infinities mode : {Infinities::reported, Infinities::ignored}) {
    const AnomalyMode anomaly(mode);
    const bool strict = mode == Infinities::reported;
    const auto text = [](const Tensor& x, real factor, real shift) {
      return error_of([&] { affine(x, factor, shift); });
    };
    CHECK(text(fine, 2, 1) == "");
    CHECK(has(text(fine, INFINITY, 0), "[affine] made an infinity from finite numbers") == strict);
    CHECK(has(text(fine, NAN, 0), "[affine] made a NaN from finite numbers"));
    CHECK(text(infinite, 2, 1) == "");
    CHECK(has(text(infinite, 0, 0), "[affine] made a NaN from infinities"));
    CHECK(text(no_number, 2, 1) == "");
    CHECK(text(no_number, INFINITY, 0) == "");
    CHECK(error_of([&] { infinite + no_number; }) == "");
    CHECK(error_of([&] { no_number + infinite; }) == "");
  }
}

TEST_CASE("anomaly: in backward it names the input, and what was infinite already is not new") {
  const Tensor x = Tensor::of({2}, {1, 2}).set_requires_grad();
  const Tensor w = Tensor::of({2}, {1, 2}).set_requires_grad();
  const auto with = [&](real slope) {
    return x + hook(w * 1, [=](const Tensor& dy) { return dy * slope; });
  };
  const AnomalyMode anomaly;
  const Tensor dy = Tensor::ones({2});
  for (const real slope : {real{INFINITY}, real{NAN}}) {
    const Tensor y = with(slope);
    CHECK(has(error_of([&] { backward(y, dy); }), slope == slope ? "infinity" : "NaN"));
  }
  const Tensor y = with(2);
  CHECK(error_of([&] { backward(y, dy * 1); }) == "");
}

TEST_CASE("gradcheck: lets pass what is within atol + rtol of the difference, and no more") {
  const double w = first_weight(), eps = 0.0625;
  const auto report = [&](double excess, double atol, double rtol) {  // of a slope w (1 + excess)
    const Tensor x = Tensor::of({1}, {0.5}).set_requires_grad();
    const Tensor slope = Tensor::of({1}, {static_cast<real>(1 + excess)});
    const auto f = [&](const std::vector<Tensor>& in) { return with_slope(in[0], slope); };
    return gradcheck(f, {x}, eps, atol, rtol);
  };
  for (const double sign : {-1, 1}) {
    CHECK(report(sign * 0.098, 0, 0.1) == "");
    CHECK(report(sign * 0.102, 0, 0.1) != "");
    CHECK(report(sign * 0.098 / w, 0.1, 0) == "");
    CHECK(report(sign * 0.102 / w, 0.1, 0) != "");
    CHECK(report(sign * (0.098 / w + 0.1), 0.1, 0.1) == "");
    CHECK(report(sign * (0.102 / w + 0.1), 0.1, 0.1) != "");
  }
  CHECK(report(NAN, 1, 1) != "");
}

TEST_CASE("gradcheck: reports the worst element of all inputs, and asks only those that want it") {
  Tensor x = Tensor::of({2}, {0.5, -1}).set_requires_grad(), y = Tensor::of({3}, {1, 2, 3});
  y.set_requires_grad();
  x.set_grad(Tensor::ones({2}));  // which does not count
  const auto f = [&](const Tensor& x_slope, const Tensor& y_slope) {
    return [=](const std::vector<Tensor>& in) {
      return cat({with_slope(in[0], x_slope), with_slope(in[1], y_slope)}, 0);
    };
  };
  const Tensor right = Tensor::ones({1});
  CHECK(gradcheck(f(right, right), {x, y}, 0.0625, 0.01, 0) == "");
  CHECK(has(gradcheck(f(right, Tensor::of({3}, {1, 5, 2})), {x, y}, 0.0625, 0.01, 0),
            "input 1, element 1: backward gives "));
  CHECK(has(gradcheck(f(Tensor::of({2}, {9, 2}), Tensor::of({3}, {1, 5, 2})), {x, y}, 0.0625),
            "input 0, element 0: backward gives "));
  CHECK(x.to_vector() == Reals{0.5, -1});  // as they were
  CHECK(y.to_vector() == Reals{1, 2, 3});
  y.set_requires_grad(false);
  CHECK(gradcheck(f(right, Tensor::of({3}, {1, 5, 2})), {x, y}, 0.0625, 0.01, 0) == "");
  const auto first = [](const std::vector<Tensor>& in) { return in[0] * 2; };
  y.set_requires_grad();
  CHECK(gradcheck(first, {x, y}, 0.0625, 0.01, 0) == "");  // y has no gradient, and no slope
  const auto lost = [](const std::vector<Tensor>& in) { return in[0] + sum(in[1].detach()); };
  CHECK(has(gradcheck(lost, {x, y}, 0.0625, 0.01, 0), "input 1, element 0: backward gives 0, "));
  CHECK(has(error_of([&] {
              gradcheck(first, {transpose(Tensor::ones({2, 3}), 0, 1)});
            }),
            "[gradcheck] an input of shape (3, 2) is not a contiguous leaf"));
  CHECK(has(error_of([&] { gradcheck(first, {x * 2}); }), "(2,) is not a contiguous leaf"));
  CHECK(has(error_of([&] { gradcheck(first, {x}, 0); }), "[gradcheck] eps is 0"));
}

TEST_CASE("gradgradcheck: notices a second derivative that is wrong, by the inputs and by dout") {
  const Tensor x = Tensor::of({2}, {0.5, -1}).set_requires_grad();
  const auto square = [](const std::vector<Tensor>& in) { return in[0] * in[0]; };
  CHECK(gradgradcheck(square, {x}, 0.0625, 1e-3, 1e-3) == "");
  const auto loses = [](const std::vector<Tensor>& in) {  // where dx depends on dout
    return hook(in[0] * in[0], [](const Tensor& dy) { return dy.detach(); });
  };
  CHECK(has(gradgradcheck(loses, {x}, 0.0625, 1e-3, 1e-3), "input 1, element"));
  const auto constant_slope = [](const std::vector<Tensor>& in) {
    return in[0] * in[0].detach() * 2 - (in[0] * in[0]).detach();
  };
  CHECK(has(gradgradcheck(constant_slope, {x}, 0.0625, 1e-3, 1e-3), "input 0, element"));
}

TEST_CASE("jacobian, vjp, jvp: of a function from (2, 3) to (3), by hand") {
  const Tensor x = Tensor::of({2, 3}, {1, 2, 3, 4, 5, 6});
  const auto f = [](const Tensor& v) { return v[0] * v[1]; };  // y_j = x_0j x_1j
  const Tensor J = jacobian(f, x);
  CHECK(same(J, Tensor::of({3, 2, 3}, {4, 0, 0, 1, 0, 0,  //
                                       0, 5, 0, 0, 2, 0,  //
                                       0, 0, 6, 0, 0, 3})));
  CHECK(
      same(vjp(f, x, Tensor::of({3}, {1, 10, 100})), Tensor::of({2, 3}, {4, 50, 600, 1, 20, 300})));
  CHECK(same(jvp(f, x, Tensor::of({2, 3}, {1, 0, 2, 10, 0, 20})), Tensor::of({3}, {14, 0, 72})));
  CHECK_FALSE(J.requires_grad());
  const Tensor constant = Tensor::of({3}, {7, 8, 9});
  CHECK(same(jvp([&](auto& v) { return v[0].detach() * 0 + v[0] * 0 + constant; }, x, x),
             Tensor::zeros({3})));
  for (const char* name : {"jacobian", "vjp", "jvp"}) {
    const std::string text = error_of([&] {
      name[0] == 'v'   ? vjp(nullptr, x, x)
      : name[1] == 'v' ? jvp(nullptr, x, x)
                       : jacobian(nullptr, x);
    });
    CHECK(has(text, "[" + std::string(name) + "] the function is null"));
  }
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
