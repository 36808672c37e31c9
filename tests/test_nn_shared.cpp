// Parameters that several modules share, and those that no visit() names.
#include <doctest/doctest.h>

#include "core/autograd/autograd.h"
#include "core/autograd/unnamed_leaves.h"
#include "core/io/tensor_file.h"
#include "nn/layers.h"
#include "nn/more/print.h"
#include "optim/clip.h"
#include "optim/more/clip_in_place.h"
#include "optim/more/ema.h"
#include "optim/more/sgd.h"
#include "tests/folders.h"
#include "tests/support.h"
#include "train/run.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// Two layers without bias; b's weight is a's if they are tied.
struct Two : Module {
  Linear a, b;
  explicit Two(bool tied, uint64_t seed = 1)
      : Module("Two"), a(2, 2, Bias::no, Init::none()), b(2, 2, Bias::no, Init::none()) {
    a.weight = random_leaf({2, 2}, seed);
    b.weight = tied ? a.weight : random_leaf({2, 2}, seed + 1);
  }
  void visit(ModuleVisitor& v) override {
    v("a", a);
    v("b", b);
  }
  Tensor operator()(const Tensor& x, Where where = Where::current()) {
    Scope scope(name(), where);
    return b(a(x));
  }
};

}  // namespace

TEST_CASE("tied weights: one parameter under its first name, counted and printed once") {
  Two model(true);
  const NamedTensors parameters = model.named_parameters();
  REQUIRE(parameters.size() == 1);
  CHECK(parameters[0].name == "a.weight");
  CHECK(model.parameter_count() == 4);
  CHECK(model.state_dict().size() == 1);
  CHECK(model.all_names().size() == 2);
  CHECK(model.all_names()[1].name == "b.weight");
  const std::string text = to_string(model);
  CHECK(has(text, "Two, 4 parameters"));
  CHECK(has(text, "is a.weight"));
  CHECK(Two(false).named_parameters().size() == 2);
}

TEST_CASE("tied weights: clipped once, moved once, averaged once") {
  Two model(true);
  sum(model(random_tensor({3, 2}, 5))).backward();
  const NamedTensors parameters = model.named_parameters();
  const Tensor g = copy(model.a.weight.grad()), before = copy(model.a.weight.detach());
  const double norm = std::sqrt(sum(g * g).item());
  CHECK(clip_grad_norm(parameters, norm / 2) == doctest::Approx(norm));
  CHECK(difference(model.b.weight.grad(), g * 0.5f) < 1e-5);
  SGD optimizer({{.parameters = parameters}});
  optimizer.step(0.1);
  CHECK(difference(model.b.weight, before - g * 0.05f) < 1e-5);
  Ema ema(parameters, 0);
  ema.update();
  ema.swap();
  CHECK(ema.state().size() == 1);
}

TEST_CASE("tied weights: a list that names one parameter twice clips and averages it once") {
  Tensor w = Tensor::of({8, 8});
  w.set_requires_grad().set_grad(Tensor::of({3, 4}));
  const NamedTensors twice = {{"a", w}, {"b", w}};
  CHECK(gradient_norm(twice) == doctest::Approx(5));
  CHECK(gradient_norm(twice, 1) == doctest::Approx(7));
  CHECK(clip_grad_norm(twice, 2.5) == doctest::Approx(5));
  CHECK(w.grad().to_vector()[1] == doctest::Approx(2));
  Ema ema(twice, 0.5);
  {
    const NoGrad no_grad;
    w.fill_(4);
  }
  ema.update();
  ema.swap();
  CHECK(w.to_vector() == std::vector<real>{6, 6});
  ema.swap();  // the weights themselves are not lost
  CHECK(w.to_vector() == std::vector<real>{4, 4});
}

TEST_CASE(
    "load_state_dict: a name that is there twice must mean one tensor, and a tensor numbers") {
  Linear layer(1, 1, Bias::no);
  const Tensor one = Tensor::ones({1, 1}), two = Tensor::full({1, 1}, 2);
  layer.load_state_dict({{"weight", one}, {"weight", copy(one)}});
  CHECK(layer.weight.item() == 1);
  CHECK(has(error_of([&] {
              layer.load_state_dict({{"weight", two}, {"weight", one}});
            }),
            "different: weight, which is there twice"));
  CHECK(has(error_of([&] { layer.load_state_dict({{"weight", Tensor()}}); }), "undefined: weight"));
  CHECK(layer.weight.item() == 1);
}

TEST_CASE("tied weights: the optimiser refuses one tensor under two names, and says what to do") {
  Two model(true);
  const std::string text = error_of([&] { SGD bad({{.parameters = model.all_names()}}); });
  CHECK(has(text, "b.weight is there twice, first as a.weight"));
  CHECK(has(text, "named_parameters() lists once"));
}

