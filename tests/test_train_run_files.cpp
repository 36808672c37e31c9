// Run: the log, and the checkpoint with which a run is resumed.
#include <doctest/doctest.h>

#include <cmath>

#include "tests/folders.h"
#include "tests/support.h"
#include "tests/tiny_run.h"
#include "train/progress.h"

using namespace cairn;
using namespace cairn::test;

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
