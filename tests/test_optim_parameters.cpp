// Which parameters an optimiser takes, which it refuses and in which words, and whom it tells.
#include <doctest/doctest.h>

#include "core/autograd/autograd.h"
#include "core/autograd/observer.h"
#include "optim/more/ema.h"
#include "optim/more/sgd.h"
#include "tests/bounds.h"
#include "tests/paths.h"

using namespace cairn;
using namespace cairn::test;

namespace {

Tensor leaf(const Shape& shape) { return Tensor::ones(shape).set_requires_grad(); }

// Numbers from `begin` to `end` of `whole`, as a parameter.
Tensor part(const Tensor& whole, int64_t begin, int64_t end) {
  return slice(whole, 0, begin, end).set_requires_grad();
}

}  // namespace

TEST_CASE("optimizer: parameters that it can't move are refused in these words") {
  const Tensor whole = Tensor::ones({6}), a = leaf({2}), computed = a * 2;
  const Tensor strided = transpose(Tensor::ones({2, 3}), 0, 1).set_requires_grad();
  const std::string once =
      "a tensor that several modules share is one handle, b.weight = a.weight, which "
      "named_parameters() lists once";
  check_errors({
      {"[optimizer] the parameter x was computed by [affine]",
       "optimise the leaves that it is computed from, or detach() it",
       [&] {
         SGD bad(NamedTensors{{"x", computed}});
       }},
      {"[optimizer] the parameter x is a strided view",
       "optimise the tensor that it is a view of, or a copy()",
       [&] {
         SGD bad(NamedTensors{{"x", strided}});
       }},
      {"[optimizer] the parameter y is there twice, first as x", once,
       [&] {
         SGD bad(NamedTensors{{"x", a}, {"y", a}});
       }},
      {"[optimizer] the parameters x and y share memory", once,
       [&] {
         SGD bad(NamedTensors{{"x", part(whole, 0, 3)}, {"y", part(whole, 2, 4)}});
       }},
      {"[optimizer] the parameters y and x share memory", once,
       [&] {
         SGD bad(NamedTensors{{"x", part(whole, 3, 6)}, {"y", part(whole, 2, 4)}});
       }},
      {"", "",
       [&] {
         SGD(NamedTensors{{"x", part(whole, 3, 6)}, {"y", part(whole, 0, 3)}});
       }},
      {"", "",
       [] {
         SGD(NamedTensors{{"x", leaf({0})}, {"y", leaf({0})}});
       }},
      {"[optimizer] the parameter x is there twice",
       "is it in two groups, or does visit() give two the same name?",
       [&] {
         SGD bad(std::vector<ParameterGroup>{{.parameters = {{"x", a}}},
                                             {.parameters = {{"x", leaf({2})}}}});
       }},
      {"[optimizer] there are no parameters",
       "a module's visit() names what named_parameters() lists", [] { SGD bad(NamedTensors{}); }},
      {"[optimizer] all 2 parameters are frozen",
       "module.set_trainable(\"\", true) lets all be trained, a pattern some",
       [] {
         SGD bad(NamedTensors{{"x", Tensor::ones({2})}, {"y", Tensor::ones({2})}});
       }},
      {"", "",
       [] {
         SGD(NamedTensors{{"x", Tensor::ones({2})}, {"y", leaf({2})}});
       }},
      {"", "",
       [] {
         SGD(NamedTensors{{"x", leaf({2})}, {"y", Tensor::ones({2})}});
       }},
      {"[optimizer] the names or shapes do not match",
       "was it saved by the same optimiser for the same model?",
       [&] {
         SGD(NamedTensors{{"x", a}}).load_state({{"step.y", Tensor::scalar(1)}});
       }},
      {"[Ema] the names or shapes do not match", "was it saved for the same model?",
       [&] {
         Ema(NamedTensors{{"x", a}}, 0.5).load_state({});
       }},
  });
}

TEST_CASE("decay_groups: by the number of axes, each in its order") {
  const NamedTensors all{{"scalar", leaf({})},      {"w", leaf({2, 3})},
                         {"b", leaf({3})},          {"frozen", Tensor::ones({2, 2})},
                         {"conv", leaf({2, 3, 1})}, {"row", leaf({1, 3})}};
  const std::vector<ParameterGroup> groups = decay_groups(all, 0.25);
  const auto names = [](const ParameterGroup& group) {
    std::vector<std::string> list;
    for (const NamedTensor& p : group.parameters) list.push_back(p.name);
    return list;
  };
  REQUIRE(groups.size() == 2);
  CHECK(names(groups[0]) == std::vector<std::string>{"w", "conv", "row"});
  CHECK(names(groups[1]) == std::vector<std::string>{"scalar", "b"});
  for (const ParameterGroup& group : groups) CHECK(group.lr_scale == 1);
  CHECK(groups[0].weight_decay == 0.25);
  CHECK(groups[1].weight_decay == 0);
  CHECK(decay_groups({{"b", leaf({2})}}, 0.25)[0].parameters.empty());  // one kind is enough
  SGD optimizer(groups);
  std::vector<std::string> listed;
  for (const NamedTensor& p : optimizer.parameters()) listed.push_back(p.name);
  CHECK(listed == std::vector<std::string>{"w", "conv", "row", "scalar", "b"});
}

TEST_CASE("optimizer: observers are told of each step and its line, also of one that fails") {
  struct Count : Observer {
    int before = 0, after = 0;
    Where where;
    void before_step(Where w) override { ++before, where = w; }
    void after_step() override { ++after; }
  } outer, inner;
  Tensor p = leaf({2}), q = leaf({2, 2});
  SGD optimizer(NamedTensors{{"p", p}, {"q", q}});
  optimizer.step(0.1);
  const int line = __LINE__ - 1;
  for (const Count* count : {&outer, &inner}) {
    CHECK(count->before == 1);
    CHECK(count->after == 1);
    CHECK(to_string(count->where) == "test_optim_parameters.cpp:" + std::to_string(line));
  }
  q.set_grad(Tensor::ones({2, 2}));
  q.impl().strides = {1, 3};  // no optimiser would have taken it so
  CHECK(error_of([&] { optimizer.step(0.1); }) != "");
  CHECK(outer.before == 2);
  CHECK(outer.after == 2);
  CHECK(error_of([&] { optimizer.step(-1); }) != "");  // refused before it begins
  CHECK(outer.before == 2);
}

TEST_CASE("ema: several updates of several parameters are the running average of each") {
  Tensor a = Tensor::of({1, 2}).set_requires_grad(), b = Tensor::of({{4}}).set_requires_grad();
  Ema ema({{"a", a}, {"b", b}}, 0.9);
  double average[] = {1, 2, 4};
  const NoGrad no_grad;
  for (int s = 1; s <= 5; ++s) {
    a.copy_(tensor_of({1.0 * s, -2.0 * s}));
    b.fill_(static_cast<real>(3 * s));
    ema.update();
    const double now[] = {1.0 * s, -2.0 * s, 3.0 * s};
    for (int i = 0; i < 3; ++i) average[i] = 0.9 * average[i] + 0.1 * now[i];
    check_close(ema.state()[0].tensor, {average[0], average[1]});
    check_close(reshape(ema.state()[1].tensor, {1}), {average[2]});
  }
  CHECK(ema.state()[0].name == "a");
  ema.swap();
  check_close(a, {average[0], average[1]});
  check_close(ema.state()[0].tensor, {5, -10});
  for (const double none : {0.0, 0.5}) {  // with decay 0 the average is the last
    Ema last({{"a", a}}, none);
    last.update();
    CHECK(same(last.state()[0].tensor, a));
  }
}
