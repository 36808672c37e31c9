// How Cairn explains itself: tensors and histories as text, and a trace as a page, if a path for it
// is given. docs/explain.md shows what this prints.
#include <cmath>
#include <cstdio>

#include "core/explain.h"
#include "core/graph.h"
#include "core/ops.h"
#include "core/print.h"
#include "nn/layers.h"
using namespace cairn;

// [model]
struct Net : Module {
  Linear first, second, head;
  LayerNorm norm;
  Net() : Module("net"), first(4, 8), second(8, 4), head(4, 2), norm(4, 1e-5) {}
  void visit(ModuleVisitor& v) override {
    v("first", first), v("second", second), v("head", head), v("norm", norm);
  }
  Tensor operator()(const Tensor& x, Where where = Where::current()) {
    const Scope scope(name(), where);
    const Tensor h = norm(x + second(gelu(first(x))));
    return head(h);
  }
};
// [/model]

int main(int argc, char** argv) {
  (void)argc, (void)argv;
  // [print]
  print(Tensor::of({2, 3}, {0.5, -12.25, 1, 0, 1.f / 3, NAN}));
  // [/print]
  std::puts("");
  // [large]
  print(Tensor::zeros({1000, 1000}));
  // [/large]
  std::puts("");
  // [graph]
  Net net;
  const Tensor x = Tensor::ones({2, 4}).set_requires_grad();
  const Tensor loss = cross_entropy(net(x), {0, 1});
  print_graph(loss, {.names = net.named_parameters()});
  // [/graph]
  std::puts("");
  // [explain]
  const Tensor y = transpose(softmax(x), 0, 1);
  explain(y);
  // [/explain]
  std::puts("");
}
