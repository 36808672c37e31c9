// What backward() refuses, the lines that it quotes, and that an Error leaves nothing half done.
#include <doctest/doctest.h>

#include "core/autograd/autograd.h"
#include "core/autograd/more/gradcheck.h"
#include "core/autograd/node.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

TEST_CASE("backward twice: quotes the op's line and the call's") {
  const Tensor x = random_leaf({3}, 1);
  const Tensor y = sum(tanh(x));
  const int made = __LINE__ - 1;
  y.backward();
  const std::string text = error_of([&] { y.backward(); });
  const int called = __LINE__ - 1;
  CHECK(has(text, "[sum] saved at " + at(made) + " was freed by an earlier backward"));
  CHECK(has(text, "at " + at(called)));
  CHECK(has(text, "retain_graph"));
  CHECK(x.grad().defined());
}

TEST_CASE("backward twice: through a part that two losses share") {
  const Tensor x = random_leaf({3}, 1);
  const Tensor h = tanh(x);
  const int made = __LINE__ - 1;
  const Tensor first = sum(h * 2), second = sum(h * 3);
  first.backward();
  const std::string text = error_of([&] { second.backward(); });
  CHECK(has(text, "[tanh] saved at " + at(made)));
}

TEST_CASE("softmax over another axis, products of vectors: their parts carry the user's line") {
  const Tensor x = random_leaf({2, 3}, 1), dy = Tensor::ones({2, 3});
  const Tensor y = softmax(x, 0), z = log_softmax(x, 0), v = matmul(x, Tensor::ones({3}));
  const int made = __LINE__ - 1;
  for (const Tensor& each : {y, z, v}) {
    backward(each, Tensor::ones(each.shape()));
    const std::string text = error_of([&] { backward(each, Tensor::ones(each.shape())); });
    CHECK(has(text, "saved at " + at(made)));
  }
}

TEST_CASE("in-place change of a saved tensor: quotes where it was saved and where it was changed") {
  const Tensor x = random_leaf({2, 3}, 1);
  Tensor w = random_tensor({2, 3}, 2);
  const Tensor y = sum(x * w);
  const int saved = __LINE__ - 1;
  w.mul_(2);
  const int changed = __LINE__ - 1;
  const std::string text = error_of([&] { y.backward(); });
  CHECK(has(text, "[mul] saved at " + at(saved)));
  CHECK(has(text, "changed in place at " + at(changed)));
}

TEST_CASE("in-place change of a saved tensor: noticed through a view, and through its storage") {
  const Tensor x = random_leaf({2, 3}, 1);
  Tensor w = random_tensor({2, 3}, 2);
  const Tensor y = sum(x * transpose(reshape(w, {3, 2}), 0, 1));
  select(w, 0, 1).fill_(0);
  const int changed = __LINE__ - 1;
  CHECK(has(error_of([&] { y.backward(); }), "changed in place at " + at(changed)));

  Tensor out = exp(x);  // exp saves its output
  const Tensor loss = sum(out);
  {
    const NoGrad no_grad;
    out.add_(out);
  }
  CHECK(has(error_of([&] { loss.backward(); }), "[exp] saved"));
}

TEST_CASE("in-place change of what no op saved, or after backward, is fine") {
  const Tensor x = random_leaf({3}, 1);
  Tensor shift = Tensor::ones({3});
  const Tensor y = sum(x + shift);
  shift.fill_(5);
  y.backward();
  Tensor w = Tensor::ones({3});
  const Tensor z = sum(x * w);
  z.backward();
  w.fill_(2);
  CHECK(same(x.grad(), Tensor::full({3}, 2)));
}

TEST_CASE("backward of several numbers needs a gradient to start from") {
  const Tensor y = random_leaf({2, 3}, 1) * 2;
  const std::string text = error_of([&] { y.backward(); });
  const int called = __LINE__ - 1;
  CHECK(has(text, "the loss has shape (2, 3), not one number"));
  CHECK(has(text, "at " + at(called)));
  CHECK(has(error_of([&] { backward(y, Tensor::ones({3})); }), "(2, 3), its gradient (3,)"));
  CHECK(has(error_of([&] { grad({y}, {y}); }), "(2, 3)"));
}

