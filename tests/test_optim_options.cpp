// Optimisers made as a PyTorch user guesses: from named_parameters() and options, stepped without
// arguments. What they compute is in test_optim.cpp.
#include <doctest/doctest.h>

#include <functional>
#include <memory>

#include "core/autograd/autograd.h"
#include "nn/layers.h"
#include "optim/adamw.h"
#include "optim/more/adadelta.h"
#include "optim/more/adafactor.h"
#include "optim/more/adagrad.h"
#include "optim/more/adam.h"
#include "optim/more/adamax.h"
#include "optim/more/nadam.h"
#include "optim/more/radam.h"
#include "optim/more/rmsprop.h"
#include "optim/more/sgd.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

struct Kind {
  std::string name;
  double lr;  // PyTorch's default
  std::function<std::unique_ptr<Optimizer>(ParameterGroups)> plain;
  std::function<std::unique_ptr<Optimizer>(ParameterGroups, double lr, double decay)> with;
};

template <class O, class Options>
Kind kind(const std::string& name) {
  return {name, Options{}.lr,
          [](ParameterGroups groups) { return std::make_unique<O>(std::move(groups)); },
          [](ParameterGroups groups, double lr, double decay) {
            return std::make_unique<O>(std::move(groups), Options{.lr = lr, .weight_decay = decay});
          }};
}

const std::vector<Kind> kinds = {
    kind<SGD, SGDOptions>("SGD"),
    kind<Adam, AdamOptions>("Adam"),
    kind<AdamW, AdamWOptions>("AdamW"),
    kind<Adagrad, AdagradOptions>("Adagrad"),
    kind<RMSprop, RMSpropOptions>("RMSprop"),
    kind<Adadelta, AdadeltaOptions>("Adadelta"),
    kind<Adamax, AdamaxOptions>("Adamax"),
    kind<NAdam, NAdamOptions>("NAdam"),
    kind<RAdam, RAdamOptions>("RAdam"),
    kind<Adafactor, AdafactorOptions>("Adafactor"),
};

// Where 4 steps of `step` lead a parameter of three numbers with fixed gradients.
Tensor trained(const std::function<std::unique_ptr<Optimizer>(const NamedTensors&)>& make,
               const std::function<void(Optimizer&)>& step) {
  Tensor p = Tensor::of({1, -2, 3}).set_requires_grad();
  const auto optimizer = make({{"p", p}});
  for (uint64_t s = 0; s < 4; ++s) {
    p.set_grad(random_tensor({3}, s));
    step(*optimizer);
  }
  return p.detach();
}

}  // namespace

TEST_CASE("optimizer: step() is step(lr) at the option's rate, for every optimiser") {
  for (const Kind& k : kinds) {
    const auto make = [&](const NamedTensors& p) { return k.with(p, 0.03, 0); };
    const auto plain = [&](const NamedTensors& p) { return k.plain(p); };
    INFO(k.name);
    CHECK(same(trained(make, [](Optimizer& o) { o.step(); }),
               trained(make, [](Optimizer& o) { o.step(0.03); })));
    CHECK(same(trained(plain, [](Optimizer& o) { o.step(); }),
               trained(plain, [&](Optimizer& o) { o.step(k.lr); })));
    CHECK_FALSE(same(trained(make, [](Optimizer& o) { o.step(); }), Tensor::of({1, -2, 3})));
  }
}

TEST_CASE("optimizer: the option weight_decay is that of groups without their own") {
  for (const Kind& k : kinds) {
    const auto step = [](Optimizer& o) { o.step(); };
    const auto option = [&](const NamedTensors& p) { return k.with(p, 0.03, 0.5); };
    const auto group = [&](const NamedTensors& p) {
      return k.with({{.parameters = p, .weight_decay = 0.5}}, 0.03, 0);
    };
    const auto own = [&](const NamedTensors& p) {
      return k.with({{.parameters = p, .weight_decay = 0}}, 0.03, 0.5);
    };
    const auto none = [&](const NamedTensors& p) { return k.with(p, 0.03, 0); };
    INFO(k.name);
    CHECK(same(trained(option, step), trained(group, step)));
    CHECK(same(trained(own, step), trained(none, step)));
    CHECK_FALSE(same(trained(option, step), trained(none, step)));
  }
}

