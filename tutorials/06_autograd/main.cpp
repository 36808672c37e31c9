// Chapter 6: autograd. Which way, and how steeply, does a result move with each of the numbers that
// it was made of? An engine for numbers (scalar.h), and then the library's, for tensors; each as it
// should be, and as people get it wrong. README.md beside this file tells the story.
#include <cmath>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/autograd/autograd.h"
#include "core/autograd/more/gradcheck.h"
#include "core/autograd/node.h"
#include "core/clock.h"
#include "core/ops.h"
#include "tutorials/06_autograd/chain_rule.h"
#include "tutorials/06_autograd/figures.h"
#include "tutorials/06_autograd/nodes.h"
#include "tutorials/06_autograd/parts.h"
#include "tutorials/06_autograd/scalar.h"
#include "tutorials/figure.h"

using cairn::NoGrad;
using cairn::Random;
using cairn::real;
using cairn::Tensor;

namespace {

// [ask]
// The slope of the loss with w and with b: by nudging each, and by one walk back.
void ask() {
  const auto loss = [](double w, double b) { return loss_of(scalar(w), scalar(b))->number; };
  const double h = 1e-6;
  const double by_w = (loss(0.5 + h, -0.4) - loss(0.5 - h, -0.4)) / (2 * h);
  const double by_b = (loss(0.5, -0.4 + h) - loss(0.5, -0.4 - h)) / (2 * h);
  const Scalar w = scalar(0.5), b = scalar(-0.4);
  backward(loss_of(w, b));
  std::printf("          by nudging   by backward\n");
  std::printf("  d/dw    %10.4f   %11.4f\n", by_w, w->grad);
  std::printf("  d/db    %10.4f   %11.4f\n", by_b, b->grad);
}
// [/ask]

// [cost]
// A neuron of n weights: how many values does it take to get all n slopes, in either way?
void cost() {
  std::printf("  weights   by nudging   by backward\n");
  for (const int n : {10, 100, 1000}) {
    const int before = Value::made;
    Scalar sum = scalar(0);
    for (int i = 0; i < n; ++i) sum = sum + scalar(0.01 * i) * scalar(1);
    const int once = Value::made - before;
    std::printf("  %7d   %10d   %11d\n", n, 2 * n * once, 2 * once);
  }
}
// [/cost]

// [diamond]
// One line of backward() is different: = for +=.
void backward_that_assigns(const Scalar& result) {
  std::map<int, Value*, std::greater<>> waiting = {{result->id, result.get()}};
  result->grad = 1;
  while (!waiting.empty()) {
    Value* const value = waiting.begin()->second;
    waiting.erase(waiting.begin());
    for (const Edge& edge : value->edges) {
      edge.input->grad = edge.slope * value->grad;
      waiting[edge.input->id] = edge.input.get();
    }
  }
}

void diamond() {
  const auto row = [](const char* name, void (*way_back)(const Scalar&)) {
    const Scalar x = scalar(3);
    way_back(x * x + x);
    std::printf("  %-2s   d(x x + x)/dx at 3 is %.3f\n", name, x->grad);
  };
  row("+=", backward);
  row("=", backward_that_assigns);
}
// [/diamond]

// [order]
// The walk back in an order that is given.
void backward_in(const std::vector<Scalar>& order) {
  order[0]->grad = 1;
  for (const Scalar& value : order)
    for (const Edge& edge : value->edges) edge.input->grad += edge.slope * value->grad;
}

void order() {
  for (const bool right : {true, false}) {
    const Scalar x = scalar(2), u = x * x, v = u * u, y = u + v;
    if (right) backward_in({y, v, u});
    else backward_in({y, u, v});
    std::printf("  %s   dy/du %.3f, dy/dx %.3f\n", right ? "y v u" : "y u v", u->grad, x->grad);
  }
}
// [/order]

// [twice]
// x x x at 2, and backward twice: in the smallest engine, and in the library's.
void twice() {
  const Scalar x = scalar(2), y = x * x * x;
  for (int call = 1; call <= 2; ++call) {
    backward(y);
    std::printf("  scalar.h      after call %d: %.3f\n", call, x->grad);
  }
  const Tensor t = Tensor::scalar(2).set_requires_grad(), z = t * t * t;
  for (int call = 1; call <= 2; ++call) {
    cairn::backward(z, /*retain_graph=*/true);
    std::printf("  the library   after call %d: %.3f\n", call, t.grad().item());
  }
}
// [/twice]

// [library]
// The neuron as tensors: three sentences of two numbers each, two neurons.
void library() {
  const Tensor x = Tensor::of({{1, 2}, {3, -1}, {0, 1}});
  const Tensor w = Tensor::of({{0.5f, -0.2f}, {0.1f, 0.3f}}).set_requires_grad();
  const Tensor b = Tensor::of({-0.4f, 0.2f}).set_requires_grad();
  const Tensor off = tanh(matmul(x, w) + b) - 1;
  const Tensor loss = sum(off * off);
  print_nodes(loss);
  loss.backward();
  std::printf("  after backward:\n");
  print_nodes(loss);
}
// [/library]

// The first lines of what is thrown.
template <class F>
void print_error(const F& f) {
  try {
    f();
    std::printf("  no error\n");
  } catch (const cairn::Error& error) {
    std::printf("  %s\n", error.what());
  }
}

void print_row(const char* name, const Tensor& row) {
  std::printf("  %-24s", name);
  for (const real number : row.to_vector()) std::printf(" %7.3f", number);
  std::printf("\n");
}

// [broadcast]
// A bias of two numbers is added to each of three rows. What is its gradient?
void broadcast() {
  const Tensor x = Tensor::of({{1, 2}, {3, -1}, {0, 1}}),
               b = Tensor::zeros({2}).set_requires_grad();
  const Tensor weights = Tensor::of({{1, 10}, {2, 20}, {4, 40}});  // the gradient of x + b
  backward(x + b, weights);
  print_row("the sum over the rows", sum(weights, {0}));
  print_row("the mean", mean(weights, {0}));
  print_row("the first row", weights[0]);
  print_row("the library's", b.grad());
  const Tensor column = Tensor::zeros({3, 1}).set_requires_grad();
  backward(column + x, weights);
  print_row("a column's: each row's", column.grad());
}
// [/broadcast]

// [careless]
// An add whose backward forgets that b was broadcast.
struct CarelessAdd final : cairn::OpsNode {
  void backward(cairn::Grads& g) override { g.add(0, g.dout()), g.add(1, g.dout()); }
  void visit(cairn::SavedVisitor&) override {}
};

void careless() {
  const Tensor x = Tensor::ones({3, 2}), b = Tensor::zeros({2}).set_requires_grad();
  const Tensor y = Tensor::ones({3, 2});
  cairn::record<CarelessAdd>("careless_add", {&x, &b}, y, cairn::Where::current());
  print_error([&] { sum(y).backward(); });
}
// [/careless]

// [shared]
// One matrix in two linear layers. Its gradient by backward, and by nudging each of its numbers.
void shared() {
  const Tensor x = Tensor::of({{1, 2}}), w = Tensor::of({{1, 2}, {3, 4}}).set_requires_grad();
  const auto loss = [&] { return sum(linear(linear(x, w, Tensor()), w, Tensor())); };
  loss().backward();
  print_row("by backward", w.grad());
  const NoGrad no_grad;
  Tensor nudged = w;
  std::vector<real> slopes;
  for (int64_t i = 0; i < 2; ++i)
    for (int64_t j = 0; j < 2; ++j) {
      Tensor cell = nudged[i][j];
      const real before = cell.item(), h = 0.25f;
      cell.fill_(before + h);
      const real above = loss().item();
      cell.fill_(before - h);
      slopes.push_back((above - loss().item()) / (2 * h));
      cell.fill_(before);
    }
  print_row("by nudging", Tensor::of({4}, slopes));
}
// [/shared]

// [errors]
// What backward refuses.
void errors() {
  const Tensor x = Tensor::of({1, 2}).set_requires_grad();
  const Tensor y = sum(x * x);
  y.backward();
  print_error([&] { y.backward(); });

  Tensor w = Tensor::of({3, 4});
  const Tensor z = sum(x * w);
  w.mul_(2);
  print_error([&] { z.backward(); });

  const Tensor total = Tensor::scalar(0) + sum(x * x).item();  // += loss.item(), as in an article
  print_error([&] { total.backward(); });
}
// [/errors]

// [kept]
// Four layers of 64 x 64 for 32 rows: how many numbers are kept for the way back?
void kept() {
  Random random(1);
  std::vector<Tensor> layers;
  for (int i = 0; i < 4; ++i) layers.push_back(Tensor::randn({64, 64}, random).set_requires_grad());
  const Tensor x = Tensor::randn({32, 64}, random);
  const auto loss = [&] {
    Tensor y = x;
    for (const Tensor& w : layers) y = tanh(matmul(y, w) / 8);
    return sum(y * y);
  };
  const auto row = [](const char* when, const Tensor& y) {
    LookAtSaved saved;
    for (cairn::Node* node : nodes_of(y)) node->visit(saved);
    std::printf("  %-28s %2zu nodes, %5d numbers\n", when, nodes_of(y).size(),
                static_cast<int>(saved.numbers));
  };
  const Tensor once = loss(), again = loss();
  row("before backward", once);
  once.backward();
  row("after backward", once);
  cairn::backward(again, /*retain_graph=*/true);
  row("after it, with retain_graph", again);
  const NoGrad no_grad;
  row("without a history: NoGrad", loss());
}
// [/kept]

// [release]
// A chain of values, each made of the one before, and how it ends.
void release() {
  const auto row = [](const char* whose, int length, const std::function<void()>& work) {
    std::printf("  %-12s %8d values: %s\n", whose, length, ends_well(work) ? "freed" : "a crash");
  };
  for (const int length : {1000, 1000000}) {
    row("scalar.h", length, [length] {
      Scalar y = scalar(1);
      for (int i = 0; i < length; ++i) y = y + y;
    });
    row("the library", length, [length] {
      Tensor y = Tensor::scalar(1).set_requires_grad();
      for (int i = 0; i < length; ++i) y = y * 1;
      y.backward();
    });
  }
}
// [/release]

// [steps]
// The error of the difference quotient of x^3 at 1.1, for each step.
void steps() {
  std::printf("    step   central, float   central, double   forward, double\n");
  for (int digits = 1; digits <= 12; ++digits) {
    const double h = std::pow(10, -digits);
    std::printf("   1e-%02d   %14.1e   %15.1e   %15.1e\n", digits, error_of_central<float>(h),
                error_of_central<double>(h), error_of_forward<double>(h));
  }
}
// [/steps]

// [gradcheck]
// The library's gradcheck, on a right gradient, in a program that computes in float.
void check_in_float() {
  Random random(1);
  const Tensor x = Tensor::randn({3, 4}, random).set_requires_grad();
  const auto f = [](const std::vector<Tensor>& inputs) { return tanh(inputs[0]); };
  for (const double step : {1e-6, 1e-2}) {
    const std::string report = cairn::gradcheck(f, {x}, step, 1e-3, 1e-3);
    std::printf("  step %g: %s\n", step, report.empty() ? "right" : "WRONG");
  }
}
// [/gradcheck]

}  // namespace

int main(int argc, char** argv) {
  if (const char* folder = figure::folder_of(argc, argv)) return draw_figures(folder), 0;
  print_chain_rule();
  std::printf("\n[ask]\n"), ask();
  std::printf("\n[cost]\n"), cost();
  std::printf("\n[diamond]\n"), diamond();
  std::printf("\n[order]\n"), order();
  std::printf("\n[twice]\n"), twice();
  std::printf("\n[library]\n"), library();
  std::printf("\n[broadcast]\n"), broadcast();
  std::printf("\n[careless]\n"), careless();
  std::printf("\n[shared]\n"), shared();
  std::printf("\n[errors]\n"), errors();
  std::printf("\n[kept]\n"), kept();
  std::printf("\n[release]\n"), release();
  std::printf("\n[steps]\n"), steps();
  std::printf("\n[gradcheck]\n"), check_in_float();
}