TEST_CASE("backward of what has no gradient says why") {
  const Tensor x = random_leaf({3}, 1);
  CHECK(has(error_of([] { Tensor::scalar(1).backward(); }), "does not require grad"));
  CHECK(has(error_of([&] { sum(x.detach()).backward(); }), "does not require grad"));
  const Tensor mask = less(x, Tensor::zeros({3}));
  const int compared = __LINE__ - 1;
  CHECK(!mask.requires_grad());
  CHECK(has(error_of([&] { backward(mask, mask); }), "[less] is not differentiable"));
  const std::string text = error_of([&] { mean(mask * 2).backward(); });  // through it
  const int called = __LINE__ - 1;
  CHECK(has(text, "[less] is not differentiable; it was used at " + at(compared)));
  CHECK(has(text, "at " + at(called)));
  CHECK(has(error_of([&] { sum(equal(x, x)).backward(); }), "[equal] is not differentiable"));
  sum(mask * x).backward();  // but a mask may be a factor
  CHECK(same(x.grad(), mask));
}

TEST_CASE("grad: what it refuses") {
  const Tensor x = random_leaf({3}, 1), plain = Tensor::ones({3});
  const Tensor y = sum(x * plain);
  CHECK(has(error_of([&] { grad({y}, {x, plain}); }), "input 1 does not require grad"));
  CHECK(has(error_of([&] { grad({y}, {plain, x}); }), "input 0 does not require grad"));
  CHECK(has(error_of([&] { grad({y}, {x}, {.douts = {y, y}}); }), "2 douts for 1 outputs"));
  CHECK(has(error_of([&] { grad({y, plain}, {x}); }), "(3,)"));
  CHECK(same(grad({y}, {x})[0], plain));  // nothing was freed meanwhile
}

namespace {

bool failing = false;

struct FailingNode final : Node {
  void backward(Grads& g) override {
    if (failing) fail("failing", "as asked");
    g.add(0, g.dout());
  }
  void visit(SavedVisitor&) override {}
};
struct WrongShapeNode final : Node {
  void backward(Grads& g) override { g.add(0, Tensor::ones({2})); }
  void visit(SavedVisitor&) override {}
};

template <class N>
Tensor identity(const Tensor& x, const char* op) {
  const Tensor y = copy(x.detach());
  record<N>(op, {&x}, y, Where::current());
  return y;
}

}  // namespace

TEST_CASE("an Error in the middle of a pass leaves the next pass correct") {
  Tensor x = random_leaf({4, 3}, 1), w = random_leaf({3, 3}, 2);
  const auto forward = [&] {
    const Tensor h = linear(x, w, Tensor());
    return sum(identity<FailingNode>(h, "failing") * linear(h, w, Tensor()) + h);
  };
  forward().backward();
  const Tensor dx = x.grad(), dw = w.grad();
  for (const bool retain : {true, false}) {
    const Tensor loss = forward();
    x.zero_grad(), w.zero_grad();
    failing = true;
    CHECK(has(error_of([&] { backward(loss, retain); }), "as asked"));
    CHECK(has(error_of([&] { grad({loss}, {x}, {.retain_graph = true}); }),
              retain ? "as asked" : "freed"));
    failing = false;
    x.zero_grad(), w.zero_grad();
    (retain ? loss : forward()).backward();
    CHECK(same(x.grad(), dx));
    CHECK(same(w.grad(), dw));
  }
}

TEST_CASE("an Error about a changed tensor leaves sound gradients behind") {
  Tensor x = random_tensor({4, 3}, 1), w = random_leaf({2, 3}, 2);
  sum(linear(x, w, Tensor())).backward();
  const Tensor dw = copy(w.grad());
  const Tensor loss = sum(linear(x, w, Tensor()));
  x.fill_(0);
  CHECK(has(error_of([&] { loss.backward(); }), "changed in place"));
  CHECK(same(w.grad(), dw));
  w.zero_grad();
  const Tensor again = sum(linear(x, w, Tensor()));
  x.fill_(1);
  CHECK(has(error_of([&] { again.backward(); }), "changed in place"));
  CHECK(!w.grad().defined());
}

