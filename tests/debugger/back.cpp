// What tests/debugger/back.walk.txt goes through with `back`: a leaf that is read twice, so that its
// gradient is a sum.
#include "core/autograd/autograd.h"
#include "core/ops.h"

using cairn::Tensor;

int main() {
  const Tensor w = Tensor::of({{1, 2}, {3, 4}}).set_requires_grad();
  const Tensor x = Tensor::of({{1, 0}, {2, -1}});
  const Tensor y = matmul(x, w);
  // [softmax]
  const Tensor p = softmax(y);
  const Tensor loss = sum(p * w);
  // [reverse]
  loss.backward();
  return w.grad().numel() == 4 ? 0 : 1;
}
