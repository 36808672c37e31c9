// Optimisers, schedules and clipping against PyTorch; state; groups.
#include <doctest/doctest.h>

#include <functional>
#include <memory>

#include "core/autograd.h"
#include "optim/adam.h"
#include "optim/clip.h"
#include "optim/schedule.h"
#include "optim/sgd.h"
#include "tests/op_cases.h"

using namespace cairn;
using namespace cairn::test;

namespace {

using Make = std::function<std::unique_ptr<Optimizer>(std::vector<ParameterGroup>, const Json&)>;

// Step s's gradient of a case: `all` is (steps, ...).
Tensor gradient_at(const Tensor& all, int64_t s) { return copy(select(all, 0, s)); }

std::vector<ParameterGroup> groups_of(const Json& attrs, const Tensor& w, const Tensor& b) {
  const NamedTensors both{{"w", w}, {"b", b}};
  if (!attrs.find("groups"))
    return {{.parameters = both, .weight_decay = attrs.get("weight_decay", 0.0)}};
  std::vector<ParameterGroup> groups;
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
  for (OpCase& c : op_cases(file)) {
    if (c.attrs.get("amsgrad", false)) continue;  // not in Cairn
    Tensor w = copy(c.in.at("w0")).set_requires_grad();
    Tensor b = copy(c.in.at("b0")).set_requires_grad();
    const std::unique_ptr<Optimizer> optimizer = make(groups_of(c.attrs, w, b), c.attrs);
    const double direction = c.attrs.get("maximize", false) ? -1 : 1;
    for (int64_t s = 0; s < c.attrs.at("steps").as_int(); ++s) {
      w.set_grad(gradient_at(c.in.at("gw"), s));
      b.set_grad(gradient_at(c.in.at("gb"), s));
      optimizer->step(c.attrs.at("lr").as_double(), direction);
      CHECK_MESSAGE(relative_difference(w, select(c.out[0], 0, s)) <= c.out_bound, c.id << s);
      CHECK_MESSAGE(relative_difference(b, select(c.out[1], 0, s)) <= c.out_bound, c.id << s);
    }
  }
}

AdamOptions adam_options(const Json& a) {
  return {.beta1 = a.at("betas")[0].as_double(),
          .beta2 = a.at("betas")[1].as_double(),
          .eps = a.at("eps").as_double()};
}

void check_schedule(const std::string& file, const std::function<double(int64_t, const Json&)>& f) {
  for (const OpCase& c : op_cases(file)) {
    const std::vector<real> rates = c.out[0].to_vector();
    for (size_t s = 0; s < rates.size(); ++s)
      CHECK_MESSAGE(c.attrs.at("base_lr").as_double() * f(static_cast<int64_t>(s), c.attrs) ==
                        doctest::Approx(static_cast<double>(rates[s])).epsilon(1e-6),
                    c.id << " step " << s);
  }
}

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

NamedTensors copies(const NamedTensors& state) {
  NamedTensors all;
  for (const NamedTensor& entry : state) all.push_back({entry.name, copy(entry.tensor)});
  return all;
}

}  // namespace

TEST_CASE("sgd: equal to PyTorch over 20 steps") {
  check_optimizer("optim_sgd", [](std::vector<ParameterGroup> groups, const Json& a) {
    return std::make_unique<Sgd>(std::move(groups),
                                 SgdOptions{.momentum = a.get("momentum", 0.0),
                                            .dampening = a.get("dampening", 0.0),
                                            .nesterov = a.get("nesterov", false)});
  });
}

TEST_CASE("adam: equal to PyTorch over 20 steps") {
  check_optimizer("optim_adam", [](std::vector<ParameterGroup> groups, const Json& a) {
    return std::make_unique<Adam>(std::move(groups), adam_options(a));
  });
}

TEST_CASE("adamw: equal to PyTorch over 20 steps, with groups") {
  check_optimizer("optim_adamw", [](std::vector<ParameterGroup> groups, const Json& a) {
    return std::make_unique<AdamW>(std::move(groups), adam_options(a));
  });
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
  CHECK(has(text, "unknown: exp_avg.v"));
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

TEST_CASE("clipping: the norm before, and gradients of the wanted length, as PyTorch") {
  for (OpCase& c : op_cases("clip_grad_norm")) {
    const Json& type = c.attrs.at("norm_type");
    if (type.is_string() || type.as_double() != 2) continue;  // Cairn's is the Euclidean norm
    Tensor a = Tensor::zeros(c.in.at("g0").shape()).set_requires_grad();
    Tensor b = Tensor::zeros(c.in.at("g1").shape()).set_requires_grad();
    a.set_grad(copy(c.in.at("g0")));
    b.set_grad(copy(c.in.at("g1")));
    const double norm = clip_grad_norm({{"a", a}, {"b", b}}, c.attrs.at("max_norm").as_double());
    CHECK(norm == doctest::Approx(static_cast<double>(c.out[0].item())).epsilon(1e-6));
    CHECK_MESSAGE(relative_difference(a.grad(), c.out[1]) <= c.out_bound, c.id);
    CHECK_MESSAGE(relative_difference(b.grad(), c.out[2]) <= c.out_bound, c.id);
  }
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

TEST_CASE("schedules: equal to those of Transformers, at each step and past the end") {
  check_schedule("sched_hf_linear_warmup", [](int64_t s, const Json& a) {
    return linear_with_warmup(s, a.at("warmup").as_int(), a.at("total").as_int());
  });
  check_schedule("sched_hf_cosine_warmup", [](int64_t s, const Json& a) {
    return cosine_with_warmup(s, a.at("warmup").as_int(), a.at("total").as_int(),
                              a.at("cycles").as_double());
  });
  check_schedule("sched_hf_constant_warmup", [](int64_t s, const Json& a) {
    return constant_with_warmup(s, a.at("warmup").as_int());
  });
}

TEST_CASE(
    "schedules: warm-up starts at 0, its end is the top, the end is 0; no warm-up is no fault") {
  CHECK(linear_with_warmup(0, 10, 100) == 0);
  CHECK(linear_with_warmup(10, 10, 100) == 1);
  CHECK(linear_with_warmup(55, 10, 100) == 0.5);
  CHECK(linear_with_warmup(100, 10, 100) == 0);
  CHECK(linear_with_warmup(0, 0, 10) == 1);
  CHECK(linear_with_warmup(5, 5, 5) == 0);
  CHECK(cosine_with_warmup(0, 0, 1) == 1);
  CHECK(constant_with_warmup(0, 0) == 1);
}
