// Optimisers and clipping against PyTorch; groups; states; averages of the weights.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <set>

#include "core/autograd/autograd.h"
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
#include "optim/more/radam.h"
#include "optim/more/rmsprop.h"
#include "optim/more/sgd.h"
#include "tests/op_fixtures.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

using Groups = std::vector<ParameterGroup>;
using Make = std::function<std::unique_ptr<Optimizer>(Groups)>;

template <class O, class Options>
std::unique_ptr<Optimizer> make(Groups groups, const Options& options) {
  return std::make_unique<O>(std::move(groups), options);
}

// One of every optimiser, with every kind of state that it can have.
const std::vector<std::pair<std::string, Make>> all_optimizers = {
    {"SGD", [](Groups g) { return make<SGD>(g, SGDOptions{.momentum = 0.9, .dampening = 0.1}); }},
    {"Adam", [](Groups g) { return make<Adam>(g, AdamOptions{.amsgrad = true}); }},
    {"AdamW", [](Groups g) { return make<AdamW>(g, AdamWOptions{}); }},
    {"Adagrad",
     [](Groups g) {
       return make<Adagrad>(g, AdagradOptions{.lr_decay = 0.1, .initial_accumulator_value = 0.5});
     }},
    {"RMSprop",
     [](Groups g) { return make<RMSprop>(g, RMSpropOptions{.momentum = 0.5, .centered = true}); }},
    {"Adafactor",
     [](Groups g) {
       return make<Adafactor>(g, AdafactorOptions{.beta1 = 0.9, .warmup_init = true});
     }},
    {"Adamax", [](Groups g) { return make<Adamax>(g, AdamaxOptions{}); }},
    {"NAdam", [](Groups g) { return make<NAdam>(g, NAdamOptions{}); }},
    {"RAdam", [](Groups g) { return make<RAdam>(g, RAdamOptions{}); }},
    {"Adadelta", [](Groups g) { return make<Adadelta>(g, AdadeltaOptions{}); }},
};

// Two parameters and an AdamW of them, at different decays.
struct Trained {
  Tensor w = random_leaf({5, 3}, 1), b = random_leaf({3}, 2);
  AdamW optimizer{decay_groups({{"w", w}, {"b", b}}, 0.1)};

  void step(int s) {
    w.set_grad(random_tensor({5, 3}, static_cast<uint64_t>(10 + s)));
    b.set_grad(random_tensor({3}, static_cast<uint64_t>(30 + s)));
    optimizer.step(0.01, 0.5);
  }
};

// A parameter of zeros that has this gradient.
Tensor with_gradient(const Tensor& g) {
  Tensor p = Tensor::zeros(g.shape()).set_requires_grad();
  p.set_grad(copy(g));
  return p;
}

NamedTensors copies(const NamedTensors& state) {
  NamedTensors all;
  for (const NamedTensor& entry : state) all.push_back({entry.name, copy(entry.tensor)});
  return all;
}

}  // namespace

TEST_CASE("sgd, adam, adamw: equal to PyTorch over 20 steps, with groups") {
  check_fixtures({"optim_sgd", "optim_adam", "optim_adamw"});
}

TEST_CASE("adagrad, rmsprop, adadelta: equal to PyTorch over 20 steps") {
  check_fixtures({"optim_adagrad", "optim_rmsprop", "optim_adadelta"});
}

TEST_CASE("adamax, nadam, radam: equal to PyTorch over 20 steps") {
  check_fixtures({"optim_adamax", "optim_nadam", "optim_radam"});
}

TEST_CASE("adafactor: equal to that of Hugging Face Transformers over 20 steps") {
  check_fixtures({"optim_adafactor_hf"});
}

TEST_CASE("adafactor: a stack of matrices moves as the matrices alone, but for the clipping") {
  const AdafactorOptions options{.clip_threshold = 1e9, .scale_parameter = false};
  Tensor stack = random_leaf({2, 3, 4}, 1), one = copy(select(stack, 0, 1).detach());
  one.set_requires_grad();
  Adafactor of_stack({{.parameters = {{"p", stack}}}}, options);
  Adafactor of_one({{.parameters = {{"p", one}}}}, options);
  for (uint64_t s = 0; s < 5; ++s) {
    stack.set_grad(random_tensor({2, 3, 4}, s));
    one.set_grad(copy(select(stack.grad(), 0, 1)));
    of_stack.step(1);
    of_one.step(1);
  }
  CHECK(same(select(stack, 0, 1), one));
  const NamedTensors state = of_stack.state();
  CHECK(state[1].name == "exp_avg_sq_row.p");
  CHECK(state[1].tensor.shape() == Shape{2, 3});
  CHECK(state[2].tensor.shape() == Shape{2, 4});
}

