#pragma once
// A run of 10 steps on a model of six numbers, whose gradients are known at each step.
#include <vector>

#include "nn/layers.h"
#include "train/run.h"

namespace cairn::test {

// A matrix, which decays, and a vector, which does not.
struct Tiny : Module {
  Tensor w = Tensor::of({2, 2}, {1, -2, 3, 0.5}), b = Tensor::of({2}, {0.25, -1});
  Tiny() : Module("tiny") {
    w.set_requires_grad();
    b.set_requires_grad();
  }
  void visit(ModuleVisitor& v) override {
    v("w", w);
    v("b", b);
  }
};

// Of step t: its gradients are these factors, whatever the parameters are.
inline constexpr double factors[6] = {0.3, -0.6, 0.2, 0.4, 0.1, -0.5};  // w's four and b's two
inline double size_of(int64_t step) { return step % 3 == 1 ? 1 : step % 3 == 2 ? 10 : 0.2; }

inline Tensor loss_of(const Tiny& model, int64_t step) {
  const auto size = static_cast<real>(size_of(step));
  const Tensor dw =
      Tensor::of({2, 2}, {size * real(0.3), size * real(-0.6), size * real(0.2), size * real(0.4)});
  const Tensor db = Tensor::of({2}, {size * real(0.1), size * real(-0.5)});
  return sum(model.w * dw) + sum(model.b * db);
}

inline std::vector<double> values(const Tiny& model) {
  std::vector<double> all;
  for (const Tensor& tensor : {model.w, model.b})
    for (const real x : tensor.to_vector()) all.push_back(static_cast<double>(x));
  return all;
}

inline RunOptions run_options() {
  RunOptions options;
  options.steps = 10;
  options.lr = 0.1;
  options.weight_decay = 0.2;
  options.clip = 0.5;
  return options;
}

// A batch of so many sentences, with so many tokens in all; the run counts them, nobody reads them.
inline Batch batch_of(int32_t sentences, int64_t tokens) {
  std::vector<int32_t> lengths(static_cast<size_t>(sentences), 1);
  lengths[0] = static_cast<int32_t>(tokens) - sentences + 1;
  Batch batch;
  batch.rows = Rows::of_lengths(lengths);
  return batch;
}

inline StepRecord step(Run& run, const Tensor& loss) {
  return run.train_step(batch_of(1, 1), [&](const Batch&) { return loss; });
}

}  // namespace cairn::test
