// Run: one step of a training, against AdamW written out here in double, by its formula; the log,
// the time of a step, the checkpoint.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <thread>

#include "core/autograd/autograd.h"
#include "nn/layers.h"
#include "tests/folders.h"
#include "tests/support.h"
#include "train/progress.h"
#include "train/run.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// A matrix, which decays, and a vector, which does not.
struct Tiny : Module {
  Tensor w = Tensor::of({2, 2}, {1, -2, 3, 0.5}), b = Tensor::of({2}, {0.25, -1});
  Tiny() : Module("tiny") {
    w.set_requires_grad();
    b.set_requires_grad();
  }
  void visit(ModuleVisitor& v) override { v("w", w), v("b", b); }
};

// Of step t: its gradients are these factors, whatever the parameters are.
constexpr double factors[6] = {0.3, -0.6, 0.2, 0.4, 0.1, -0.5};  // w's four and b's two
double size_of(int64_t step) { return step % 3 == 1 ? 1 : step % 3 == 2 ? 10 : 0.2; }

Tensor loss_of(const Tiny& m, int64_t step) {
  const auto s = static_cast<real>(size_of(step));
  const Tensor a =
      Tensor::of({2, 2}, {s * real(0.3), s * real(-0.6), s * real(0.2), s * real(0.4)});
  const Tensor c = Tensor::of({2}, {s * real(0.1), s * real(-0.5)});
  return sum(m.w * a) + sum(m.b * c);
}

std::vector<double> values(const Tiny& m) {
  std::vector<double> all;
  for (const Tensor& t : {m.w, m.b})
    for (const real x : t.to_vector()) all.push_back(static_cast<double>(x));
  return all;
}

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

RunOptions run_options() {
  RunOptions o;
  o.steps = 10;
  o.lr = 0.1;
  o.weight_decay = 0.2;
  o.clip = 0.5;
  return o;
}

// A batch of so many sentences, with so many tokens in all; the run counts them, nobody reads them.
Batch batch_of(int32_t sentences, int64_t tokens) {
  std::vector<int32_t> lengths(static_cast<size_t>(sentences), 1);
  lengths[0] = static_cast<int32_t>(tokens) - sentences + 1;
  Batch batch;
  batch.rows = Rows::of_lengths(lengths);
  return batch;
}

StepRecord step(Run& run, const Tensor& loss) {
  return run.train_step(batch_of(1, 1), [&](const Batch&) { return loss; });
}

std::vector<double> rates_of(const RunOptions& o) {
  Tiny model;
  Run run(model, o, Json::object());
  std::vector<double> rates;
  while (!run.finished()) rates.push_back(step(run, loss_of(model, run.step() + 1)).lr);
  return rates;
}

void check_near(const std::vector<double>& a, const std::vector<double>& b, double bound) {
  REQUIRE(a.size() == b.size());
  for (size_t i = 0; i < a.size(); ++i) CHECK(std::abs(a[i] - b[i]) <= bound);
}

}  // namespace

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

TEST_CASE("run: weights that are not finite are named with their value, and not saved") {
  const TempFolder folder;
  Tiny model;
  RunOptions o = run_options();
  o.out = folder.path();
  Run run(model, o, Json::object());
  step(run, loss_of(model, 1));
  run.check_weights();
  run.save(Json::object());
  const std::string good = read_file(folder / "checkpoint.safetensors");
  model.b.write()[1] = -INFINITY;
  for (const auto& f : {std::function<void()>([&] { run.check_weights(); }),
                        std::function<void()>([&] { run.save(Json::object()); })})
    CHECK(has(error_of(f), "[step 1] the training has diverged: b has the value -inf"));
  CHECK(read_file(folder / "checkpoint.safetensors") == good);
  run.remove_checkpoint();
  CHECK(folder.count() == 0);
  run.remove_checkpoint();  // the second time there is nothing
}

TEST_CASE("run: a checkpoint is due after each so many steps, with 0 never") {
  const auto due = [](int64_t every) {
    Tiny model;
    RunOptions o = run_options();
    o.checkpoint_every = every;
    Run run(model, o, Json::object());
    std::string steps;
    while (!run.finished()) {
      step(run, loss_of(model, 1));
      if (run.checkpoint_due()) steps += std::to_string(run.step()) + " ";
    }
    return steps;
  };
  CHECK(due(1) == "1 2 3 4 5 6 7 8 9 10 ");
  CHECK(due(4) == "4 8 ");
  CHECK(due(10) == "10 ");
  CHECK(due(11).empty());
  CHECK(due(0).empty());
}

TEST_CASE("run: resumed after any step it gives the loop its state and goes on bit for bit") {
  for (int64_t stop = 0; stop <= 10; ++stop) {
    CAPTURE(stop);
    const TempFolder folder;
    RunOptions o = run_options();
    o.out = folder.path();
    o.warmup = 0.25;
    Tiny whole, first, second;
    {
      Run run(whole, o, Json::object());
      while (!run.finished()) step(run, loss_of(whole, run.step() + 1));
    }
    {
      Run run(first, o, Json::object());
      while (run.step() < stop) step(run, loss_of(first, run.step() + 1));
      run.save(Json::array({stop, "state"}));
    }
    o.resume = true;
    Run run(second, o, Json::object());
    const Json state = run.resume();
    CHECK(to_text(state) == "[" + std::to_string(stop) + ",\"state\"]");
    CHECK(run.step() == stop);
    CHECK(values(second) == values(first));
    while (!run.finished()) step(run, loss_of(second, run.step() + 1));
    CHECK(values(second) == values(whole));
  }
}

