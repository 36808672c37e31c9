// Learning rates, number by number: schedules with their defaults and options, and reduction on a
// plateau, against those that PyTorch and Transformers printed.
#include <doctest/doctest.h>

#include <functional>

#include "optim/more/plateau.h"
#include "optim/more/schedules.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

struct Rates {
  std::string source;
  std::function<double(int64_t step)> schedule;
  std::vector<double> rates;  // at steps 0, 1, 2, ...
};

// torch 2.13.0 (torch.optim.lr_scheduler) and transformers 5.23.0 (get_..._schedule_with_warmup),
// at a base rate of 1: get_last_lr()[0] before each step, printed with %.9g; Noam's by its formula.
// clang-format off
const std::vector<Rates> rate_tables = {
    {"LinearLR(1, 0, 5)",
     [](int64_t s) { return linear_schedule(s, 5); },
     {1, 0.8, 0.6, 0.4, 0.2, 0, 0, 0}},
    {"LinearLR(0.2, 0.7, 5)",
     [](int64_t s) { return linear_schedule(s, 5, 0.2, 0.7); },
     {0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.7, 0.7}},
    {"PolynomialLR(5)",
     [](int64_t s) { return polynomial_schedule(s, 5); },
     {1, 0.8, 0.6, 0.4, 0.2, 0, 0}},
    {"PolynomialLR(5, 2.5)",
     [](int64_t s) { return polynomial_schedule(s, 5, 2.5); },
     {1, 0.572433402, 0.278854801, 0.101192885, 0.0178885438, 0, 0}},
    {"polynomial(0, 5, lr_end=0.25, power=2.5)",
     [](int64_t s) { return polynomial_schedule(s, 5, 2.5, 0.25); },
     {1, 0.679325052, 0.459141101, 0.325894664, 0.263416408, 0.25, 0.25}},
    {"CosineAnnealingLR(6)",
     [](int64_t s) { return cosine_schedule(s, 6); },
     {1, 0.933012702, 0.75, 0.5, 0.25, 0.0669872981, 0, 0.0669872981, 0.25, 0.5, 0.75, 0.933012702,
      1, 0.933012702}},
    {"CosineAnnealingLR(6, 0.25)",
     [](int64_t s) { return cosine_schedule(s, 6, 0.25); },
     {1, 0.949759526, 0.8125, 0.625, 0.4375, 0.300240474, 0.25, 0.300240474, 0.4375, 0.625, 0.8125,
      0.949759526, 1, 0.949759526}},
    {"cosine_with_hard_restarts(0, 6)",
     [](int64_t s) { return cosine_hard_restarts_schedule(s, 6); },
     {1, 0.933012702, 0.75, 0.5, 0.25, 0.0669872981, 0, 0}},
    {"cosine_with_hard_restarts(0, 9, 2.5)",
     [](int64_t s) { return cosine_hard_restarts_schedule(s, 9, 2.5); },
     {1, 0.821393805, 0.413175911, 0.0669872981, 0.96984631, 0.671010072, 0.25, 0.00759612349,
      0.883022222, 0, 0}},
    {"CosineAnnealingWarmRestarts(3)",
     [](int64_t s) { return cosine_warm_restarts_schedule(s, 3); },
     {1, 0.75, 0.25, 1, 0.75, 0.25, 1, 0.75}},
    {"CosineAnnealingWarmRestarts(3, 2, 0.25)",
     [](int64_t s) { return cosine_warm_restarts_schedule(s, 3, 2, 0.25); },
     {1, 0.8125, 0.4375, 1, 0.949759526, 0.8125, 0.625, 0.4375, 0.300240474, 1, 0.987222185,
      0.949759526, 0.890165043, 0.8125, 0.722057142, 0.625, 0.527942858, 0.4375, 0.359834957,
      0.300240474, 0.262777815, 1, 0.996791823}},
    {"ExponentialLR(0.7)",
     [](int64_t s) { return exponential_schedule(s, 0.7); },
     {1, 0.7, 0.49, 0.343, 0.2401}},
    {"StepLR(3)",
     [](int64_t s) { return step_schedule(s, 3); },
     {1, 1, 1, 0.1, 0.1, 0.1, 0.01}},
    {"StepLR(3, 0.4)",
     [](int64_t s) { return step_schedule(s, 3, 0.4); },
     {1, 1, 1, 0.4, 0.4, 0.4, 0.16, 0.16, 0.16, 0.064}},
    {"MultiStepLR([2, 5])",
     [](int64_t s) { return multi_step_schedule(s, {2, 5}); },
     {1, 1, 0.1, 0.1, 0.1, 0.01, 0.01}},
    {"MultiStepLR([5, 2, 2], 0.4)",
     [](int64_t s) { return multi_step_schedule(s, {5, 2, 2}, 0.4); },
     {1, 1, 0.16, 0.16, 0.16, 0.064, 0.064}},
    {"d_model^-0.5 min(t^-0.5, t 4^-1.5), d_model = 9",
     [](int64_t s) { return noam_schedule(s, 9, 4); },
     {0.0416666667, 0.0833333333, 0.125, 0.166666667, 0.149071198, 0.136082763, 0.125988158,
      0.11785113}},
    {"OneCycleLR(1, 10)",
     [](int64_t s) { return one_cycle_schedule(s, 10); },
     {0.04, 0.52, 1, 0.950484632, 0.811745654, 0.611262022, 0.388741978, 0.188258346, 0.049519368,
      4e-06}},
    {"OneCycleLR(1, 10, pct_start=0.4, anneal_strategy='linear', div_factor=5, final_div_factor=8)",
     [](int64_t s) { return one_cycle_schedule(s, 10, {.pct_start = 0.4, .cosine = false,
      .div_factor = 5, .final_div_factor = 8}); },
     {0.2, 0.466666667, 0.733333333, 1, 0.8375, 0.675, 0.5125, 0.35, 0.1875, 0.025}},
    {"OneCycleLR(1, 12, pct_start=0.3, three_phase=True, div_factor=5, final_div_factor=8)",
     [](int64_t s) { return one_cycle_schedule(s, 12, {.pct_start = 0.3, .three_phase = true,
      .div_factor = 5, .final_div_factor = 8}); },
     {0.2, 0.458158045, 0.899404299, 0.95418241, 0.551785328, 0.211623273, 0.191912849, 0.161603868,
      0.117237155, 0.0715142614, 0.0375249971, 0.025}},
    {"constant_with_warmup(3)",
     [](int64_t s) { return constant_with_warmup(s, 3); },
     {0, 0.333333333, 0.666666667, 1, 1, 1}},
    {"linear_with_warmup(3, 8)",
     [](int64_t s) { return linear_with_warmup(s, 3, 8); },
     {0, 0.333333333, 0.666666667, 1, 0.8, 0.6, 0.4, 0.2, 0, 0, 0}},
    {"cosine_with_warmup(3, 10)",
     [](int64_t s) { return cosine_with_warmup(s, 3, 10); },
     {0, 0.333333333, 0.666666667, 1, 0.950484434, 0.811744901, 0.611260467, 0.388739533,
      0.188255099, 0.049515566, 0, 0.049515566, 0.188255099}},
    {"cosine_with_warmup(3, 10, 1.25)",
     [](int64_t s) { return cosine_with_warmup(s, 3, 10, 1.25); },
     {0, 0.333333333, 0.666666667, 1, 0.71694187, 0.188255099, 0.0125360439, 0.388739533,
      0.890915741, 0.950484434, 0.5, 0.049515566, 0.109084259}},
};
// clang-format on

