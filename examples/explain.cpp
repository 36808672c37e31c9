// How Cairn explains itself: tensors and histories as text, and a trace as a page, if a path for it
// is given. docs/explain.md shows what this prints.
#include <cmath>
#include <cstdio>

#include "core/inspect/explain.h"
#include "core/inspect/graph.h"
#include "core/inspect/print.h"
#include "core/inspect/trace.h"
#include "core/ops.h"
#include "nn/layers.h"
#include "optim/adamw.h"
using namespace cairn;

// [model]
struct Net : Module {
  Linear first, up, down, head;
  LayerNorm norm;
  Net() : Module("net"), first(4, 4), up(4, 8), down(8, 4), head(4, 2), norm(4, 1e-5) {}
  void visit(ModuleVisitor& v) override {
    v("first", first), v("up", up), v("down", down), v("norm", norm), v("head", head);
  }
  Tensor operator()(const Tensor& x, Where where = Where::current()) {
    const Scope scope(name(), where);
    const Tensor h = first(x);
    return head(norm(h + down(gelu(up(h)))));
  }
};
// [/model]

void write_trace(const std::string& path) {
  Net net;
  const Tensor x = Tensor::ones({32, 4});
  const Ids labels(std::vector<int32_t>(32, 1));
  AdamW optimizer(decay_groups(net.named_parameters(), 0.01));
  // [trace]
  Trace trace(path, {.names = net.named_parameters()});
  const Tensor loss = cross_entropy(net(x), labels);
  loss.backward();
  optimizer.step(1e-3);
  // [/trace]
}

int main(int argc, char** argv) {
  default_random() = Random(1);
  if (argc > 1) return write_trace(argv[1]), 0;
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
  const Tensor x = Tensor::ones({2, 4});
  const Tensor loss = cross_entropy(net(x), {0, 1});
  print_graph(loss, {.names = net.named_parameters()});
  // [/graph]
  std::puts("");
  // [explain]
  const Tensor p = softmax(net.first.weight);
  explain(transpose(p, 0, 1), {{"p", p}});
  // [/explain]
}
