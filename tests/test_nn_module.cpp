// Module: the walk, hook by hook; what each use of it reaches; printing.
#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdio>
#include <sstream>

#include "core/autograd/autograd.h"
#include "nn/layers.h"
#include "nn/more/print.h"
#include "tests/bounds.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

// A parameter, a child, a list, an undefined parameter; counts how often it is walked.
struct Block : Module {
  Tensor scale = Tensor::ones({3}).set_requires_grad(), none;
  Linear first{2, 3};
  ModuleList<Dropout> list;
  int walked = 0;
  Block() : Module("Block") {
    for (int i = 0; i < 2; ++i) list.emplace_back(0.5);
  }
  void visit(ModuleVisitor& v) override {
    ++walked;
    v("scale", scale);
    v("none", none);
    v("first", first);
    v("list", list);
  }
};

struct Model : Module {
  ModuleList<Block> blocks;
  Embedding table{4, 2};
  int walked = 0;
  Model() : Module("Model") {
    for (int i = 0; i < 2; ++i) blocks.emplace_back();
  }
  void visit(ModuleVisitor& v) override {
    ++walked;
    v("blocks", blocks);
    v("table", table);
  }
};

struct Log : ModuleVisitor {
  std::vector<std::string> lines;
  void module(const std::string& path, Module& m) override {
    lines.push_back("module " + path + ": " + m.kind());
  }
  void parameter(const std::string& path, Tensor& t) override {
    lines.push_back(path + " " + to_string(t.shape()));
  }
};

// What f writes on standard output.
std::string printed(const std::function<void()>& f) {
  std::FILE* file = std::tmpfile();
  std::fflush(stdout);
  const int before = ::dup(1);
  ::dup2(::fileno(file), 1);
  f();
  std::fflush(stdout);
  ::dup2(before, 1);
  ::close(before);
  std::rewind(file);
  std::string text;
  for (int c; (c = std::fgetc(file)) != EOF;) text += static_cast<char>(c);
  std::fclose(file);
  return text;
}

}  // namespace

TEST_CASE("module: the walk tells the root, each child before what is below it, no undefined one") {
  Model model;
  Log log;
  model.walk(log);
  CHECK(log.lines == std::vector<std::string>{
                         "module : Model", "module blocks.0: Block", "blocks.0.scale (3,)",
                         "module blocks.0.first: Linear", "blocks.0.first.weight (3, 2)",
                         "blocks.0.first.bias (3,)", "module blocks.0.list.0: Dropout",
                         "module blocks.0.list.1: Dropout", "module blocks.1: Block",
                         "blocks.1.scale (3,)", "module blocks.1.first: Linear",
                         "blocks.1.first.weight (3, 2)", "blocks.1.first.bias (3,)",
                         "module blocks.1.list.0: Dropout", "module blocks.1.list.1: Dropout",
                         "module table: Embedding", "table.weight (4, 2)"});
  CHECK(model.parameter_count() == 2 * (3 + 6 + 3) + 8);
}

TEST_CASE("module: train and eval set the root, every child and every one of a list, or a part") {
  Model model;
  const auto modes = [&] {
    std::vector<bool> all{model.training(), model.table.training()};
    for (Block& b : model.blocks)
      for (const Module* m : std::vector<const Module*>{&b, &b.first, &b.list[0], &b.list[1]})
        all.push_back(m->training());
    return all;
  };
  CHECK(modes() == std::vector<bool>(10, true));
  model.eval();
  CHECK(modes() == std::vector<bool>(10, false));
  model.train();
  CHECK(modes() == std::vector<bool>(10, true));
  model.train(false);
  CHECK(modes() == std::vector<bool>(10, false));
  model.blocks[0].train(true);
  CHECK(modes() == std::vector<bool>{0, 0, 1, 1, 1, 1, 0, 0, 0, 0});
  Dropout alone;
  alone.eval();
  CHECK_FALSE(alone.training());
}

