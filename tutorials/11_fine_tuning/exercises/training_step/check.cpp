// Steps with plain gradient descent and with AdamW, against the parameters that they should lead to.
#include <cmath>
#include <string>

#include "core/ops.h"
#include "optim/adamw.h"
#include "tutorials/11_fine_tuning/exercises/training_step/training_step.h"

namespace {

using Numbers = std::vector<real>;

// Plain gradient descent, whose own rate nobody should use.
class Descent : public Optimizer {
 public:
  explicit Descent(cairn::ParameterGroups groups) : Optimizer(std::move(groups), 77) {}

 private:
  cairn::NamedTensors initial_state(const Tensor&) const override { return {}; }
  void update(Slot&, real* p, const real* g, int64_t n, double lr, double scale) override {
    for (int64_t i = 0; i < n; ++i) p[i] -= lr * scale * g[i];
  }
};

// Two parameters, and what the loss has to do with them: sum(slope * w) + slope_b * b.
struct Model {
  Tensor w = Tensor::of({1, -2, 3}).set_requires_grad();
  Tensor b = Tensor::of({0.5}).set_requires_grad();
  int calls = 0;

  cairn::NamedTensors parameters() const { return {{"w", w}, {"b", b}}; }
  Tensor loss(const Numbers& slope, real slope_b) {
    ++calls;
    const Tensor of_w = sum(w * Tensor::of(slope));
    return slope_b == 0 ? of_w : of_w + sum(b * slope_b);
  }
  Numbers values() const {
    Numbers all = w.to_vector();
    all.push_back(b.item());
    return all;
  }
};

// One step, and what should come of it.
struct Step {
  std::string what;
  Numbers slope;
  real slope_b;
  double lr, max_norm;
};

double norm_of(const Step& s) {
  double squares = s.slope_b * s.slope_b;
  for (const real g : s.slope) squares += g * g;
  return std::sqrt(squares);
}

double factor_of(const Step& s) {
  return s.max_norm > 0 && norm_of(s) > s.max_norm ? s.max_norm / norm_of(s) : 1;
}

void check_step(TrainingStep* step, check::Judge& judge, const Step& s, Model& model,
                Optimizer& optimizer, Numbers& expected, bool plain) {
  judge.input(s.what);
  double loss = s.slope_b * expected[3];
  for (size_t i = 0; i < 3; ++i) loss += s.slope[i] * expected[i];
  const double by = s.lr * factor_of(s);
  if (plain) {
    for (size_t i = 0; i < 3; ++i) expected[i] -= by * s.slope[i];
    expected[3] -= by * s.slope_b;
  }
  model.calls = 0;
  const StepNumbers got =
      step([&] { return model.loss(s.slope, s.slope_b); }, optimizer, s.lr, s.max_norm);
  judge.equal(s.what + ": how often loss_of was called", model.calls, 1);
  if (plain) {
    judge.equal(s.what + ": the parameters", model.values(), expected, {4}, 1e-5);
    judge.equal(s.what + ": loss", {got.loss}, {loss}, {1}, 1e-4);
  }
  judge.equal(s.what + ": grad_norm", {got.grad_norm}, {norm_of(s)}, {1}, 1e-9);
}

void check_descent(TrainingStep* step, check::Judge& judge, const std::string& after,
                   const std::vector<Step>& steps) {
  Model model;
  Descent optimizer(model.parameters());
  Numbers expected = model.values();
  for (Step s : steps) {
    s.what += after;
    check_step(step, judge, s, model, optimizer, expected, true);
  }
}

// AdamW, by its formula, with gradients that are clipped from the second step on.
void check_adamw(TrainingStep* step, check::Judge& judge) {
  Model model;
  cairn::AdamW optimizer(model.parameters());
  const std::vector<Step> steps = {{"AdamW, first step", {0.3, 0, 0.4}, 0, 0.01, 1},
                                   {"AdamW, second step", {30, 40, 0}, 120, 0.01, 1}};
  Numbers expected = model.values(), m(4), v(4);
  for (size_t t = 1; t <= 2; ++t) {
    const Step& s = steps[t - 1];
    check_step(step, judge, s, model, optimizer, expected, false);
    for (size_t i = 0; i < 4; ++i) {
      if (i == 3 && t == 1) continue;  // which has no gradient yet
      const double g = factor_of(s) * (i < 3 ? s.slope[i] : s.slope_b);
      m[i] = 0.9 * m[i] + 0.1 * g, v[i] = 0.999 * v[i] + 0.001 * g * g;
      const double k = i == 3 ? 1 : static_cast<double>(t);  // steps of this parameter
      expected[i] -= s.lr * m[i] / (1 - std::pow(0.9, k)) /
                     (std::sqrt(v[i] / (1 - std::pow(0.999, k))) + 1e-8);
    }
    judge.equal(s.what + ": the parameters", model.values(), expected, {4}, 1e-6);
  }
}

// A loss that is not finite, though its gradient is; and the other way round: sqrt(b - 0.5) at 0.5
// has an infinite slope.
void check_not_finite(TrainingStep* step, check::Judge& judge) {
  Model model;
  Descent optimizer(model.parameters());
  const Numbers before = model.values();
  StepNumbers got;
  for (const real bad : Numbers{NAN, INFINITY, -INFINITY}) {
    const std::string what = "the loss is " + std::to_string(bad);
    judge.input(what);
    got = step([&] { return model.loss({1, 1, 1}, 1) + bad; }, optimizer, 0.1, 0);
    judge.equal(what + ": the parameters", model.values(), before, {4}, 0);
    judge.equal(what + ": loss", {got.loss}, {bad}, {1});
  }
  judge.input("the loss is 0 and its slope infinite");
  got = step([&] { return sum(sqrt(model.b - real{0.5})); }, optimizer, 0.1, 1);
  judge.equal("the slope is infinite: the parameters", model.values(), before, {4}, 0);
  judge.equal("the slope is infinite: grad_norm", {got.grad_norm}, {INFINITY}, {1});
  judge.equal("the slope is infinite: loss", {got.loss}, {0}, {1});
  judge.input("a step after the infinite slope");
  got = step([&] { return model.loss({0.1, 0.2, 0.3}, 0.4); }, optimizer, 0.1, 1);
  judge.equal("a step after the infinite slope: grad_norm", {got.grad_norm}, {std::sqrt(0.3)}, {1});
  judge.equal("a step after the infinite slope: the parameters", model.values(),
              {0.99, -2.02, 2.97, 0.46}, {4});
}

void check_training_step(TrainingStep* step, check::Judge& judge) {
  const Step base{"a short gradient", {0.3, 0, -0.4}, 0.1, 0.1, 1};
  check_descent(step, judge, "",
                {base,
                 {"a second step on another loss", {0, 0.2, 0}, -0.3, 0.1, 1},
                 {"a third, on a loss without b", {0.1, 0.1, 0.1}, 0, 0.2, 1},
                 {"a long gradient", {30, 0, -40}, 120, 0.1, 1},
                 {"a longer one with limit 2.5", {300, 0, -400}, 1200, 0.1, 2.5},
                 {"a long gradient without a limit", {3, 0, -4}, 12, 0.1, 0},
                 {"learning rate 0", {1, 2, 3}, 4, 0, 1},
                 {"a gradient of zeros", {0, 0, 0}, 0, 0.1, 1}});
  check_descent(step, judge, ", first of all", {{"a long gradient", {3, 4, 0}, 12, 0.1, 1}});
  check_adamw(step, judge);
  check_not_finite(step, judge);
}

}  // namespace

int main(int argc, char** argv) {
  return check::run<TrainingStep>({.name = "training_step",
                                   .check = check_training_step,
                                   .mine = cairn::training_step,
                                   .mistaken = mistakes::training_step,
                                   .mistakes = mistakes::list,
                                   .alternatives = alternatives::list},
                                  argc, argv);
}