TEST_CASE("optimizer: the default rates are PyTorch's") {
  const double right[] = {1e-3, 1e-3, 1e-3, 1e-2, 1e-2, 1, 2e-3, 2e-3, 1e-3, 1};
  for (size_t i = 0; i < kinds.size(); ++i) CHECK_MESSAGE(kinds[i].lr == right[i], kinds[i].name);
}

TEST_CASE("optimizer: made of a model's named_parameters() and options, it trains") {
  default_random() = Random(3);
  Linear model(2, 1);
  AdamW optimizer(model.named_parameters(), {.lr = 0.1, .weight_decay = 0.001});
  const Tensor x = random_tensor({16, 2}, 1), y = sum(x, 1, true);
  for (int i = 0; i < 200; ++i) {
    optimizer.zero_grad();
    mse_loss(model(x), y).backward();
    optimizer.step();
  }
  CHECK(mse_loss(model(x), y).item() < 1e-3);
  CHECK(difference(model.weight, Tensor::ones({1, 2})) < 0.05);
}

TEST_CASE("optimizer: groups in every form that it takes them") {
  Tensor a = Tensor::ones(2).set_requires_grad(), b = Tensor::ones(3).set_requires_grad();
  const ParameterGroup first{{{"a", a}}, 0.1}, second{{{"b", b}}};
  CHECK(AdamW(NamedTensors{{"a", a}, {"b", b}}).parameters().size() == 2);
  CHECK(AdamW({first, second}).parameters().size() == 2);
  CHECK(AdamW(std::vector<ParameterGroup>{first, second}).parameters().size() == 2);
  CHECK(AdamW({{.parameters = {{"a", a}}}}).parameters().size() == 1);
  CHECK(AdamW(decay_groups({{"a", a}, {"b", b}}, 0.1), {.lr = 1}).parameters().size() == 2);
  CHECK(has(error_of([&] { AdamW bad({first}, {.lr = -1}); }), "lr is -1"));
  CHECK(has(error_of([&] { SGD bad({first}, {.lr = NAN}); }), "lr is nan"));
  CHECK(has(error_of([&] { SGD bad({first}, {.weight_decay = -1}); }), "weight_decay is -1"));
}

TEST_CASE("optimizer: a group's lr_scale multiplies the rate, grad_scale the gradient") {
  for (const Kind& k : kinds) {
    INFO(k.name);
    const auto plain = [&](const NamedTensors& p) { return k.with(p, 0.03, 0.25); };
    const auto scaled = [&](const NamedTensors& p) {
      return k.with({{.parameters = p, .lr_scale = 3}}, 0.03, 0.25);
    };
    CHECK(same(trained(scaled, [](Optimizer& o) { o.step(0.03); }),
               trained(plain, [](Optimizer& o) { o.step(0.03 * 3); })));
    CHECK(same(trained(plain, [](Optimizer& o) { o.step(0.03, 0.5); }),
               trained(plain, [](Optimizer& o) {
                 for (NamedTensor& p : o.parameters()) p.tensor.set_grad(p.tensor.grad() * 0.5f);
                 o.step(0.03);
               })));
  }
}