TEST_CASE(
    "module: a name is its type at the root, else the last of its path - one walk tells all") {
  Model model;
  for (int i = 0; i < 3; ++i) CHECK(std::string(model.name()) == "Model");
  CHECK(model.walked == 1);
  CHECK(model.blocks[1].walked == 1);
  CHECK(std::string(model.blocks[1].name()) == "blocks.1");
  CHECK(std::string(model.blocks[1].first.name()) == "first");
  CHECK(std::string(model.table.name()) == "table");
  CHECK(model.walked == 1);  // they know already
  CHECK(model.blocks[1].walked == 1);
  CHECK(std::string(model.kind()) == "Model");
}

TEST_CASE("module: zero_grad lets go of every gradient, frozen parameters' too") {
  Model model;
  for (NamedTensor& p : model.named_parameters()) p.tensor.set_grad(Tensor::ones(p.tensor.shape()));
  for (NamedTensor& p : model.named_parameters()) CHECK(p.tensor.grad().defined());
  model.zero_grad();
  for (NamedTensor& p : model.named_parameters()) CHECK_FALSE(p.tensor.grad().defined());
}

TEST_CASE("module: errors of loading and freezing say what to do next") {
  Linear layer(2, 3);
  const NamedTensors short_bias{{"weight", Tensor::ones({3, 2})}, {"bias", Tensor::ones({2})}};
  check_errors({
      {"[Linear] the names or shapes do not match",
       "named_parameters() lists the names; or load with strict = false",
       [&] { layer.load_state_dict(short_bias); }},
      {"[Linear] the names or shapes do not match", "named_parameters() lists the shapes",
       [&] { layer.load_state_dict(short_bias, false); }},
      {"[set_trainable] no parameter is called or lies below \"weigt\"", "did you mean weight?",
       [&] { layer.set_trainable("weigt", false); }},
      {"[set_trainable] no parameter is called or lies below \"xyz-xyz-xyz\"",
       "named_parameters() lists the names", [&] { layer.set_trainable("xyz-xyz-xyz", false); }},
  });
  Dropout none;
  CHECK(has(error_of([&] { none.set_trainable("", false); }), "[set_trainable]"));
}

TEST_CASE("module: a pattern's star stands for slashes too, and freezes what it names alone") {
  struct Odd : Module {
    Tensor a = Tensor::ones({1}).set_requires_grad(), b = Tensor::ones({1}).set_requires_grad();
    Odd() : Module("Odd") {}
    void visit(ModuleVisitor& v) override { v("x/y", a), v("x.z/w", b); }
  } odd;
  CHECK(odd.set_trainable("x*y", false) == 1);
  CHECK_FALSE(odd.a.requires_grad());
  CHECK(odd.b.requires_grad());
  CHECK(odd.set_trainable("x", false) == 1);  // lies below x: x.z/w
  CHECK_FALSE(odd.b.requires_grad());
  CHECK(odd.set_trainable("*", true) == 2);
}

TEST_CASE("print: the stream and print() show to_string()'s tree, with shared and frozen ones") {
  struct Tied : Module {
    Linear in{1, 2, Bias::no}, out{1, 2, Bias::no};
    Tensor one = Tensor::ones({1});
    Tied() : Module("Tied") { out.weight = in.weight; }
    void visit(ModuleVisitor& v) override { v("in", in), v("out", out), v("one", one); }
  } model;
  const std::string expected =
      "Tied, 3 parameters, 1 of them frozen\n"
      "  in  Linear\n"
      "    weight  (2, 1)\n"
      "  out  Linear\n"
      "    weight  (2, 1)  is in.weight\n"
      "  one  (1,)  frozen\n";
  CHECK(to_string(model) == expected);
  std::ostringstream out;
  out << model;
  CHECK(out.str() == expected);
  CHECK(printed([&] { print(model); }) == expected);
  model.set_trainable("", false);
  CHECK(to_string(model).starts_with("Tied, 3 parameters, 3 of them frozen\n"));  // each once
  Dropout none;
  CHECK(to_string(none) == "Dropout, 0 parameters\n");
}
