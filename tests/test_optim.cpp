// Optimisers and clipping against PyTorch; groups; states; averages of the weights.
#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <set>

#include "core/autograd/autograd.h"
#include "optim/more/adadelta.h"
#include "optim/more/adafactor.h"
#include "optim/more/adagrad.h"
#include "optim/more/adam.h"
#include "optim/more/adamax.h"
#include "optim/adamw.h"
#include "optim/clip.h"
#include "optim/more/clip_in_place.h"
#include "optim/more/ema.h"
#include "optim/more/nadam.h"
#include "optim/more/radam.h"
#include "optim/more/rmsprop.h"
#include "optim/more/sgd.h"
#include "tests/op_cases.h"

using namespace cairn;
using namespace cairn::test;

namespace {

using Groups = std::vector<ParameterGroup>;
using Make = std::function<std::unique_ptr<Optimizer>(Groups, const Json&)>;

template <class O, class Options>
std::unique_ptr<Optimizer> make(Groups groups, const Options& options) {
  return std::make_unique<O>(std::move(groups), options);
}

// Step s's gradient of a case: `all` is (steps, ...).
Tensor gradient_at(const Tensor& all, int64_t s) { return copy(select(all, 0, s)); }

Groups groups_of(const Json& attrs, const Tensor& w, const Tensor& b) {
  const NamedTensors both{{"w", w}, {"b", b}};
  if (!attrs.find("groups"))
    return {{.parameters = both, .weight_decay = attrs.get("weight_decay", 0.0)}};
  Groups groups;
  const double lr = attrs.at("lr").as_double();
  for (const Json& group : attrs.at("groups").items()) {
    const bool first = group.at("params")[0].as_string() == "w";
    groups.push_back({.parameters = {both[first ? 0 : 1]},
                      .weight_decay = group.at("weight_decay").as_double(),
                      .lr_scale = group.get("lr", lr) / lr});
  }
  return groups;
}

// Each case: parameters w and b, their gradients at 20 steps, and where they are after each.
void check_optimizer(const std::string& file, const Make& make) {
  for (GoldenCase& c : op_cases(file)) {
    Tensor w = copy(c.in.at("w0")).set_requires_grad();
    Tensor b = copy(c.in.at("b0")).set_requires_grad();
    const std::unique_ptr<Optimizer> optimizer = make(groups_of(c.attrs, w, b), c.attrs);
    const double direction = c.attrs.get("maximize", false) ? -1 : 1;
    for (int64_t s = 0; s < c.attrs.at("steps").as_int(); ++s) {
      w.set_grad(gradient_at(c.in.at("gw"), s));
      b.set_grad(gradient_at(c.in.at("gb"), s));
      optimizer->step(c.attrs.get("lr", 1.0), direction);  // no rate: the optimiser's own
      CHECK_MESSAGE(relative_difference(w, select(c.out[0], 0, s)) <= c.out_bound, c.id << s);
      CHECK_MESSAGE(relative_difference(b, select(c.out[1], 0, s)) <= c.out_bound, c.id << s);
    }
  }
}

double beta(const Json& a, size_t i) { return a.at("betas")[i].as_double(); }
double eps(const Json& a) { return a.at("eps").as_double(); }

// One of every optimiser, with every kind of state that it can have.
const std::vector<std::pair<std::string, Make>> all_optimizers = {
    {"SGD",
     [](Groups g, const Json&) {
       return make<SGD>(g, SGDOptions{.momentum = 0.9, .dampening = 0.1});
     }},
    {"Adam", [](Groups g, const Json&) { return make<Adam>(g, AdamOptions{.amsgrad = true}); }},
    {"AdamW", [](Groups g, const Json&) { return make<AdamW>(g, AdamWOptions{}); }},
    {"Adagrad",
     [](Groups g, const Json&) {
       return make<Adagrad>(g, AdagradOptions{.lr_decay = 0.1, .initial_accumulator_value = 0.5});
     }},
    {"RMSprop",
     [](Groups g, const Json&) {
       return make<RMSprop>(g, RMSpropOptions{.momentum = 0.5, .centered = true});
     }},
    {"Adafactor",
     [](Groups g, const Json&) {
       return make<Adafactor>(g, AdafactorOptions{.beta1 = 0.9, .warmup_init = true});
     }},
    {"Adamax", [](Groups g, const Json&) { return make<Adamax>(g, AdamaxOptions{}); }},
    {"NAdam", [](Groups g, const Json&) { return make<NAdam>(g, NAdamOptions{}); }},
    {"RAdam", [](Groups g, const Json&) { return make<RAdam>(g, RAdamOptions{}); }},
    {"Adadelta", [](Groups g, const Json&) { return make<Adadelta>(g, AdadeltaOptions{}); }},
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
  check_optimizer("optim_sgd", [](Groups groups, const Json& a) {
    return make<SGD>(groups, SGDOptions{.momentum = a.get("momentum", 0.0),
                                        .dampening = a.get("dampening", 0.0),
                                        .nesterov = a.get("nesterov", false)});
  });
  check_optimizer("optim_adam", [](Groups groups, const Json& a) {
    return make<Adam>(groups, AdamOptions{.beta1 = beta(a, 0),
                                          .beta2 = beta(a, 1),
                                          .eps = eps(a),
                                          .amsgrad = a.get("amsgrad", false)});
  });
  check_optimizer("optim_adamw", [](Groups groups, const Json& a) {
    return make<AdamW>(groups,
                       AdamWOptions{.beta1 = beta(a, 0), .beta2 = beta(a, 1), .eps = eps(a)});
  });
}

TEST_CASE("adagrad, rmsprop, adadelta: equal to PyTorch over 20 steps") {
  check_optimizer("optim_adagrad", [](Groups groups, const Json& a) {
    return make<Adagrad>(
        groups, AdagradOptions{.lr_decay = a.get("lr_decay", 0.0),
                               .initial_accumulator_value = a.get("initial_accumulator_value", 0.0),
                               .eps = eps(a)});
  });
  check_optimizer("optim_rmsprop", [](Groups groups, const Json& a) {
    return make<RMSprop>(groups, RMSpropOptions{.alpha = a.at("alpha").as_double(),
                                                .eps = eps(a),
                                                .momentum = a.get("momentum", 0.0),
                                                .centered = a.get("centered", false)});
  });
  check_optimizer("optim_adadelta", [](Groups groups, const Json& a) {
    return make<Adadelta>(groups, AdadeltaOptions{.rho = a.at("rho").as_double(), .eps = eps(a)});
  });
}

TEST_CASE("adamax, nadam, radam: equal to PyTorch over 20 steps") {
  check_optimizer("optim_adamax", [](Groups groups, const Json& a) {
    return make<Adamax>(groups,
                        AdamaxOptions{.beta1 = beta(a, 0), .beta2 = beta(a, 1), .eps = eps(a)});
  });
  check_optimizer("optim_nadam", [](Groups groups, const Json& a) {
    return make<NAdam>(groups, NAdamOptions{.beta1 = beta(a, 0),
                                            .beta2 = beta(a, 1),
                                            .eps = eps(a),
                                            .momentum_decay = a.at("momentum_decay").as_double()});
  });
  check_optimizer("optim_radam", [](Groups groups, const Json& a) {
    return make<RAdam>(groups,
                       RAdamOptions{.beta1 = beta(a, 0), .beta2 = beta(a, 1), .eps = eps(a)});
  });
}

TEST_CASE("adafactor: equal to that of Hugging Face Transformers over 20 steps") {
  check_optimizer("optim_adafactor_hf", [](Groups groups, const Json& a) {
    return make<Adafactor>(groups,
                           AdafactorOptions{.eps1 = a.at("eps")[0].as_double(),
                                            .eps2 = a.at("eps")[1].as_double(),
                                            .clip_threshold = a.at("clip_threshold").as_double(),
                                            .decay_rate = a.at("decay_rate").as_double(),
                                            .beta1 = a.get("beta1", 0.0),
                                            .scale_parameter = a.get("scale_parameter", true),
                                            .relative_step = a.get("relative_step", true),
                                            .warmup_init = a.get("warmup_init", false)});
  });
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
    const auto optimizer = make(decay_groups({{"w", w}, {"b", b}}, 0.1), Json());
    std::unique_ptr<Optimizer> resumed;
    for (uint64_t s = 0; s < 8; ++s) {
      if (s == 4) {  // from here on twice, once from the state
        NoGrad no_grad;
        w2 = copy(w).set_requires_grad(), b2 = copy(b).set_requires_grad();
        resumed = make(decay_groups({{"w", w2}, {"b", b2}}, 0.1), Json());
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
    const auto optimizer = make({{.parameters = {{"x", x}}}}, Json());
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
  for (const auto& make_it : std::vector<std::function<void()>>{
           [&] { AdamW bad(Groups{{.parameters = frozen}}); },
           [&] { decay_groups(frozen, 0.01); }}) {
    const std::string text = error_of(make_it);
    CHECK(has(text, "all 2 parameters are frozen"));
    CHECK(has(text, "set_trainable"));
  }
}

TEST_CASE("clipping: the norm before, and gradients of the wanted length, as PyTorch") {
  for (GoldenCase& c : op_cases("clip_grad_norm")) {
    const Json& type = c.attrs.at("norm_type");
    const double norm_type = type.is_string() ? INFINITY : type.as_double();
    Tensor a = with_gradient(c.in.at("g0")), b = with_gradient(c.in.at("g1"));
    const double norm =
        clip_grad_norm({{"a", a}, {"b", b}}, c.attrs.at("max_norm").as_double(), norm_type);
    CHECK(norm == doctest::Approx(static_cast<double>(c.out[0].item())).epsilon(1e-6));
    CHECK_MESSAGE(relative_difference(a.grad(), c.out[1]) <= c.out_bound, c.id);
    CHECK_MESSAGE(relative_difference(b.grad(), c.out[2]) <= c.out_bound, c.id);
  }
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
  for (GoldenCase& c : op_cases("clip_grad_value")) {
    const Tensor p = with_gradient(c.in.at("g0"));
    clip_grad_value({{"p", p}}, c.attrs.at("clip_value").as_double());
    CHECK_MESSAGE(same(p.grad(), c.out[0]), c.id);
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