TEST_CASE("optimizer: every kind, resumed from a saved state, goes on bit for bit") {
  for (const auto& entry : all_optimizers) {
    const std::string& name = entry.first;
    const Make& make = entry.second;
    Tensor w = random_leaf({5, 3}, 1), b = random_leaf({3}, 2), w2, b2;
    const auto optimizer = make(decay_groups({{"w", w}, {"b", b}}, 0.1));
    std::unique_ptr<Optimizer> resumed;
    for (uint64_t s = 0; s < 8; ++s) {
      if (s == 4) {  // from here on twice, once from the state
        NoGrad no_grad;
        w2 = copy(w).set_requires_grad(), b2 = copy(b).set_requires_grad();
        resumed = make(decay_groups({{"w", w2}, {"b", b2}}, 0.1));
        resumed->load_state(copies(optimizer->state()));
      }
      for (const Tensor& p : {w, b}) Tensor(p).set_grad(random_tensor(p.shape(), 10 + s));
      optimizer->step(0.01, 0.5);
      if (!resumed) continue;
      for (const Tensor& p : {w2, b2}) Tensor(p).set_grad(random_tensor(p.shape(), 10 + s));
      resumed->step(0.01, 0.5);
    }
    CHECK_MESSAGE(same(w, w2), name);
    CHECK_MESSAGE(same(b, b2), name);
    CHECK_MESSAGE(error_of([&] {
                    AdamW other(decay_groups({{"w", w2}, {"x", b2}}, 0));
                    other.load_state(optimizer->state());
                  }) != "",
                  name);
  }
}

TEST_CASE("optimizer: every kind goes down in a bowl (from 6.25)") {
  for (const auto& entry : all_optimizers) {
    const std::string& name = entry.first;
    const Make& make = entry.second;
    Tensor x = Tensor::of({2, 2}, {1, -1, 0.5, 2}).set_requires_grad();
    const auto optimizer = make({{.parameters = {{"x", x}}}});
    const bool timid = std::set<std::string>{"Adagrad", "Adafactor", "Adadelta"}.contains(name);
    for (int s = 0; s < 400; ++s) {
      x.set_grad((x * 2).detach());
      optimizer->step(timid ? 10 : 0.05);
    }
    CHECK_MESSAGE(sum(x * x).item() < 2, name << ": " << sum(x * x).item());
  }
}

TEST_CASE("optimizer: options that make no sense are refused") {
  const auto refused = [](auto make) { return error_of([&] { make(); }); };
  CHECK(has(refused([] { AdamW bad({}, {.beta1 = 1}); }), "beta1 is 1"));
  CHECK(has(refused([] { Adam bad({}, {.eps = -1}); }), "eps is -1"));
  CHECK(has(refused([] { RMSprop bad({}, {.alpha = -0.5}); }), "alpha"));
  CHECK(has(refused([] { Adagrad bad({}, {.lr_decay = -1}); }), "lr_decay"));
  CHECK(has(refused([] { SGD bad({}, {.nesterov = true}); }), "Nesterov"));
  CHECK(has(refused([] { Adafactor bad({}, {.relative_step = false, .warmup_init = true}); }),
            "warmup_init"));
}

TEST_CASE("adamw: the first step moves each number by the learning rate, against its gradient") {
  Tensor p = Tensor::of({3}, {1, 1, 1}).set_requires_grad();
  AdamW optimizer({{.parameters = {{"p", p}}}});
  p.set_grad(Tensor::of({3}, {1e-3f, -5, 100}));
  optimizer.step(0.1);
  CHECK(difference(p, Tensor::of({3}, {0.9f, 1.1f, 0.9f})) < 2e-6);
}

