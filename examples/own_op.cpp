// An op of your own, outside the library: y = x^3, with its derivatives and their check.
// Link cairn::cairn64, whose numbers are double: in float, rounding would hide a wrong factor.
#include <iostream>

#include "core/autograd/autograd.h"
#include "core/autograd/more/gradcheck.h"
#include "core/autograd/node.h"
#include "core/ops.h"
using namespace cairn;

struct CubeNode final : Node {
  Saved x;
  void backward(Grads& g) override { g.add(0, 3 * g.tensor(x) * g.tensor(x) * g.dout()); }
  void backward_in_ops(Grads& g) override { backward(g); }  // it is in ops: second derivatives too
  void visit(SavedVisitor& v) override { v("x", x); }
};

Tensor cube(const Tensor& x, Where where = Where::current()) {
  const Tensor numbers = x.detach();  // without history: what happens in here is one op
  const Tensor y = numbers * numbers * numbers;
  if (auto node = record<CubeNode>("cube", {&x}, y, where)) node->x = x;
  return y;
}

int main() {
  const Tensor x = Tensor::of({2, 2}, {-1, 0.5, 2, 3}).set_requires_grad();
  const auto f = [](const std::vector<Tensor>& in) { return cube(in[0]); };
  const std::string first = gradcheck(f, {x}), second = gradgradcheck(f, {x});
  std::cout << "gradcheck: " << (first.empty() ? "passed" : first) << "\n"
            << "gradgradcheck: " << (second.empty() ? "passed" : second) << "\n";
  return first.empty() && second.empty() ? 0 : 1;
}