TEST_CASE("tied weights: saved once, and loaded by either name or by both") {
  const TempFolder folder;
  Two model(true), other(true, 7);
  save_tensors(folder / "f", model.named_parameters());
  CHECK(load_tensors(folder / "f").size() == 1);
  other.load_state_dict(load_tensors(folder / "f"));
  CHECK(same(other.b.weight, model.a.weight));

  const Tensor numbers = random_tensor({2, 2}, 9);
  other.load_state_dict({{"b.weight", numbers}});
  CHECK(same(other.a.weight, numbers));
  other.load_state_dict(model.all_names());
  CHECK(same(other.a.weight, model.a.weight));
  CHECK(other.a.weight.handle() == other.b.weight.handle());
}

TEST_CASE("tied weights: two names with different numbers are an error, and nothing is loaded") {
  Two model(true);
  const Tensor before = copy(model.a.weight.detach());
  const NamedTensors state{{"a.weight", random_tensor({2, 2}, 2)},
                           {"b.weight", random_tensor({2, 2}, 3)}};
  for (bool strict : {true, false}) {
    const std::string text = error_of([&] { model.load_state_dict(state, strict); });
    CHECK(has(text, "different: a.weight and b.weight, which are one tensor here"));
    CHECK(same(model.a.weight, before));
  }
  const std::string missing = error_of([&] { model.load_state_dict({}); });
  CHECK(has(missing, "missing: a.weight"));
  CHECK_FALSE(has(missing, "b.weight"));
  const std::string shape = error_of([&] {
    model.load_state_dict({{"a.weight", before}, {"b.weight", Tensor::zeros({3})}});
  });
  CHECK(has(shape, "shape: b.weight is (3,)"));
}

TEST_CASE("tied weights: frozen by either name") {
  Two model(true);
  CHECK(model.set_trainable("b", false) == 1);
  CHECK_FALSE(model.a.weight.requires_grad());
  CHECK(model.set_trainable("", true) == 1);
}

namespace {

struct Forgetful : Module {
  Linear named, forgotten;
  Forgetful() : Module("Forgetful"), named(2, 3), forgotten(3, 1) {}
  void visit(ModuleVisitor& v) override { v("named", named); }
};

}  // namespace

TEST_CASE("visit(): a child that it forgets is found from the loss, with op and line") {
  Forgetful model;
  const Tensor h = model.named(random_tensor({4, 2}, 1));
  const Tensor loss = sum(model.forgotten(h));
  const int line = __LINE__ - 1;
  const auto leaves = unnamed_leaves(loss, model.named_parameters());
  REQUIRE(leaves.size() == 2);
  CHECK(to_string(leaves[0]) ==
        "a tensor of shape (1, 3), in [linear] at test_nn_shared.cpp:" + std::to_string(line));
  CHECK(to_string(leaves[1]).starts_with("a tensor of shape (1,), in [linear]"));
  CHECK(unnamed_leaves(h, model.named_parameters()).empty());
  CHECK(unnamed_leaves(loss.detach(), {}).empty());
  CHECK(unnamed_leaves(model.named.weight, {}).size() == 1);
  loss.backward();  // the look at the history freed nothing
}

TEST_CASE("visit(): the trainer refuses a model with a forgotten child at its first step") {
  Forgetful model;
  RunOptions options;
  options.steps = 3;
  Run run(model, options, Json::object());
  const auto loss = [&](const Batch&) {
    return sum(model.forgotten(model.named(random_tensor({4, 2}, 1))));
  };
  const std::string text = error_of([&] { run.train_step({}, loss); });
  CHECK(has(text, "no visit() of the model names"));
  CHECK(has(text, "(1, 3), in [linear]"));
  CHECK(has(text, "hint: name the child"));
  CHECK_FALSE(model.forgotten.weight.grad().defined());

  model.forgotten.set_trainable("", false);  // on purpose
  CHECK(run.train_step({}, loss).step == 1);
}

namespace {

struct Deep : Module {
  ModuleList<Two> layers;
  Deep() : Module("Deep") {
    for (int i = 0; i < 2; ++i) layers.emplace_back(false);
  }
  void visit(ModuleVisitor& v) override { v("layers", layers); }
  Tensor operator()(const Tensor& x, Where where = Where::current()) {
    Scope scope(name(), where);
    return layers[1](layers[0](x));
  }
};

}  // namespace

TEST_CASE("module: an error before any walk quotes the path with the layers' numbers") {
  Deep model;
  model.layers[1].b.weight = Tensor::zeros({2, 5});
  const std::string text = error_of([&] { model(Tensor::zeros({3, 2})); });
  CHECK_MESSAGE(has(text, "in Deep > layers.1 > b ("), text);

  Two part(false);  // called by itself first, then a part of something else
  part(Tensor::zeros({3, 2}));
  CHECK(has(error_of([&] { part(Tensor::zeros({3, 5})); }), "in Two > a ("));
  Deep whole;
  whole.layers[0] = std::move(part);
  CHECK(has(error_of([&] { whole(Tensor::zeros({3, 5})); }), "in Deep > layers.0 > a ("));
}