TEST_CASE("optimizer: a training resumed from its state goes on bit for bit") {
  Trained whole, first, second;
  for (int s = 0; s < 10; ++s) whole.step(s);
  for (int s = 0; s < 4; ++s) first.step(s);
  NoGrad no_grad;
  second.w.copy_(first.w);
  second.b.copy_(first.b);
  second.optimizer.load_state(copies(first.optimizer.state()));
  for (int s = 4; s < 10; ++s) second.step(s);
  CHECK(same(whole.w, second.w));
  CHECK(same(whole.b, second.b));
}

TEST_CASE("optimizer: a wrong state is refused, all faults at once, and changes nothing") {
  Trained trained;
  trained.step(0);
  NamedTensors state = copies(trained.optimizer.state());
  const NamedTensors before = copies(state);
  REQUIRE(state[0].name == "step.w");
  state[1].name = "exp_avg.v";
  state[2].tensor = Tensor::zeros({5, 4});
  const std::string text = error_of([&] { trained.optimizer.load_state(state); });
  CHECK(has(text, "missing: exp_avg.w"));
  CHECK(has(text, "unexpected: exp_avg.v"));
  CHECK(has(text, "shape: exp_avg_sq.w is (5, 4), not (5, 3)"));
  for (size_t i = 0; i < before.size(); ++i)
    CHECK(same(trained.optimizer.state()[i].tensor, before[i].tensor));
}

TEST_CASE("optimizer: a parameter without gradient stays, also its count of steps") {
  Trained trained;
  trained.step(0);
  const Tensor before = copy(trained.w);
  trained.optimizer.zero_grad();
  trained.b.set_grad(Tensor::ones({3}));
  trained.optimizer.step(0.01);
  CHECK(same(trained.w, before));
  for (const NamedTensor& entry : trained.optimizer.state()) {
    if (entry.name == "step.w") CHECK(entry.tensor.item() == 1);
    if (entry.name == "step.b") CHECK(entry.tensor.item() == 2);
  }
}

TEST_CASE("optimizer: a step is one write of each storage, and a later backward notices") {
  Trained trained;
  const int64_t version = trained.w.impl().storage->version;
  trained.step(0);
  CHECK(trained.w.impl().storage->version == version + 1);
  const Tensor loss = sum(trained.w * trained.w);
  trained.step(1);
  CHECK(error_of([&] { loss.backward(); }) != "");
}

TEST_CASE("optimizer: matrices decay, biases and normalisations do not, frozen ones are left out") {
  Tensor w = Tensor::zeros({2, 2}).set_requires_grad(), b = Tensor::zeros({2}).set_requires_grad();
  const auto groups = decay_groups({{"w", w}, {"b", b}, {"frozen", Tensor::zeros({2, 2})}}, 0.01);
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].parameters.size() == 1);
  CHECK(groups[0].parameters[0].name == "w");
  CHECK(groups[0].weight_decay == 0.01);
  CHECK(groups[1].parameters[0].name == "b");
  CHECK(groups[1].weight_decay == 0);
  const NamedTensors twice{{"a", w}, {"b", w}};
  CHECK(has(error_of([&] { AdamW bad({{.parameters = twice}}); }), "twice"));
}

TEST_CASE("optimizer: no parameters, or frozen ones alone, are an error that says which") {
  const std::string none = error_of([] { AdamW bad(Groups{{.parameters = {}}}); });
  CHECK(has(none, "there are no parameters"));
  CHECK(has(none, "visit()"));
  CHECK(has(error_of([] { AdamW(Groups{}).step(0.1); }), "there are no parameters"));
  CHECK(has(error_of([] { decay_groups({}, 0.01); }), "there are no parameters"));
  const NamedTensors frozen{{"a", Tensor::zeros({2, 2})}, {"b", Tensor::zeros({2})}};
  for (const auto& make_it :
       std::vector<std::function<void()>>{[&] { AdamW bad(Groups{{.parameters = frozen}}); },
                                          [&] { decay_groups(frozen, 0.01); }}) {
    const std::string text = error_of(make_it);
    CHECK(has(text, "all 2 parameters are frozen"));
    CHECK(has(text, "set_trainable"));
  }
}

TEST_CASE("clipping: the norm before, and gradients of the wanted length, as PyTorch") {
  check_fixtures({"clip_grad_norm"});
}

