// The bounds of every option of the optimisers, averages, clipping and schedules: who refuses what,
// in which words, and what is just allowed.
#include <doctest/doctest.h>

#include "optim/adamw.h"
#include "optim/clip.h"
#include "optim/more/adadelta.h"
#include "optim/more/adafactor.h"
#include "optim/more/adagrad.h"
#include "optim/more/adam.h"
#include "optim/more/adamax.h"
#include "optim/more/clip_in_place.h"
#include "optim/more/ema.h"
#include "optim/more/nadam.h"
#include "optim/more/plateau.h"
#include "optim/more/radam.h"
#include "optim/more/rmsprop.h"
#include "optim/more/schedules.h"
#include "optim/more/sgd.h"
#include "tests/bounds.h"

using namespace cairn;
using namespace cairn::test;

namespace {

std::vector<ParameterGroup> group(double weight_decay = 0, double lr_scale = 1) {
  return {{{{"p", Tensor::ones({2}).set_requires_grad()}}, weight_decay, lr_scale}};
}

}  // namespace

TEST_CASE("bounds of optimisers: each option is refused by its own name, and its bounds are met") {
  check_bounds({
      {"[SGD] momentum", not_negative, [](double x) { SGD({}, {.momentum = x}); }},
      {"[SGD] dampening", a_number, [](double x) { SGD({}, {.momentum = 0.9, .dampening = x}); }},
      {"[Adam] beta1", fraction, [](double x) { Adam({}, {.beta1 = x}); }},
      {"[Adam] beta2", fraction, [](double x) { Adam({}, {.beta2 = x}); }},
      {"[Adam] eps", not_negative, [](double x) { Adam({}, {.eps = x}); }},
      {"[AdamW] beta1", fraction, [](double x) { AdamW({}, {.beta1 = x}); }},
      {"[AdamW] beta2", fraction, [](double x) { AdamW({}, {.beta2 = x}); }},
      {"[AdamW] eps", not_negative, [](double x) { AdamW({}, {.eps = x}); }},
      {"[Adamax] beta1", fraction, [](double x) { Adamax({}, {.beta1 = x}); }},
      {"[Adamax] beta2", fraction, [](double x) { Adamax({}, {.beta2 = x}); }},
      {"[Adamax] eps", not_negative, [](double x) { Adamax({}, {.eps = x}); }},
      {"[NAdam] beta1", fraction, [](double x) { NAdam({}, {.beta1 = x}); }},
      {"[NAdam] beta2", fraction, [](double x) { NAdam({}, {.beta2 = x}); }},
      {"[NAdam] eps", not_negative, [](double x) { NAdam({}, {.eps = x}); }},
      {"[NAdam] momentum_decay", not_negative, [](double x) { NAdam({}, {.momentum_decay = x}); }},
      {"[RAdam] beta1", fraction, [](double x) { RAdam({}, {.beta1 = x}); }},
      {"[RAdam] beta2", fraction, [](double x) { RAdam({}, {.beta2 = x}); }},
      {"[RAdam] eps", not_negative, [](double x) { RAdam({}, {.eps = x}); }},
      {"[RMSprop] alpha", fraction, [](double x) { RMSprop({}, {.alpha = x}); }},
      {"[RMSprop] eps", not_negative, [](double x) { RMSprop({}, {.eps = x}); }},
      {"[RMSprop] momentum", not_negative, [](double x) { RMSprop({}, {.momentum = x}); }},
      {"[Adagrad] lr_decay", not_negative, [](double x) { Adagrad({}, {.lr_decay = x}); }},
      {"[Adagrad] initial_accumulator_value", not_negative,
       [](double x) { Adagrad({}, {.initial_accumulator_value = x}); }},
      {"[Adagrad] eps", not_negative, [](double x) { Adagrad({}, {.eps = x}); }},
      {"[Adadelta] rho", fraction, [](double x) { Adadelta({}, {.rho = x}); }},
      {"[Adadelta] eps", not_negative, [](double x) { Adadelta({}, {.eps = x}); }},
      {"[Adafactor] beta1", fraction, [](double x) { Adafactor({}, {.beta1 = x}); }},
      {"[Adafactor] eps1", not_negative, [](double x) { Adafactor({}, {.eps1 = x}); }},
      {"[Adafactor] eps2", not_negative, [](double x) { Adafactor({}, {.eps2 = x}); }},
      {"[optimizer] lr", not_negative, [](double x) { SGD(group(), {.lr = x}); }},
      {"[optimizer] lr", not_negative, [](double x) { SGD(group()).step(x); }},
      {"[optimizer] weight_decay", not_negative, [](double x) { SGD({}, {.weight_decay = x}); }},
      {"[optimizer] weight_decay", not_negative, [](double x) { SGD{group(x)}; }},
      {"[optimizer] lr_scale", not_negative, [](double x) { SGD{group(0, x)}; }},
      {"[Ema] decay", fraction, [](double x) { Ema({}, x); }},
  });
}

