// Run: one step of a training, against AdamW written out here in double, by its formula; the learning
// rates, and the time of a step. The log and the checkpoint: test_train_run_files.cpp.
#include <doctest/doctest.h>

#include <cmath>
#include <thread>

#include "core/autograd/autograd.h"
#include "core/ops.h"
#include "optim/adamw.h"
#include "optim/linear_schedule.h"
#include "optim/more/schedules.h"
#include "tests/folders.h"
#include "tests/support.h"
#include "tests/tiny_run.h"
#include "train/train_step.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// The six numbers after each of the steps, by the formula of AdamW.
std::vector<std::vector<double>> by_hand(const RunOptions& o, const std::vector<double>& rates) {
  std::vector<double> p = values(Tiny()), m(6), v(6);
  std::vector<std::vector<double>> all;
  for (size_t t = 1; t <= rates.size(); ++t) {
    const double size = size_of(static_cast<int64_t>(t)), norm = size * std::sqrt(0.91);
    const double scale = o.clip > 0 && norm > o.clip ? o.clip / norm : 1;
    for (size_t i = 0; i < 6; ++i) {
      const double g = scale * size * factors[i];
      if (i < 4) p[i] *= 1 - rates[t - 1] * o.weight_decay;
      m[i] = 0.9 * m[i] + 0.1 * g;
      v[i] = 0.999 * v[i] + 0.001 * g * g;
      const double mean = m[i] / (1 - std::pow(0.9, t)), square = v[i] / (1 - std::pow(0.999, t));
      p[i] -= rates[t - 1] * mean / (std::sqrt(square) + 1e-8);
    }
    all.push_back(p);
  }
  return all;
}

// The learning rates of the steps from here to step `last`.
std::vector<double> rates_until(int64_t last, Run& run, const Tiny& model) {
  std::vector<double> rates;
  while (run.step() < last) rates.push_back(step(run, loss_of(model, run.step() + 1)).lr);
  return rates;
}

std::vector<double> rates_of(const RunOptions& o) {
  Tiny model;
  Run run(model, o, Json::object());
  return rates_until(o.steps, run, model);
}

void check_near(const std::vector<double>& a, const std::vector<double>& b, double bound) {
  REQUIRE(a.size() == b.size());
  for (size_t i = 0; i < a.size(); ++i) CHECK(std::abs(a[i] - b[i]) <= bound);
}

}  // namespace

TEST_CASE("training_step: an infinite gradient moves nothing, and is let go") {
  Tensor p = Tensor::of({0.5f}).set_requires_grad();
  AdamW optimizer({{"p", p}});
  const StepNumbers numbers =
      training_step([&] { return sum(sqrt(p - real{0.5})); }, optimizer, 0.1, 1);
  CHECK(numbers.loss == 0);
  CHECK(std::isinf(numbers.grad_norm));
  CHECK(p.to_vector() == std::vector<real>{0.5f});
  CHECK(!p.grad().defined());
}

TEST_CASE("run: the learning rate at every step, with the warm-up's steps rounded up") {
  RunOptions o = run_options();
  o.lr = 1;
  const auto check = [&](double warmup, int64_t steps, const std::vector<double>& rates) {
    CAPTURE(warmup);
    o.warmup = warmup;
    o.steps = steps;
    check_near(rates_of(o), rates, 1e-12);
  };
  check(0, 4, {1, 0.75, 0.5, 0.25});
  check(0.5, 4, {0, 0.5, 1, 0.5});
  // 2.5 steps are 3, as in Transformers: math.ceil(num_training_steps * warmup_ratio).
  check(0.25, 10, {0, 1. / 3, 2. / 3, 1, 6. / 7, 5. / 7, 4. / 7, 3. / 7, 2. / 7, 1. / 7});
  check(0.01, 5, {0, 1, 0.75, 0.5, 0.25});
  check(1, 3, {0, 1. / 3, 2. / 3});
  check(0, 1, {1});
}

TEST_CASE("run: without a schedule the learning rates are those of linear_with_warmup") {
  RunOptions o = run_options();
  for (const int64_t warmup : {0, 3, 10}) {
    CAPTURE(warmup);
    o.warmup = static_cast<double>(warmup) / 10;
    std::vector<double> expected;
    for (int64_t t = 0; t < 10; ++t) expected.push_back(o.lr * linear_with_warmup(t, warmup, 10));
    CHECK(rates_of(o) == expected);
  }
}

TEST_CASE("run: a schedule that it is given makes its learning rates, once resumed too") {
  const TempFolder folder;
  RunOptions o = run_options();
  o.out = folder.path();
  o.warmup = 0.5;  // of the schedule that is not used
  o.schedule = [](int64_t t) { return cosine_with_warmup(t, 2, 10); };
  std::vector<double> expected;
  for (int64_t t = 0; t < 10; ++t) expected.push_back(o.lr * o.schedule(t));
  CHECK(rates_of(o) == expected);

  Tiny first, second;
  Run begun(first, o, Json::object());
  std::vector<double> rates = rates_until(4, begun, first);
  begun.save(Json::object());
  o.resume = true;
  Run resumed(second, o, Json::object());
  resumed.resume();
  for (const double rate : rates_until(10, resumed, second)) rates.push_back(rate);
  CHECK(rates == expected);
}

