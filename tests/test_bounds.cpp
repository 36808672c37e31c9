// Bounds: what constructors, schedules and row lists refuse, each by the name of the option.
#include <doctest/doctest.h>

#include <type_traits>

#include "core/autograd/autograd.h"
#include "core/autograd/more/activation_checkpoint.h"
#include "core/autograd/more/gradcheck.h"
#include "core/autograd/more/hook.h"
#include "core/autograd/more/jacobian.h"
#include "core/parallel.h"
#include "nn/more/init.h"
#include "nn/more/sequential.h"
#include "nn/more/transformer.h"
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
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
constexpr double none_of_these[] = {not_a_number, -1e-9, -1, INFINITY, -INFINITY};
constexpr int64_t no_sizes[] = {INT64_MIN, -1, 0, int64_t{1} << 31, INT64_MAX};
constexpr int64_t no_counts[] = {INT64_MIN, -1};

// Each value that f is called with is refused by an Error that names the option.
template <class Values, class F>
void refuses(const char* option, const Values& values, const F& f) {
  for (auto value : values) {
    INFO(std::string(option) << " = " << value);
    CHECK(has(error_of([&] { f(value); }), option));
  }
}

std::vector<ParameterGroup> group(double weight_decay = 0, double lr_scale = 1) {
  return {{{{"p", random_leaf({2}, 1)}}, weight_decay, lr_scale}};
}

}  // namespace

TEST_CASE("rows: they are made only by functions that check") {
  CHECK_FALSE(std::is_aggregate_v<Rows>);
  CHECK_FALSE(std::is_constructible_v<Rows, Ids, int64_t>);
  CHECK_FALSE(std::is_constructible_v<Rows, std::vector<int32_t>, int64_t>);
  CHECK_FALSE(std::is_assignable_v<decltype(std::declval<Rows&>().starts()), Ids>);
  CHECK_FALSE(std::is_assignable_v<decltype(std::declval<Rows&>().longest()), int64_t>);
  CHECK(has(error_of([] { Rows::of_lengths({2, -1}); }), "[Rows]"));
  CHECK(has(error_of([] { Rows::of_lengths({INT32_MAX, 1}); }), "[Rows]"));
  for (int64_t B : {INT64_MIN, int64_t{-1}, int64_t{1} << 31, INT64_MAX})
    for (int64_t T : {INT64_MIN, int64_t{-1}, int64_t{0}, int64_t{1}, INT64_MAX})
      CHECK(has(error_of([=] { Rows::equal(B, T); }), "[Rows]"));
  CHECK(has(error_of([] { Rows::equal(1, INT64_MAX); }), "[Rows]"));
  CHECK(Rows::equal(2, 3).starts().values() == std::vector<int32_t>{0, 3, 6});
  CHECK(Rows::equal(0, 7).longest() == 7);
  CHECK(error_of([] { Rows::of_lengths({2}).length(1); }) != "");
}

TEST_CASE("rows: what they were moved from, and ids too, can still be read") {
  Rows rows = Rows::of_lengths({2, 3});
  const Rows other = std::move(rows);
  CHECK(rows.sequences() == other.sequences());
  Ids ids{1, 2};
  const Ids moved = std::move(ids);
  CHECK(ids.numel() == moved.numel());
  CHECK(has(error_of([&] { moved[2]; }), "index 2 of 2"));
  CHECK(has(error_of([&] { moved[-1]; }), "index -1"));
  CHECK(error_of([] { Ids({-1, -2}, {1, 2}); }) != "");
}

TEST_CASE("bounds: a null function is an Error where it is handed over") {
  const Tensor x = random_leaf({2}, 1);
  CHECK(has(error_of([&] { hook(x, nullptr); }), "[hook]"));
  CHECK(has(error_of([&] { activation_checkpoint(nullptr, {x}); }), "[activation_checkpoint]"));
  CHECK(has(error_of([&] { jacobian(nullptr, x); }), "[jacobian]"));
  CHECK(has(error_of([&] { vjp(nullptr, x, x); }), "[vjp]"));
  CHECK(has(error_of([&] { jvp(nullptr, x, x); }), "[jvp]"));
  CHECK(has(error_of([&] { gradcheck(nullptr, {x}); }), "[gradcheck]"));
  CHECK(has(error_of([&] { gradgradcheck(nullptr, {x}); }), "[gradgradcheck]"));
  CHECK(has(error_of([] { Sequential(activation("gleu")); }), "null"));
  CHECK(has(error_of([] { Sequential(std::function<Tensor(const Tensor&)>()); }), "null"));
  Tensor (*none)(const Tensor&) = nullptr;
  CHECK(has(error_of([&] { Sequential bad(none); }), "null"));
  CHECK(has(error_of([] { with_warmup(3, 2, std::function<double(int64_t)>()); }), "null"));
}

