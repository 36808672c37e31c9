// Schedules against PyTorch and Transformers, and what must hold of each; reduction on a plateau.
#include <doctest/doctest.h>

#include <functional>

#include "optim/more/plateau.h"
#include "optim/more/schedules.h"
#include "tests/op_fixtures.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

using Schedule = std::function<double(int64_t)>;

// Every schedule, over some 40 steps.
const std::vector<std::pair<std::string, Schedule>> all_schedules = {
    {"constant", [](int64_t s) { return constant_with_warmup(s, 5); }},
    {"linear", [](int64_t s) { return linear_schedule(s, 40); }},
    {"polynomial", [](int64_t s) { return polynomial_schedule(s, 40, 2.5, 0.1); }},
    {"cosine", [](int64_t s) { return cosine_schedule(s, 40); }},
    {"hard restarts", [](int64_t s) { return cosine_hard_restarts_schedule(s, 40, 3); }},
    {"warm restarts", [](int64_t s) { return cosine_warm_restarts_schedule(s, 5, 2, 0.1); }},
    {"exponential", [](int64_t s) { return exponential_schedule(s, 0.9); }},
    {"step", [](int64_t s) { return step_schedule(s, 7); }},
    {"multi-step",
     [](int64_t s) {
       return multi_step_schedule(s, {3, 30});
     }},
    {"noam", [](int64_t s) { return noam_schedule(s, 16, 10); }},
    {"one cycle", [](int64_t s) { return one_cycle_schedule(s, 40); }},
    {"one cycle, three phases",
     [](int64_t s) { return one_cycle_schedule(s, 40, {.cosine = false, .three_phase = true}); }},
    {"linear with warm-up", [](int64_t s) { return linear_with_warmup(s, 5, 40); }},
    {"cosine with warm-up", [](int64_t s) { return cosine_with_warmup(s, 5, 40, 1.5); }},
};

}  // namespace

TEST_CASE("schedules: equal to those of Transformers, at each step and past the end") {
  check_fixtures({"sched_hf_linear_warmup", "sched_hf_cosine_warmup", "sched_hf_constant_warmup",
                  "sched_hf_polynomial_warmup"});
}

TEST_CASE("schedules: equal to those of PyTorch, at each step and past the end") {
  check_fixtures({"sched_linear", "sched_polynomial", "sched_cosine", "sched_cosine_restarts",
                  "sched_exponential", "sched_step", "sched_multistep", "sched_one_cycle"});
}

TEST_CASE("schedules: none is ever negative, above 1, or not a number, also long past the end") {
  for (const auto& entry : all_schedules) {
    const std::string& name = entry.first;
    const Schedule& schedule = entry.second;
    for (int64_t s = 0; s < 200; ++s)
      CHECK_MESSAGE((schedule(s) >= 0 && schedule(s) <= 1), name << " at " << s);
  }
}

TEST_CASE("schedules: warm-up on any: from 0 up in a line, then the schedule from its start") {
  for (const auto& entry : all_schedules) {
    const std::string& name = entry.first;
    const Schedule& schedule = entry.second;
    CHECK(with_warmup(0, 10, schedule) == 0);
    CHECK(with_warmup(4, 10, schedule) == doctest::Approx(0.4));
    CHECK(with_warmup(0, 0, schedule) == schedule(0));
    for (int64_t s = 0; s < 50; ++s)
      CHECK_MESSAGE(with_warmup(10 + s, 10, schedule) == schedule(s), name);
  }
}

TEST_CASE(
    "schedules: warm-up starts at 0, its end is the top, the end is 0 - no warm-up no fault") {
  CHECK(linear_with_warmup(0, 10, 100) == 0);
  CHECK(linear_with_warmup(10, 10, 100) == 1);
  CHECK(linear_with_warmup(55, 10, 100) == 0.5);
  CHECK(linear_with_warmup(100, 10, 100) == 0);
  CHECK(linear_with_warmup(0, 0, 10) == 1);
  CHECK(linear_with_warmup(5, 5, 5) == 0);
  CHECK(cosine_with_warmup(0, 0, 1) == 1);
  CHECK(constant_with_warmup(0, 0) == 1);
}