struct PlateauRow {
  PlateauOptions options;
  std::vector<double> metrics, factors;  // after each metric
};

// torch 2.13.0: ReduceLROnPlateau(an optimiser of rate 1, eps = 0, mode, threshold_mode, min_lr and
// the others as the options say), the rate after each step(metric).
const std::vector<PlateauRow> plateau_rows = {
    {{}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.1, 0.1}},
    {{.factor = 0.5, .patience = 1},
     {1, 1, 0.9999, 0.9, 0.9, 0.9, 0.9, 0.9, 0.5, 0.5},
     {1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.125}},
    {{.factor = 0.5, .patience = 0, .threshold = 0.25},
     {1, 0.75, 0.5, 0.375, 0.25, 0.5, -1, -0.75, -0.875, -0.5},
     {1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125, 0.0625, 0.0625, 0.03125}},
    {{.factor = 0.5, .patience = 0, .threshold = 0.25, .relative = false},
     {1, 0.75, 0.5, 0.25, 0.125, -1, -1.25, -1.5},
     {1, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125, 0.125}},
    {{.maximise = true, .factor = 0.5, .patience = 0, .threshold = 0.25},
     {1, 1.25, 1.5, 1.875, 2, -1, 2.5, 2.625},
     {1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.0625, 0.0625}},
    {{.maximise = true, .factor = 0.5, .patience = 0, .threshold = 0.25, .relative = false},
     {1, 1.25, 1.5, 1.75, 2, -1, 2.25, 2.5},
     {1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.0625, 0.0625}},
    {{.factor = 0.5, .patience = 1, .cooldown = 3},
     {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
     {1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25, 0.25, 0.125, 0.125}},
    {{.factor = 0.5, .patience = 2, .cooldown = 1, .min_factor = 0.2},
     {3, 4, NAN, 4, 4, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3},
     {1,    1,    1,   0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25,
      0.25, 0.25, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2,  0.2}},
    {{.factor = 0.5, .patience = 2},
     {1, 2, 2, 0.5, 2, 2, 2, 0.4, 2, 2, 0.3, 2, 2, 2},
     {1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25}},
    {{.factor = 0.5, .patience = 0},
     {INFINITY, INFINITY, 1, NAN, INFINITY},
     {0.5, 0.25, 0.25, 0.125, 0.0625}},
    {{.maximise = true, .factor = 0.5, .patience = 0},
     {-INFINITY, -INFINITY, 1, NAN},
     {0.5, 0.25, 0.25, 0.125}},
    {{.maximise = true, .factor = 0.5, .patience = 0, .threshold = 0},
     {1, 1, 1.5, 1.5, 2},
     {1, 0.5, 0.5, 0.25, 0.25}},
    {{.factor = 0.5, .patience = 0, .threshold = 0},
     {1, 1, 0.5, 0.5, 0.2},
     {1, 0.5, 0.5, 0.25, 0.25}},
};

}  // namespace