TEST_CASE("bounds of schedules: each number is refused by its own name, and its bounds are met") {
  check_bounds({
      {"[schedule] end - begin", a_number, [](double x) { linear_schedule(1, 2, 0, x); }},
      {"[schedule] end - begin", a_number, [](double x) { linear_schedule(1, 2, x, 0); }},
      {"[schedule] power", a_number, [](double x) { polynomial_schedule(1, 2, x); }},
      {"[schedule] end", a_number, [](double x) { polynomial_schedule(1, 2, 1, x); }},
      {"[schedule] end", a_number, [](double x) { cosine_schedule(1, 2, x); }},
      {"[schedule] end", a_number, [](double x) { cosine_warm_restarts_schedule(1, 2, 1, x); }},
      {"[schedule] cycles", a_number, [](double x) { cosine_hard_restarts_schedule(1, 2, x); }},
      {"[schedule] cycles", a_number, [](double x) { cosine_with_warmup(0, 2, 5, x); }},
      {"[schedule] gamma", a_number, [](double x) { exponential_schedule(1, x); }},
      {"[schedule] gamma", a_number, [](double x) { step_schedule(1, 2, x); }},
      {"[schedule] gamma", a_number, [](double x) { multi_step_schedule(1, {2}, x); }},
      {"[schedule] pct_start", not_negative,
       [](double x) { one_cycle_schedule(1, 2, {.pct_start = x}); }},
      {"[schedule] div_factor", positive,
       [](double x) { one_cycle_schedule(1, 2, {.div_factor = x}); }},
      {"[schedule] final_div_factor", positive,
       [](double x) { one_cycle_schedule(1, 2, {.final_div_factor = x}); }},
  });
  // `n` is a step, or a number of steps.
  struct Count {
    std::string what;
    void (*f)(int64_t n);
  };
  // clang-format off
  for (const Count& c : std::vector<Count>{
           {"step", [](int64_t n) { linear_schedule(n, 9); }},
           {"total", [](int64_t n) { linear_schedule(0, n); }},
           {"step", [](int64_t n) { polynomial_schedule(n, 9); }},
           {"total", [](int64_t n) { polynomial_schedule(0, n); }},
           {"step", [](int64_t n) { cosine_schedule(n, 9); }},
           {"total", [](int64_t n) { cosine_schedule(0, n); }},
           {"step", [](int64_t n) { cosine_hard_restarts_schedule(n, 9); }},
           {"total", [](int64_t n) { cosine_hard_restarts_schedule(0, n); }},
           {"step", [](int64_t n) { cosine_warm_restarts_schedule(n, 9); }},
           {"first", [](int64_t n) { cosine_warm_restarts_schedule(0, n); }},
           {"growth", [](int64_t n) { cosine_warm_restarts_schedule(0, 9, n); }},
           {"step", [](int64_t n) { exponential_schedule(n, 0.5); }},
           {"step", [](int64_t n) { step_schedule(n, 1); }},
           {"size", [](int64_t n) { step_schedule(1, n); }},
           {"step", [](int64_t n) { multi_step_schedule(n, {2}); }},
           {"step", [](int64_t n) { noam_schedule(n, 9, 9); }},
           {"d_model", [](int64_t n) { noam_schedule(1, n, 9); }},
           {"warmup", [](int64_t n) { noam_schedule(1, 9, n); }},
           {"step", [](int64_t n) { one_cycle_schedule(n, 9); }},
           {"total", [](int64_t n) { one_cycle_schedule(1, n); }},
           {"step", [](int64_t n) { constant_with_warmup(n, 9); }},
           {"warmup", [](int64_t n) { constant_with_warmup(1, n); }},
           {"total", [](int64_t n) { linear_with_warmup(0, 9, n); }},
           {"total", [](int64_t n) { cosine_with_warmup(0, 9, n); }}}) {
    // clang-format on
    INFO(c.what);
    CHECK(has(error_of([&] { c.f(-1); }), "[schedule] " + c.what + " is -1"));
    for (const int64_t n : {0, 1}) CHECK(error_of([&] { c.f(n); }) == "");
  }
}