TEST_CASE("run: it is resumed with the same options only - the one that differs is named") {
  const TempFolder folder;
  RunOptions o = run_options();
  o.out = folder.path();
  Json settings = Json::object();
  settings.set("colour", "red");
  Tiny model;
  {
    Run run(model, o, settings);
    step(run, loss_of(model, 1));
    run.save(Json::object());
  }
  o.resume = true;
  const auto refused = [&](const std::function<void(RunOptions&)>& change) {
    RunOptions changed = o;
    change(changed);
    return error_of([&] { Run(model, changed, settings).resume(); });
  };
  CHECK(has(refused([](RunOptions& c) { c.steps = 11; }), "steps was 10, is now 11"));
  CHECK(has(refused([](RunOptions& c) { c.lr = 0.5; }), "lr was 0.1, is now 0.5"));
  CHECK(has(refused([](RunOptions& c) { c.warmup = 0.5; }), "warmup was 0"));
  CHECK(has(refused([](RunOptions& c) { c.weight_decay = 1; }), "weight-decay was 0.2, is now 1"));
  CHECK(has(refused([](RunOptions& c) { c.clip = 3; }), "clip was 0.5, is now 3"));
  // What does not decide the course may differ.
  CHECK(refused([](RunOptions& c) { c.checkpoint_every = 1; }).empty());
  CHECK(refused([&](RunOptions& c) { c.log = folder / "log"; }).empty());
  settings.set("colour", "blue");
  CHECK(has(refused([](RunOptions&) {}), "colour was \"red\", is now \"blue\""));
}

TEST_CASE("run: a line of the log has the numbers of its step - on_step is told the same") {
  const TempFolder folder;
  Tiny model;
  RunOptions o = run_options();
  o.log = folder / "log.jsonl";
  write_file_atomically(o.log, "of a run before\n");
  std::vector<StepRecord> told;
  std::vector<std::string> lines;
  o.on_step = [&](const StepRecord& r) {
    told.push_back(r);
    lines = split_lines(read_file(o.log));  // the line is there already
  };
  Run run(model, o, Json::object());
  CHECK(read_file(o.log).empty());
  for (int64_t t = 1; t <= 3; ++t) {
    const StepRecord r = run.train_step(batch_of(static_cast<int32_t>(10 * t), 100 * t),
                                        [&](const Batch&) { return loss_of(model, t); });
    REQUIRE(lines.size() == static_cast<size_t>(t));
    CHECK(told.back().step == t);
    const Json line = parse_json(lines.back(), "log");
    CHECK(line.items().size() == 7);
    CHECK(line.at("step").as_int() == t);
    CHECK(line.at("loss").as_double() == r.loss);
    CHECK(line.at("lr").as_double() == r.lr);
    CHECK(line.at("grad_norm").as_double() == r.grad_norm);
    const double seconds = std::max(r.seconds, 1e-9);
    CHECK(line.at("sentences_per_second").as_double() ==
          doctest::Approx(static_cast<double>(10 * t) / seconds));
    CHECK(line.at("tokens_per_second").as_double() ==
          doctest::Approx(static_cast<double>(100 * t) / seconds));
    CHECK(line.at("peak_memory_mb").as_double() <= peak_memory_mb());
    CHECK(line.at("peak_memory_mb").as_double() > 1);
    CHECK(told.back().seconds == r.seconds);
    CHECK(told.back().tokens == r.tokens);
  }
  o.log = folder / "no/log.jsonl";
  CHECK(has(error_of([&] { Run(model, o, Json::object()); }), "no/log.jsonl"));
}

TEST_CASE("run: a resumed log keeps the lines of the steps that are not made again") {
  for (const int64_t steps : {0, 1, 2})
    for (const int64_t lines : {0, 1, 2, 3, 5}) {
      CAPTURE(steps);
      CAPTURE(lines);
      const TempFolder folder;
      Tiny model;
      RunOptions o = run_options();
      o.out = folder.path();
      o.log = folder / "log.jsonl";
      {
        Run run(model, o, Json::object());
        while (run.step() < steps) step(run, loss_of(model, run.step() + 1));
        run.save(Json::object());
      }
      std::string log, kept;
      for (int64_t i = 1; i <= lines; ++i) {
        log += "line " + std::to_string(i) + "\n";
        if (i <= steps) kept = log;
      }
      write_file_atomically(o.log, log);
      o.resume = true;
      Run run(model, o, Json::object());
      CHECK(read_file(o.log) == log);  // untouched until the run is known to be the same
      run.resume();
      CHECK(read_file(o.log) == kept);
      step(run, loss_of(model, steps + 1));
      const std::vector<std::string> after = split_lines(read_file(o.log));
      CHECK(after.size() == static_cast<size_t>(std::min(lines, steps)) + 1);
      CHECK(has(after.back(), "\"step\":" + std::to_string(steps + 1)));
    }
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