TEST_CASE("schedules: with its defaults and with options, each is its source, step by step") {
  for (const Rates& row : rate_tables) {
    INFO(row.source);
    for (size_t s = 0; s < row.rates.size(); ++s) {
      INFO("step " << s);
      CHECK(std::abs(row.schedule(static_cast<int64_t>(s)) - row.rates[s]) < 2e-9);
    }
  }
}

TEST_CASE("schedules: past the end, one cycle keeps its last value, long past it too") {
  for (int64_t step : {9, 10, 11, 1000})
    CHECK(one_cycle_schedule(step, 10) == doctest::Approx(4e-6).epsilon(1e-12));
}

TEST_CASE("schedules: with no steps at all, each is at its end") {
  CHECK(linear_schedule(0, 0, 0.75, 0.25) == 0.25);
  CHECK(polynomial_schedule(0, 0, 2, 0.25) == 0.25);
  CHECK(cosine_hard_restarts_schedule(0, 0) == 0);
  CHECK(step_schedule(2, 0, 0.5) == 0.25);
  CHECK(cosine_warm_restarts_schedule(3, 0, 1, 0.25) == 1);
  CHECK(noam_schedule(0, 0, 0) == 1);
  CHECK(noam_schedule(3, 1, 1) == 0.5);
  CHECK(cosine_with_warmup(7, 5, 5) == cosine_with_warmup(7, 5, 6));
  CHECK(one_cycle_schedule(0, 1) == doctest::Approx(4e-6));  // as OneCycleLR(1, 1): no step climbs
}

TEST_CASE("schedules: bounds that are far apart, of one step, and in the last of many") {
  CHECK(linear_schedule(1, 2, 1e308, 1e308) == 1e308);
  CHECK(has(error_of([] { linear_schedule(1, 2, 1e308, -1e308); }), "end - begin is -inf"));
  CHECK(cosine_schedule(1, 1, 0.25) == 0.25);
  CHECK(cosine_schedule(1, 0, 0.25) == 0.25);
  CHECK(cosine_hard_restarts_schedule(999, 1000) ==
        doctest::Approx((1 + std::cos(0.999 * std::numbers::pi)) / 2).epsilon(1e-9));
  CHECK(one_cycle_schedule(0, 2, {.pct_start = 0.5, .cosine = false}) == 1);  // climbs in no step
}

TEST_CASE("plateau: each option, metric by metric, gives the rates of ReduceLROnPlateau") {
  for (size_t row = 0; row < plateau_rows.size(); ++row) {
    const PlateauRow& r = plateau_rows[row];
    ReduceOnPlateau plateau(r.options);
    CHECK(plateau.factor() == 1);
    for (size_t i = 0; i < r.metrics.size(); ++i) {
      INFO("row " << row << ", metric " << i);
      CHECK(plateau.step(r.metrics[i]) == doctest::Approx(r.factors[i]));
      CHECK(plateau.factor() == doctest::Approx(r.factors[i]));
    }
  }
}

TEST_CASE("plateau: the state is the best metric and three counts - a least factor above 1 is 1") {
  ReduceOnPlateau plateau({.factor = 0.5, .patience = 1, .cooldown = 2});
  const auto state = [&] {
    std::vector<real> numbers;
    for (const NamedTensor& entry : plateau.state()) numbers.push_back(entry.tensor.item());
    return numbers;
  };
  std::vector<std::string> names;
  for (const NamedTensor& entry : plateau.state()) names.push_back(entry.name);
  CHECK(names == std::vector<std::string>{"best", "steps_without", "cooldown_left", "reductions"});
  CHECK(state() == std::vector<real>{INFINITY, 0, 0, 0});
  plateau.step(3), plateau.step(4);
  CHECK(state() == std::vector<real>{3, 1, 0, 0});
  plateau.step(5);
  CHECK(state() == std::vector<real>{3, 0, 2, 1});
  plateau.step(2);
  CHECK(state() == std::vector<real>{2, 0, 1, 1});
  ReduceOnPlateau other;
  other.load_state(plateau.state());
  for (size_t i = 0; i < 4; ++i) CHECK(same(other.state()[i].tensor, plateau.state()[i].tensor));
  CHECK(ReduceOnPlateau({.min_factor = 2}).factor() == 1);
}