TEST_CASE("optimizer: parameters do not touch one another, also when one misses a step") {
  for (const Kind& k : kinds) {
    INFO(k.name);
    const auto run = [&](bool with_a, bool with_b) {
      Tensor a = Tensor::of({1, -2, 3}).set_requires_grad();
      Tensor b = Tensor::of({{1, 2}, {-3, 4}}).set_requires_grad();
      NamedTensors p;
      if (with_a) p.push_back({"a", a});
      if (with_b) p.push_back({"b", b});
      const auto optimizer = k.with(p, 0.03, 0.25);
      for (uint64_t s = 0; s < 5; ++s) {
        if (with_a && s == 2 && !with_b) continue;  // alone, that step is not there at all
        if (s != 2) a.set_grad(random_tensor({3}, s));
        b.set_grad(random_tensor({2, 2}, 10 + s));
        optimizer->step();
        optimizer->zero_grad();
        CHECK_FALSE((with_a && a.grad().defined()));
      }
      return std::pair(a.detach(), b.detach());
    };
    CHECK(same(run(true, true).first, run(true, false).first));
    CHECK(same(run(true, true).second, run(false, true).second));
  }
}

TEST_CASE("optimizer: a state without a parameter makes that parameter new again") {
  for (const Kind& k : kinds) {
    INFO(k.name);
    Tensor a = Tensor::of({1, -2, 3}).set_requires_grad(), b = copy(a.detach());
    b.set_requires_grad();
    const auto used = k.with({{.parameters = {{"a", a}}}}, 0.03, 0.25);
    const auto fresh = k.with({{.parameters = {{"a", b}}}}, 0.03, 0.25);
    for (uint64_t s = 0; s < 3; ++s) {
      a.set_grad(random_tensor({3}, s));
      used->step();
    }
    used->load_state({});
    CHECK(used->state().empty());
    {
      const NoGrad no_grad;
      a.copy_(b);
    }
    for (Tensor p : {a, b}) p.set_grad(random_tensor({3}, 7));
    used->step(), fresh->step();
    CHECK(same(a, b));
    CHECK(used->state()[0].name == "step.a");
    CHECK(used->state()[0].tensor.item() == 1);
  }
}

TEST_CASE("optimizer: every default is PyTorch's, Adafactor's Transformers'") {
  const SGDOptions sgd;
  CHECK((sgd.momentum == 0 && sgd.dampening == 0 && sgd.weight_decay == 0 && !sgd.nesterov));
  const AdamOptions adam;
  CHECK((adam.beta1 == 0.9 && adam.beta2 == 0.999 && adam.eps == 1e-8));
  CHECK((adam.weight_decay == 0 && !adam.amsgrad));
  const AdamWOptions adamw;
  CHECK((adamw.beta1 == 0.9 && adamw.beta2 == 0.999 && adamw.eps == 1e-8));
  CHECK(adamw.weight_decay == 0);  // PyTorch: 0.01
  const AdagradOptions adagrad;
  CHECK((adagrad.lr_decay == 0 && adagrad.initial_accumulator_value == 0));
  CHECK((adagrad.weight_decay == 0 && adagrad.eps == 1e-10));
  const RMSpropOptions rms;
  CHECK((rms.alpha == 0.99 && rms.eps == 1e-8 && rms.weight_decay == 0));
  CHECK((rms.momentum == 0 && !rms.centered));
  const AdadeltaOptions adadelta;
  CHECK((adadelta.rho == 0.9 && adadelta.eps == 1e-6 && adadelta.weight_decay == 0));
  const AdamaxOptions adamax;
  CHECK((adamax.beta1 == 0.9 && adamax.beta2 == 0.999 && adamax.eps == 1e-8));
  CHECK(adamax.weight_decay == 0);
  const NAdamOptions nadam;
  CHECK((nadam.beta1 == 0.9 && nadam.beta2 == 0.999 && nadam.eps == 1e-8));
  CHECK((nadam.weight_decay == 0 && nadam.momentum_decay == 0.004));
  const RAdamOptions radam;
  CHECK((radam.beta1 == 0.9 && radam.beta2 == 0.999 && radam.eps == 1e-8));
  CHECK(radam.weight_decay == 0);
  const AdafactorOptions factor;
  CHECK((factor.eps1 == 1e-30 && factor.eps2 == 1e-3 && factor.clip_threshold == 1));
  CHECK((factor.decay_rate == -0.8 && factor.beta1 == 0 && factor.weight_decay == 0));
  CHECK((factor.scale_parameter && factor.relative_step && !factor.warmup_init));
}