TEST_CASE("run: the parameters after each step are those of AdamW's formula") {
  const auto check = [](const char* what, const std::function<void(RunOptions&)>& change,
                        double warmup_steps) {
    CAPTURE(what);
    RunOptions o = run_options();
    change(o);
    std::vector<double> rates;
    for (int t = 0; t < 10; ++t)
      rates.push_back(o.lr *
                      (t < warmup_steps ? t / warmup_steps : (10 - t) / (10 - warmup_steps)));
    const auto expected = by_hand(o, rates);
    Tiny model;
    Run run(model, o, Json::object());
    for (int64_t t = 1; t <= 10; ++t) {
      CAPTURE(t);
      CHECK_FALSE(run.finished());
      const double loss = loss_of(model, t).item();
      const StepRecord r =
          run.train_step(batch_of(7, 90 + t), [&](const Batch&) { return loss_of(model, t); });
      CHECK(r.step == t);
      CHECK(run.step() == t);
      CHECK(r.loss == loss);
      CHECK(r.lr == doctest::Approx(rates[static_cast<size_t>(t - 1)]));
      CHECK(r.grad_norm == doctest::Approx(size_of(t) * std::sqrt(0.91)));  // before clipping
      CHECK(r.sentences == 7);
      CHECK(r.tokens == 90 + t);
      check_near(values(model), expected[static_cast<size_t>(t - 1)], 1e-5);
      CHECK_FALSE(model.w.grad().defined());
    }
    CHECK(run.finished());
    return values(model);
  };
  // Each option has an effect; else the formula's agreement would say little of it.
  const auto base = check(
      "base", [](RunOptions&) {}, 0);
  // clang-format off
  const std::vector<std::vector<double>> others = {
      check("no clipping", [](RunOptions& o) { o.clip = 0; }, 0),
      check("clipping at 2", [](RunOptions& o) { o.clip = 2; }, 0),
      check("no decay", [](RunOptions& o) { o.weight_decay = 0; }, 0),
      check("decay 1", [](RunOptions& o) { o.weight_decay = 1; }, 0),
      check("rate 0.01", [](RunOptions& o) { o.lr = 0.01; }, 0),
      check("warm-up", [](RunOptions& o) { o.warmup = 0.31; }, 4)};
  // clang-format on
  for (const auto& other : others) {
    double most = 0;
    for (size_t i = 0; i < 6; ++i) most = std::max(most, std::abs(other[i] - base[i]));
    CHECK(most > 1e-2);
  }
  CHECK(others[3][4] == doctest::Approx(base[4]));  // biases do not decay
}

TEST_CASE("run: the defaults are BERT's: rate 5e-5 without warm-up, decay 0.01, gradients of 1") {
  const RunOptions o;
  CHECK(o.lr == 5e-5);
  CHECK(o.warmup == 0);
  CHECK(o.weight_decay == 0.01);
  CHECK(o.clip == 1);
  CHECK(o.checkpoint_every == 500);
  CHECK_FALSE(o.resume);
}

TEST_CASE("run: a loss or a gradient that is not finite is an Error, and nothing has changed") {
  const auto check = [](const std::function<Tensor(Tiny&)>& loss, const char* message) {
    Tiny model;
    Run run(model, run_options(), Json::object());
    step(run, loss_of(model, 1));
    const auto before = values(model);
    const std::string error = error_of([&] { step(run, loss(model)); });
    CHECK(has(error, std::string("[step 2] the training has diverged: ") + message));
    CHECK(has(error, "hint: lower --lr, lengthen --warmup, or clip the gradient with --clip"));
    CHECK(values(model) == before);
    CHECK(run.step() == 1);
  };
  check([](Tiny& m) { return sum(m.w) * real(NAN); }, "the loss is nan");
  check([](Tiny& m) { return sum(m.b) * real(INFINITY); }, "the loss is -inf");
  check([](Tiny& m) { return sum(sqrt(m.w - m.w)); }, "the gradient's norm is ");
}

TEST_CASE("run: a loss of what no visit() names is refused at the first step, naming it") {
  struct Forgetful : Tiny {
    void visit(ModuleVisitor& v) override { v("w", w); }
  } model;
  Run run(model, run_options(), Json::object());
  const auto before = values(model);
  const std::string error = error_of([&] { step(run, loss_of(model, 1)); });
  CHECK(has(error, "[train] the loss depends on what no visit() of the model names"));
  CHECK(has(error, "a tensor of shape (2,)"));
  CHECK(has(error, "hint: name the child or the parameter in its module's visit()"));
  CHECK(values(model) == before);
  CHECK(run.step() == 0);
  CHECK(error_of([&] { step(run, sum(model.w)); }).empty());
}

TEST_CASE(
    "run: a step's time is from the end of the one before, without on_step and what is skipped") {
  using namespace std::chrono_literals;
  Tiny model;
  RunOptions o = run_options();
  o.steps = 100;
  bool slow = false;
  o.on_step = [&](const StepRecord&) {
    if (slow) std::this_thread::sleep_for(20ms);
  };
  Run run(model, o, Json::object());
  const auto update = [&] { return step(run, loss_of(model, 1)).seconds; };
  std::this_thread::sleep_for(20ms);
  CHECK(update() >= 0.02);
  // The machine may be busy: the shortest of a few counts.
  double skipped = 1, told = 1;
  for (int i = 0; i < 5; ++i) {
    std::this_thread::sleep_for(20ms);
    run.skip_time();
    skipped = std::min(skipped, update());
  }
  CHECK(skipped < 0.02);
  CHECK(skipped > 0);
  slow = true;
  update();
  for (int i = 0; i < 5; ++i) told = std::min(told, update());
  CHECK(told < 0.02);
}