TEST_CASE("clipping: any norm, by its definition - what is short enough stays") {
  const Tensor g = Tensor::of({3}, {3, -4, 0});
  const auto norm = [&](double type) {
    return clip_grad_norm({{"p", with_gradient(g)}, {"none", random_leaf({2}, 1)}}, 1, type);
  };
  CHECK(norm(1) == doctest::Approx(7));
  CHECK(norm(2) == doctest::Approx(5));
  CHECK(norm(3) == doctest::Approx(std::cbrt(27 + 64)));
  CHECK(norm(INFINITY) == 4);
  CHECK(has(error_of([&] { norm(0); }), "norm_type"));
  const Tensor p = with_gradient(g);
  clip_grad_norm({{"p", p}}, 5.1);
  CHECK(same(p.grad(), g));
}

TEST_CASE("clipping by value: every number ends in the interval, those in it stay") {
  check_fixtures({"clip_grad_value"});
  const Tensor gradient = random_tensor({4, 3}, 5);
  for (const double limit : {1.0, 0.5}) {  // bit for bit: numbers are kept, or are the limit
    const Tensor clipped = with_gradient(gradient);
    clip_grad_value({{"p", clipped}}, limit);
    const auto bound = static_cast<real>(limit);
    for (int64_t i = 0; i < gradient.numel(); ++i)
      CHECK(clipped.grad().data()[i] == std::clamp(gradient.data()[i], -bound, bound));
  }
  const Tensor p = with_gradient(Tensor::of({4}, {-3, -1, 0.5, 2}));
  clip_grad_value({{"p", p}, {"none", random_leaf({2}, 1)}}, 1);
  CHECK(same(p.grad(), Tensor::of({4}, {-1, -1, 0.5, 1})));
  CHECK(has(error_of([&] { clip_grad_value({{"p", p}}, -1); }), "negative"));
}

TEST_CASE("clipping: a factor for the step is as good as rewriting the gradients") {
  CHECK(clip_scale(0.5, 1.0) == 1);
  CHECK(clip_scale(4, 1.0) == doctest::Approx(0.25));
  Trained scaled, rewritten;
  scaled.step(0);  // reads gradients at 0.5
  rewritten.w.set_grad(random_tensor({5, 3}, 10));
  rewritten.b.set_grad(random_tensor({3}, 30));
  const double norm = gradient_norm(rewritten.optimizer.parameters());
  CHECK(clip_grad_norm(rewritten.optimizer.parameters(), norm / 2) == norm);
  rewritten.optimizer.step(0.01);
  CHECK(difference(scaled.w, rewritten.w) < 1e-6);
}

TEST_CASE("ema: the average by its formula - swapping twice changes nothing") {
  Tensor p = Tensor::of({2}, {1, 2}).set_requires_grad();
  Ema ema({{"p", p}}, 0.75);
  NoGrad no_grad;
  p.copy_(Tensor::of({2}, {5, 2}));
  ema.update();
  CHECK(same(ema.state()[0].tensor, Tensor::of({2}, {2, 2})));
  CHECK(same(p, Tensor::of({2}, {5, 2})));
  ema.swap();
  CHECK(same(p, Tensor::of({2}, {2, 2})));
  ema.swap();
  CHECK(same(p, Tensor::of({2}, {5, 2})));
  CHECK(p.requires_grad());
  CHECK(has(error_of([&] { Ema bad({{"p", p}}, 1); }), "decay is 1"));
}

TEST_CASE("ema: resumed from its state it goes on bit for bit") {
  Tensor p = random_leaf({4}, 1);
  Ema ema({{"p", p}}, 0.9);
  NoGrad no_grad;
  p.copy_(random_tensor({4}, 2));
  ema.update();
  const NamedTensors state = copies(ema.state());
  Ema resumed({{"p", p}}, 0.9);
  resumed.load_state(state);
  p.copy_(random_tensor({4}, 3));
  ema.update();
  resumed.update();
  CHECK(same(ema.state()[0].tensor, resumed.state()[0].tensor));
  CHECK_FALSE(same(state[0].tensor, ema.state()[0].tensor));
  CHECK(has(error_of([&] { resumed.load_state({{"q", p}}); }), "missing: p"));
}