TEST_CASE("schedules: restarts begin again at 1 - each warm cycle is longer by the factor") {
  for (int64_t s : {0, 5, 15, 35}) CHECK(cosine_warm_restarts_schedule(s, 5, 2) == 1);
  CHECK(cosine_warm_restarts_schedule(10, 5, 2) == doctest::Approx(0.5));
  CHECK(cosine_warm_restarts_schedule(1'000'000'000'000'000, 5, 1) == 1);
  for (int64_t s : {0, 10, 20, 30}) CHECK(cosine_hard_restarts_schedule(s, 40, 4) == 1);
  CHECK(cosine_hard_restarts_schedule(15, 40, 4) == doctest::Approx(0.5));
  CHECK(cosine_hard_restarts_schedule(40, 40, 4) == 0);
}

TEST_CASE("schedules: noam's top is at the end of the warm-up, where both branches meet") {
  int64_t top = 0;
  for (int64_t s = 0; s < 1000; ++s)
    if (noam_schedule(s, 512, 100) > noam_schedule(top, 512, 100)) top = s;
  CHECK(top == 99);
  CHECK(noam_schedule(99, 512, 100) == doctest::Approx(1 / std::sqrt(512.0 * 100)));
}

TEST_CASE("schedules: lengths of 0 and 1 are no fault") {
  for (int64_t total : {0, 1}) {
    for (int64_t s : {0, 1, 2}) {
      for (double rate :
           {linear_schedule(s, total), polynomial_schedule(s, total), cosine_schedule(s, total),
            cosine_hard_restarts_schedule(s, total), cosine_warm_restarts_schedule(s, total),
            step_schedule(s, total), noam_schedule(s, total, total), one_cycle_schedule(s, total)})
        CHECK((rate >= 0 && rate <= 1));
    }
  }
}

TEST_CASE("plateau: equal to PyTorch's ReduceLROnPlateau") { check_fixtures({"sched_plateau"}); }

TEST_CASE("plateau: patience, cool-down, the least factor, and a metric that is to grow") {
  ReduceOnPlateau plateau({.maximise = true,
                           .factor = 0.5,
                           .patience = 1,
                           .threshold = 0.1,
                           .relative = false,
                           .cooldown = 2,
                           .min_factor = 0.3});
  const std::vector<double> metrics{1, 2, 2.05, 1, NAN, 1, 1, 1, 1, 1, 1, 5};
  const std::vector<double> factors{1, 1, 1, .5, .5, .5, .5, .3, .3, .3, .3, .3};
  for (size_t i = 0; i < metrics.size(); ++i)
    CHECK_MESSAGE(plateau.step(metrics[i]) == doctest::Approx(factors[i]), i);
  CHECK(has(error_of([] { ReduceOnPlateau bad({.factor = 1}); }), "factor is 1"));
}

TEST_CASE("plateau: resumed from its state it goes on alike") {
  const PlateauOptions options{.factor = 0.5, .patience = 1, .cooldown = 1};
  for (size_t cut = 0; cut < 20; ++cut) {
    Random random(3);
    ReduceOnPlateau whole(options), first(options), second(options);
    for (size_t i = 0; i < 20; ++i) {
      const double metric = random.uniform();
      if (i == cut) second.load_state(first.state());
      const double expected = whole.step(metric);
      if (i < cut) first.step(metric);
      else CHECK(second.step(metric) == expected);
    }
  }
  ReduceOnPlateau plateau;
  CHECK(has(error_of([&] {
              plateau.load_state({{"best", Tensor::scalar(1)}});
            }),
            "missing: reductions"));
}
