// What a newcomer tries first either compiles, or is refused in a few lines; where a fault would end
// in pages about templates, they hold a sentence that says what to write instead.
#include <doctest/doctest.h>

#include "tests/compiler.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

struct Probe {
  std::string code;        // the body of a function with the parameters below
  std::string sentence;    // a part of the compiler's text, if it is ours
  std::string above = "";  // what stands before the function
};

const std::string net = "struct Net : Module { Linear a{2, 2}; Net() : Module(\"Net\") {} ";

std::string function(const Probe& p, const std::string& name = "probe") {
  return p.above + "\nvoid " + name +
         "(Tensor x, Tensor y, Ids ids, Linear model, Tensor loss, Tensor logits, Ids labels) {\n" +
         p.code + "\n}\n";
}

const std::vector<Probe> refused = {
    {"x.sum();", ""},
    {"x.view(2, 3);", ""},
    {"x.shape[0];", ""},
    {"x.T;", ""},
    {"len(x);", ""},
    {"x ** 2;", ""},
    {"x += y;", ""},
    {"softmax(x, dim = 1);", ""},
    {"Tensor t = {1, 2, 3};", ""},
    {"Tensor t = 3;", ""},
    {"float f = loss;", ""},
    {"return loss.item();", ""},
    {"x.grad.data();", ""},
    {"model.forward(x);", ""},
    {"model(ids);", ""},
    {"AdamW optimizer(model.parameters());", ""},
    {"AdamW optimizer(model.named_parameters(), 1e-3);", ""},
    {"Tensor::zeros(2, 3);", "braces: zeros({2, 3})"},
    {"Tensor::ones(2, 3);", "braces: ones({2, 3})"},
    {"Tensor::randn(2, 3, 4);", "braces: randn({2, 3})"},
    {"Tensor::rand(2, 3);", "braces: rand({2, 3})"},
    {"sum(x, true);", "keepdim after them"},
    {"x = 5;", "x.fill_(5)"},
    {"x[0] = y;", "x[i].copy_(y)"},
    {"x[0] = 1.0;", "x.fill_(5)"},
    {"for (const Tensor& row : x) row.item();", "unbind(x)"},
    {"Linear(4, 8, false);", "Bias::no"},
    {"Linear again = model;", "std::move(model)"},
    {"Sequential(model, relu);", "std::move(model)"},
    {"Sequential(Linear(4, 8), 3);", "a step of Sequential maps a Tensor to a Tensor"},
    {"Sequential(Linear(4, 8), softmax);", "[](const Tensor& x) { return ...; }"},
    {"Sequential(Embedding(10, 4), Linear(4, 2));", "a step of Sequential"},
    {"Sequential s{Net()};", "derives from Module",
     "struct Net { Linear a{2, 2}; Tensor operator()(Tensor x) { return a(x); } };"},
    {"DataLoader loader(x, {.batch_size = 2});", "TensorDataset(x, labels)"},
    {"DataLoader loader(TensorDataset(x, 3));", "TensorDataset takes Tensors and Ids"},
    {"Net().train();", "visit", net + "};"},
    {"Net().train();", "visit() names modules",
     net + "int n = 0; void visit(ModuleVisitor& v) override { v(\"n\", n); } };"},
    {"Net().train();", "visit() names modules",
     net + "std::vector<std::unique_ptr<Linear>> b; "
           "void visit(ModuleVisitor& v) override { v(\"b\", b); } };"},
};

const std::vector<Probe> accepted = {
    {"x[0]; x[-1][2]; x > 0; x == y; 1 < x; Tensor::zeros(3); x.shape()[0];", ""},
    {"sum(x, 1); mean(x, -1, true); amax(x, 0); max(x); max(x, y); argmax(x); cat({x, y});", ""},
    {"reshape(x, -1); reshape(x, {2, -1}); expand(x, {2, 3}); squeeze(x); flip(x, 0);", ""},
    {"Tensor::of({1, 2, 3}); Tensor::of({{1, 2}, {3, 4}}); Tensor::of({{1, 2}}); x = {};", ""},
    {"std::cout << x << ids << x.shape() << model;", ""},
    {"mean(argmax(logits, 1) == labels).item(); ids == 0; slice(ids, 0, 0, 2);", ""},
    {"Linear(4, 8); Linear(4, 8, Bias::no); LayerNorm(8); Dropout(); Embedding(10, 4);", ""},
    {"Sequential(Linear(4, 8), tanh, exp, sqrt, Dropout(0.1), Linear(8, 2));", ""},
    {"Sequential([](const Tensor& t) { return softmax(t); }, [](auto t, Where) { return t; });",
     ""},
    {"AdamW optimizer(model.named_parameters(), {.lr = 1e-3, .weight_decay = 0.01}); "
     "optimizer.step(); optimizer.step(1e-3); SGD sgd(model.named_parameters());",
     ""},
    {"for (const auto& [in, out] : DataLoader(TensorDataset(x, labels), {.batch_size = 2})) "
     "cross_entropy(in, out);",
     ""},
    {"Net().train();", "",
     "struct Net : Module { Linear a{2, 2}; "
     "void visit(ModuleVisitor& v) override { v(\"a\", a); } };"},
};

// The headers of a first program, compiled once for all probes.
class Prelude {
 public:
  explicit Prelude(const std::string& compiler) {
    std::string text;
    for (const char* header :
         {"core/autograd/autograd.h", "core/more/data_loader.h", "core/ops.h",
          "nn/more/sequential.h", "nn/more/transformer.h", "optim/adamw.h", "optim/more/sgd.h"})
      text += "#include \"" + std::string(header) + "\"\n";
    write_file_atomically(folder_ / "prelude.h", "#include <cmath>\n#include <iostream>\n" + text +
                                                     "using namespace cairn;\n");
#ifdef __clang__
    const std::string compiled = folder_ / "prelude.pch", use = " -include-pch " + compiled;
#else
    const std::string compiled = folder_ / "prelude.h.gch",
                      use = " -include " + (folder_ / "prelude.h");
#endif
    const Output made =
        run(compiler + " -x c++-header " + (folder_ / "prelude.h") + " -o " + compiled);
    REQUIRE_MESSAGE(made.code == 0, made.text);
    command_ = compiler + use + " -fsyntax-only " + (folder_ / "probe.cpp");
  }

  Output compile(const std::string& code) {
    write_file_atomically(folder_ / "probe.cpp", code);
    return run(command_);
  }

 private:
  TempFolder folder_;
  std::string command_;
};

}  // namespace

TEST_CASE("compiler text: what a newcomer tries first compiles, or is refused in a few lines") {
  const std::string compiler = compiler_or_skip();
  if (compiler.empty()) return;
  Prelude prelude(compiler);

  std::string all;  // one program of all that compiles, each in a namespace of its own
  for (size_t i = 0; i < accepted.size(); ++i)
    all += "namespace n" + std::to_string(i) + " {\n" + function(accepted[i]) + "}\n";
  const Output compiled = prelude.compile(all);
  CHECK_MESSAGE(compiled.code == 0, compiled.text);

  for (const Probe& probe : refused) {
    const Output ran = prelude.compile(function(probe));
    INFO(probe.code, "\n", ran.text);
    CHECK(ran.code != 0);
    CHECK(ran.lines() <= 20);
    CHECK(has(ran.text, probe.sentence));
  }
}