TEST_CASE("bounds: no layer takes a size below 1 or beyond 2^31") {
  refuses("in is", no_sizes, [](int64_t n) { Linear(n, 4); });
  refuses("out is", no_sizes, [](int64_t n) { Linear(4, n); });
  refuses("count is", no_sizes, [](int64_t n) { Embedding(n, 4); });
  refuses("size is", no_sizes, [](int64_t n) { Embedding(4, n); });
  refuses("size is", no_sizes, [](int64_t n) { LayerNorm(n, 1e-5); });
  refuses("embed_dim", no_sizes, [](int64_t n) { MultiheadAttention(n, 1); });
  refuses("heads", no_sizes, [](int64_t n) { MultiheadAttention(4, n); });
  refuses("max_positions", no_sizes, [](int64_t n) { LearnedPositions(n, 4); });
  refuses("size is", no_sizes, [](int64_t n) { LearnedPositions(4, n); });
  refuses("size is", no_sizes, [](int64_t n) { RelativePositions{n}; });
  refuses("embed_dim", no_sizes, [](int64_t n) { TransformerEncoderLayer({.d_model = n}); });
  refuses("heads", no_sizes,
          [](int64_t n) { TransformerEncoderLayer({.d_model = 4, .nhead = n}); });
  refuses("out is", no_sizes, [](int64_t n) {
    TransformerDecoderLayer({.d_model = 4, .nhead = 1, .dim_feedforward = n});
  });
  for (int64_t n : {INT64_MIN, int64_t{-1}, int64_t{10'001}, INT64_MAX}) {
    CHECK(has(error_of([=] { TransformerEncoder({.d_model = 4, .nhead = 1}, n); }), "num_layers"));
    CHECK(has(error_of([=] { TransformerDecoder({.d_model = 4, .nhead = 1}, n); }), "num_layers"));
  }
}

TEST_CASE("bounds: no layer takes an eps, probability or base that is none") {
  constexpr double no_probability[] = {not_a_number, -0.1, 1, 1 - 1e-17, 1.5, INFINITY};
  refuses("eps is", none_of_these, [](double eps) { LayerNorm(4, eps); });
  refuses("p is", no_probability, [](double p) { Dropout{p}; });
  refuses("dropout", no_probability, [](double p) { MultiheadAttention(4, 1, p); });
  refuses("base", none_of_these, [](double base) { sinusoidal_positions(4, 4, base); });
  refuses("base", none_of_these, [](double base) {
    Rotary{.base = base}(random_tensor({2, 4}, 1), Ids{0, 1}, 1);
  });
  CHECK(error_of([] { sinusoidal_positions(-1, 4); }) != "");
  CHECK(sinusoidal_positions(int64_t{1} << 60, 0).numel() == 0);
}

TEST_CASE("bounds: relative positions take any distance, and refuse buckets that are none") {
  const DistanceBuckets buckets;
  CHECK(buckets(INT64_MIN) == buckets(-1000));
  CHECK(buckets(INT64_MAX) == buckets(1000));
  for (const DistanceBuckets& bad :
       {DistanceBuckets{0}, DistanceBuckets{-4}, DistanceBuckets{3}, DistanceBuckets{32, 8},
        DistanceBuckets{32, INT64_MIN}, DistanceBuckets{1, 128, false},
        DistanceBuckets{INT64_MAX, INT64_MAX}}) {
    CHECK(error_of([&] { bad(3); }) != "");
    CHECK(error_of([&] { RelativePositions(2, bad); }) != "");
  }
  RelativePositions relative(2);
  for (int64_t bad : {INT64_MIN, int64_t{-1}, INT64_MAX}) {
    CHECK(has(error_of([&] { relative(bad, 2); }), "relative"));
    CHECK(has(error_of([&] { relative(2, bad); }), "relative"));
    CHECK(has(error_of([&] { relative(2, 2, bad); }), "relative"));
  }
}

TEST_CASE("bounds: no initialiser takes a spread that is none") {
  Tensor w = Tensor::zeros({3, 2});
  refuses("std", none_of_these, [&](double x) { truncated_normal_(w, x); });
  refuses("std", none_of_these, [&](double x) { normal_(w, 0, x); });
  refuses("std", none_of_these, [&](double x) { truncated_normal_(w, 0, x, -1, 1); });
  refuses("std", none_of_these, [&](double x) { Linear(2, 2, {.std = x}); });
  refuses("gain", none_of_these, [&](double x) { xavier_uniform_(w, x); });
  refuses("gain", none_of_these, [&](double x) { xavier_normal_(w, x); });
  refuses("gain", none_of_these, [&](double x) { kaiming_uniform_(w, x); });
  refuses("gain", none_of_these, [&](double x) { kaiming_normal_(w, x); });
  for (double bad : {not_a_number, static_cast<double>(INFINITY), -static_cast<double>(INFINITY)}) {
    CHECK(has(error_of([&] { uniform_(w, bad, 1); }), "bounds"));
    CHECK(has(error_of([&] { uniform_(w, 0, bad); }), "bounds"));
    CHECK(has(error_of([&] { normal_(w, bad, 1); }), "mean"));
    CHECK(error_of([&] { truncated_normal_(w, bad, 1, -1, 1); }) != "");
    CHECK(error_of([&] { truncated_normal_(w, 0, 1, bad, bad); }) != "");
  }
  CHECK(has(error_of([&] { uniform_(w, 1, 0); }), "bounds"));
  Tensor none = Tensor::zeros({0, 0});
  kaiming_normal_(none);
  xavier_uniform_(none);
}

TEST_CASE("bounds: no optimiser takes an option, a decay or a rate that is none") {
  const auto& bad = none_of_these;
  const double no_fraction[] = {not_a_number, -0.1, 1, 2, INFINITY};
  refuses("momentum is", bad, [](double x) { SGD({}, {.momentum = x}); });
  refuses("dampening", std::vector<double>{not_a_number, INFINITY},
          [](double x) { SGD({}, {.momentum = 0.9, .dampening = x}); });
  refuses("eps is", bad, [](double x) { AdamW({}, {.eps = x}); });
  refuses("eps is", bad, [](double x) { Adam({}, {.eps = x}); });
  refuses("eps is", bad, [](double x) { Adamax({}, {.eps = x}); });
  refuses("eps is", bad, [](double x) { NAdam({}, {.eps = x}); });
  refuses("eps is", bad, [](double x) { RAdam({}, {.eps = x}); });
  refuses("eps is", bad, [](double x) { RMSprop({}, {.eps = x}); });
  refuses("eps is", bad, [](double x) { Adagrad({}, {.eps = x}); });
  refuses("eps is", bad, [](double x) { Adadelta({}, {.eps = x}); });
  refuses("eps1", bad, [](double x) { Adafactor({}, {.eps1 = x}); });
  refuses("clip_threshold", std::vector<double>{not_a_number, 0, -1},
          [](double x) { Adafactor({}, {.clip_threshold = x}); });
  refuses("momentum is", bad, [](double x) { RMSprop({}, {.momentum = x}); });
  refuses("momentum_decay", bad, [](double x) { NAdam({}, {.momentum_decay = x}); });
  refuses("lr_decay", bad, [](double x) { Adagrad({}, {.lr_decay = x}); });
  refuses("beta1", no_fraction, [](double x) { AdamW({}, {.beta1 = x}); });
  refuses("beta2", no_fraction, [](double x) { RAdam({}, {.beta2 = x}); });
  refuses("rho is", no_fraction, [](double x) { Adadelta({}, {.rho = x}); });
  refuses("weight_decay", bad, [](double x) { SGD{group(x)}; });
  refuses("lr_scale", bad, [](double x) { SGD{group(0, x)}; });
  refuses("lr is", bad, [](double x) { SGD(group()).step(x); });
  refuses("decay", no_fraction, [](double x) { Ema({}, x); });
  refuses("max_norm", std::vector<double>{not_a_number, -1},
          [](double x) { clip_grad_norm({}, x); });
  refuses("limit", std::vector<double>{not_a_number, -1}, [](double x) { clip_grad_value({}, x); });
  refuses("p is", std::vector<double>{not_a_number, -1, 0}, [](double x) { gradient_norm({}, x); });
  refuses("factor", std::vector<double>{not_a_number, 0, 1, -1},
          [](double x) { ReduceOnPlateau({.factor = x}); });
}

TEST_CASE("bounds: an optimiser's and a plateau's state with counts that are none is refused") {
  for (real bad : {real(NAN), real(INFINITY), real(-1), real(1e30)}) {
    AdamW optimizer(group());
    const Tensor zeros = Tensor::zeros({2});
    const NamedTensors state{
        {"step.p", Tensor::scalar(bad)}, {"exp_avg.p", zeros}, {"exp_avg_sq.p", zeros}};
    CHECK(has(error_of([&] { optimizer.load_state(state); }), "step.p"));
    ReduceOnPlateau plateau;
    NamedTensors saved = plateau.state();
    saved[1].tensor = Tensor::scalar(bad);
    CHECK(has(error_of([&] { plateau.load_state(saved); }), "steps_without"));
  }
}

TEST_CASE("bounds: no schedule takes a step or a length below 0, or a factor that is none") {
  const int64_t most = INT64_MAX;
  for (int64_t bad : no_counts) {
    INFO(bad);
    for (const auto& f : std::vector<std::function<void(int64_t, int64_t)>>{
             [](int64_t s, int64_t n) { linear_schedule(s, n); },
             [](int64_t s, int64_t n) { polynomial_schedule(s, n); },
             [](int64_t s, int64_t n) { cosine_schedule(s, n); },
             [](int64_t s, int64_t n) { cosine_hard_restarts_schedule(s, n); },
             [](int64_t s, int64_t n) { cosine_warm_restarts_schedule(s, n); },
             [](int64_t s, int64_t n) { step_schedule(s, n); },
             [](int64_t s, int64_t n) { noam_schedule(s, n, 1); },
             [](int64_t s, int64_t n) { noam_schedule(s, 1, n); },
             [](int64_t s, int64_t n) { one_cycle_schedule(s, n); },
             [](int64_t s, int64_t n) { constant_with_warmup(s, n); },
             [](int64_t s, int64_t n) { linear_with_warmup(s, 10, n); },
             [](int64_t s, int64_t n) { cosine_with_warmup(s, n, 10); }}) {
      CHECK(has(error_of([&] { f(bad, 10); }), "[schedule]"));
      CHECK(has(error_of([&] { f(3, bad); }), "[schedule]"));
      for (int64_t s : {int64_t{0}, most})
        for (int64_t n : {int64_t{0}, int64_t{1}, most}) f(s, n);  // fine
    }
    CHECK(has(error_of([&] { exponential_schedule(bad, 0.9); }), "[schedule]"));
    CHECK(has(error_of([&] { multi_step_schedule(bad, {2}); }), "[schedule]"));
  }
  CHECK(cosine_warm_restarts_schedule(most, 3, most) <= 1);
  for (double bad : {not_a_number, static_cast<double>(INFINITY)}) {
    CHECK(has(error_of([=] { linear_schedule(1, 2, bad); }), "[schedule]"));
    CHECK(has(error_of([=] { polynomial_schedule(1, 2, bad); }), "power"));
    CHECK(has(error_of([=] { exponential_schedule(1, bad); }), "gamma"));
    CHECK(has(error_of([=] { cosine_schedule(1, 2, bad); }), "end"));
    CHECK(has(error_of([=] { cosine_with_warmup(1, 2, 3, bad); }), "cycles"));
    CHECK(has(error_of([=] { one_cycle_schedule(1, 2, {.div_factor = bad}); }), "div_factor"));
  }
}

TEST_CASE("parallel: what a body throws is thrown to the caller, once, from whichever thread") {
  for (int n : {1, 2, 8}) {
    set_threads(n);
    for (int round = 0; round < 20; ++round)
      CHECK(error_of([] {
              parallel(
                  64, [](void*, int64_t chunk) { fail("body", std::to_string(chunk)); }, nullptr);
            }) != "");
    int64_t calls[64] = {};
    parallel(
        64, [](void* c, int64_t i) { static_cast<int64_t*>(c)[i]++; }, calls);
    for (int64_t c : calls) CHECK(c == 1);
  }
  set_threads(2);
}
