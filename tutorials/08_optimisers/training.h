#pragma once
// The small trainings of this chapter: with decay for some parameters and for all, in pieces of a
// batch, with zero_grad() in five places, and with AdamW written out.
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/autograd/autograd.h"
#include "core/ops.h"
#include "nn/layers.h"
#include "optim/adamw.h"
#include "optim/more/sgd.h"
#include "tutorials/08_optimisers/parts.h"

using namespace cairn;

// Twenty points of y = 2 x0 - x1 + 8. What is b after 2,000 steps of AdamW?
inline double bias_learned(bool in_groups) {
  Random random(5);
  const Tensor x = Tensor::randn({20, 2}, random);
  const Tensor y = matmul(x, Tensor::of({{2}, {-1}})) + 8;
  Linear layer(2, 1, {.std = 0.02, .random = &random});
  const NamedTensors all = layer.named_parameters();
  AdamW optimizer(in_groups ? ParameterGroups(decay_groups(all, 0.1)) : ParameterGroups(all),
                  {.weight_decay = 0.1});
  for (int step = 0; step < 2000; ++step) {
    const Tensor error = layer(x) - y;
    backward(mean(error * error));
    optimizer.step(0.02);
    optimizer.zero_grad();
  }
  return layer.bias.item();
}

struct Net : Module {
  Linear first{2, 4};
  LayerNorm norm{4};
  Linear second{4, 1};
  void visit(ModuleVisitor& v) override { v("first", first), v("norm", norm), v("second", second); }
  Tensor operator()(const Tensor& x) { return second(gelu(norm(first(x)))); }
};

// Sixty-four rows of 8 numbers with labels 0 to 2, and a classifier: w is [3, 8].
struct Rows64 {
  Tensor x;
  Ids labels;
  Tensor mean_loss(const Tensor& w, int64_t begin, int64_t end) const {
    const std::vector<int32_t>& all = labels.values();
    return cross_entropy(matmul(slice(x, 0, begin, end), transpose(w, 0, 1)),
                         Ids(std::vector<int32_t>(all.begin() + begin, all.begin() + end)));
  }
};

// [accumulation]
// The gradient of w, from one backward for each piece of the batch. `share` says what the mean loss of
// a piece of n rows is multiplied by.
template <class Share>
Tensor accumulated(const Rows64& batch, const std::vector<int64_t>& ends, const Share& share) {
  Tensor w = Tensor::zeros({3, 8}).set_requires_grad();
  int64_t begin = 0;
  for (const int64_t end : ends) {
    backward(batch.mean_loss(w, begin, end) * share(static_cast<real>(end - begin)));
    begin = end;
  }
  return w.grad();
}
// [/accumulation]

enum class Zero { before_forward, before_backward, before_step, after_step, nowhere };

// The loss after 100 steps, with zero_grad() in this place.
inline double trained(Zero zero) {
  Random random(3);
  Linear layer(4, 1, {.std = 0.02, .random = &random});
  const Tensor x = Tensor::randn({32, 4}, random);
  const Tensor y = matmul(x, Tensor::of({{1}, {2}, {-2}, {1}})) + 1;
  SGD optimizer(layer.named_parameters(), {.lr = 0.1});
  Tensor loss;
  // [zero_grad]
  for (int step = 0; step < 100; ++step) {
    if (zero == Zero::before_forward) optimizer.zero_grad();
    const Tensor error = layer(x) - y;
    loss = mean(error * error);
    if (zero == Zero::before_backward) optimizer.zero_grad();
    backward(loss);
    if (zero == Zero::before_step) optimizer.zero_grad();
    optimizer.step();
    if (zero == Zero::after_step) optimizer.zero_grad();
  }
  // [/zero_grad]
  return loss.item();
}

// [by_hand]
// One step of AdamW, the gradients clipped to a norm of 1, matrices decayed by 0.1.
inline void adamw_by_hand(const NamedTensors& parameters, std::vector<std::vector<Memory>>& memory,
                          double lr, int t) {
  double squares = 0;
  for (const NamedTensor& p : parameters)
    for (const double g : p.tensor.grad().to_vector()) squares += g * g;
  const double scale = std::min(1.0, 1 / (std::sqrt(squares) + 1e-6));
  for (size_t i = 0; i < parameters.size(); ++i) {
    Tensor p = parameters[i].tensor;
    const std::vector<real> g = p.grad().to_vector();
    const double decay = p.axes() > 1 ? 0.1 : 0;
    real* numbers = p.write();
    memory[i].resize(g.size());
    for (size_t j = 0; j < g.size(); ++j)
      numbers[j] = static_cast<real>(numbers[j] * (1 - lr * decay) -
                                     lr * adam(memory[i][j], g[j] * scale, t));
    p.zero_grad();
  }
}
// [/by_hand]