TEST_CASE("bounds: what several options say together is refused in these words") {
  const auto plateau = [](PlateauOptions o) { return [=] { ReduceOnPlateau bad(o); }; };
  const std::string negative = "patience, threshold, cooldown or min_factor is negative";
  check_errors({
      {"[SGD] Nesterov's momentum needs a momentum and no dampening", "",
       [] { SGD({}, {.nesterov = true}); }},
      {"[SGD] Nesterov's", "", [] { SGD({}, {.momentum = 1, .dampening = 1, .nesterov = true}); }},
      {"", "", [] { SGD({}, {.momentum = 1e-3, .nesterov = true}); }},
      {"[Adafactor] clip_threshold is 0.0", "above 0, below 0",
       [] { Adafactor({}, {.clip_threshold = 0}); }},
      {", decay_rate 0.0", "above 0, below 0", [] { Adafactor({}, {.decay_rate = 0}); }},
      {", decay_rate 0.5", "above 0, below 0", [] { Adafactor({}, {.decay_rate = 0.5}); }},
      {"", "", [] { Adafactor({}, {.clip_threshold = 1e-3, .decay_rate = -1e-3}); }},
      {"[Adafactor] warmup_init is a part of relative_step, which is off",
       "use a schedule with warm-up",
       [] { Adafactor({}, {.relative_step = false, .warmup_init = true}); }},
      {"", "", [] { Adafactor({}, {.relative_step = false}); }},
      {"", "", [] { Adafactor({}, {.warmup_init = true}); }},
      {"[ReduceOnPlateau] factor is 0.0", "it must be in (0, 1)", plateau({.factor = 0})},
      {"[ReduceOnPlateau] factor is 1.0", "it must be in (0, 1)", plateau({.factor = 1})},
      {"", "", plateau({.factor = 1e-3, .patience = 0, .threshold = 0, .cooldown = 0})},
      {"", "", plateau({.factor = 0.999})},
      {negative, "", plateau({.patience = -1})},
      {negative, "", plateau({.threshold = -1e-9})},
      {negative, "", plateau({.cooldown = -1})},
      {negative, "", plateau({.min_factor = -1e-9})},
      {"[gradient_norm] p is 0.0", "larger than 0, or INFINITY", [] { gradient_norm({}, 0); }},
      {"[clip_scale] max_norm is -1.0", "it must not be negative", [] { clip_scale(1, -1); }},
      {"[clip_grad_norm] norm_type is 0.0", "it must be positive",
       [] { clip_grad_norm({}, 1, 0); }},
      {"[clip_grad_value] limit is -1.0", "it must not be negative",
       [] { clip_grad_value({}, -1); }},
      {"[schedule] the function is null", "what follows warm-up",
       [] { with_warmup(3, 2, std::function<double(int64_t)>()); }},
  });
}
