#pragma once
// A training written out with nothing but layers, ops and the optimiser, for tests that compare.
#include <doctest/doctest.h>

#include <cmath>

#include "core/autograd/autograd.h"
#include "optim/adamw.h"
#include "optim/clip.h"
#include "tests/training.h"

namespace cairn::test {

using Weights = std::vector<std::vector<real>>;

// What a training does, step by step.
struct Course {
  std::vector<StepRecord> steps;
  std::vector<Weights> weights;  // after each of them
};

// Straight up during the first `warmup` of `steps` steps, then straight down to 0.
inline double rate(int64_t step, int64_t warmup, int64_t steps, double lr) {
  const auto number = [](int64_t n) { return static_cast<double>(n); };
  if (step < warmup) return lr * (number(step) / number(warmup));
  return lr * (1 - number(step - warmup) / number(steps - warmup));
}

// One step on `loss`, written down in `course`.
inline void step_on(const Tensor& loss, int64_t sentences, int64_t tokens, int64_t warmup,
                    int64_t steps, const RunOptions& o, Module& model, AdamW& optimizer,
                    Course& course) {
  const auto done = static_cast<int64_t>(course.steps.size());
  loss.backward();
  const double norm = gradient_norm(optimizer.parameters());
  const double lr = rate(done, warmup, steps, o.lr);
  optimizer.step(lr, o.clip > 0 ? std::min(1.0, o.clip / (norm + 1e-6)) : 1);
  optimizer.zero_grad();
  course.steps.push_back({.step = done + 1,
                          .loss = static_cast<double>(loss.item()),
                          .lr = lr,
                          .grad_norm = norm,
                          .sentences = sentences,
                          .tokens = tokens});
  course.weights.push_back(weights(model));
}

// Matrices decay, the others do not.
inline std::vector<ParameterGroup> groups_of(Module& model, double decay) {
  ParameterGroup matrices, others;
  for (const NamedTensor& p : model.named_parameters())
    (p.tensor.axes() >= 2 ? matrices : others).parameters.push_back(p);
  matrices.weight_decay = decay;
  others.weight_decay = 0;
  return {matrices, others};
}

inline bool same_course(const std::vector<StepRecord>& a, const std::vector<StepRecord>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    CAPTURE(i);
    CHECK(a[i].step == b[i].step);
    CHECK(a[i].loss == b[i].loss);
    CHECK(a[i].lr == doctest::Approx(b[i].lr).epsilon(1e-12));
    CHECK(a[i].grad_norm == b[i].grad_norm);
    CHECK(a[i].sentences == b[i].sentences);
    CHECK(a[i].tokens == b[i].tokens);
  }
  return true;
}

inline double largest_difference(const Weights& a, const Weights& b) {
  double most = 0;
  for (size_t i = 0; i < a.size(); ++i)
    for (size_t j = 0; j < a[i].size(); ++j)
      most = std::max(most, static_cast<double>(std::abs(a[i][j] - b[i][j])));
  return most;
}

}  // namespace cairn::test
