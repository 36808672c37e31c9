// What tests/debugger/back.walk.txt goes through with `back`: a leaf that is read twice, so that its
// gradient is a sum; then grad() of two layers' weights.
#include <vector>

#include "core/autograd/autograd.h"
#include "core/ops.h"
#include "nn/layers.h"

using namespace cairn;

int main() {
  const Tensor w = Tensor::of({{1, 2}, {3, 4}}).set_requires_grad();
  const Tensor x = Tensor::of({{1, 0}, {2, -1}});
  const Tensor y = matmul(x, w);
  // [softmax]
  const Tensor p = softmax(y);
  const Tensor loss = sum(p * w);
  // [reverse]
  loss.backward();

  std::vector<Linear> layers;
  layers.emplace_back(2, 3);
  layers.emplace_back(3, 1, Bias::no);
  const Tensor y2 = sum(layers[1](tanh(layers[0](x))));
  // [layers]
  const std::vector<Tensor> gradients = grad({y2}, {layers[0].weight, layers[1].weight});
  return w.grad().numel() == 4 ? 0 : 1;
}