TEST_CASE("a node that gives a gradient of the wrong shape is named") {
  Tensor x = random_leaf({3}, 1);
  x.set_grad(Tensor::ones({3}));
  const std::string text = error_of([&] { sum(identity<WrongShapeNode>(x, "wrong")).backward(); });
  CHECK(has(text, "[wrong] gave a gradient of shape (2,) for an input of shape (3,)"));
  CHECK(same(x.grad(), Tensor::ones({3})));
}

namespace {

// Differentiates through the very graph that is being differentiated.
struct OverlappingNode final : Node {
  Tensor x, y;
  void backward(Grads& g) override { g.add(0, grad({y}, {x}, {.retain_graph = true})[0]); }
  void visit(SavedVisitor&) override {}
};

}  // namespace

TEST_CASE("a nested pass over nodes of the outer one is refused, and the outer one ends cleanly") {
  const Tensor x = random_leaf({3}, 1), h = tanh(x);
  Tensor y = copy(h.detach());
  if (auto node = record<OverlappingNode>("overlapping", {&h}, y, Where::current()))
    node->x = x, node->y = sum(h * 2);
  const std::string text = error_of([&] { backward(sum(y), true); });
  CHECK(has(text, "belongs to a backward that is under way"));
  sum(h).backward();
  const Tensor other = random_leaf({3}, 1);
  sum(tanh(other)).backward();
  CHECK(same(x.grad(), other.grad()));
}

namespace {

Tensor inner(const Tensor& x, Where where = Where::current()) {
  const Scope scope("inner", where);
  return matmul(x, x);
}
constexpr int inner_line = __LINE__ - 2;

Tensor outer(const Tensor& x, Where where = Where::current()) {
  const Scope scope("outer", where);
  return inner(x);
}

}  // namespace

TEST_CASE("inside modules errors quote the user's line, the path, and the op's own line") {
  const std::string text = error_of([] { outer(Tensor::ones({2, 3})); });
  const int called = __LINE__ - 1;
  CHECK(has(text, "at " + at(called) + "  in outer > inner (" + at(inner_line) + ")"));
  CHECK(Scope::path() == "");

  const Tensor x = random_leaf({2, 2}, 1);
  const Tensor y = sum(outer(x));
  const int made = __LINE__ - 1;
  y.backward();
  const std::string again = error_of([&] { y.backward(); });
  CHECK(has(again, "saved at " + at(made)));
}

TEST_CASE("grad() of a tensor that an op made: an error that names hook and grad") {
  const Tensor x = random_leaf({3}, 1);
  Tensor y = x * x;
  sum(y).backward();
  const std::string text = error_of([&] { y.grad(); });
  const int line = __LINE__ - 1;
  CHECK(has(text, "only leaves keep a gradient; this tensor was made by [mul]"));
  CHECK(has(text, "hook(x, f)"));
  CHECK(has(text, at(line)));
  CHECK(has(error_of([&] { y.set_grad(Tensor::ones({3})); }), "only leaves keep a gradient"));
  CHECK(x.grad().defined());
}

TEST_CASE("a Node that names nothing in visit() is no Node") {
  struct Forgets : Node {
    void backward(Grads&) override {}
  };
  struct Names : Forgets {
    void visit(SavedVisitor&) override {}
  };
  CHECK(std::is_abstract_v<Forgets>);  // and record<Forgets>() says so in a sentence
  CHECK_FALSE(std::is_abstract_v<Names>);
}

TEST_CASE("gradcheck: in float a failure names cairn64, in double it does not") {
  const Tensor x = random_leaf({3}, 1);
  const auto right = [](const std::vector<Tensor>& in) { return exp(in[0]); };
  const auto wrong = [](const std::vector<Tensor>& in) { return in[0] * 2 + in[0].detach(); };
  const bool is_float = sizeof(real) == 4;
  CHECK(gradcheck(right, {x}).empty() != is_float);
  CHECK(has(gradcheck(right, {x}), "link cairn64") == is_float);
  CHECK(has(gradcheck(wrong, {x}), "link cairn64") == is_float);
  CHECK(has(gradcheck(wrong, {x}), "backward gives 2"));
}
