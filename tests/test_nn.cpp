// Modules: the walk, modes, freezing, the state dict, printing, Sequential; the small layers.
#include <doctest/doctest.h>

#include "core/autograd/autograd.h"
#include "core/io/tensor_file.h"
#include "nn/more/print.h"
#include "nn/more/sequential.h"
#include "nn/more/transformer.h"
#include "tests/folders.h"
#include "tests/support.h"

using namespace cairn;
using namespace cairn::test;

namespace {

TransformerEncoder small_encoder(int64_t layers, double dropout = 0) {
  return TransformerEncoder(
      {.d_model = 8, .nhead = 2, .dim_feedforward = 12, .dropout = dropout, .activation = gelu},
      layers, FinalNorm::yes, Init{.std = 0.3});
}

NamedTensors copies(const NamedTensors& state) {
  NamedTensors all;
  for (const NamedTensor& entry : state) all.push_back({entry.name, copy(entry.tensor)});
  return all;
}

}  // namespace

TEST_CASE("module: the walk gives parameters their full names, in order") {
  TransformerEncoder encoder = small_encoder(2);
  std::vector<std::string> names;
  for (const NamedTensor& p : encoder.named_parameters()) names.push_back(p.name);
  CHECK(names.size() == 2 * 12 + 2);
  CHECK(names[0] == "layers.0.self_attn.in_proj_weight");
  CHECK(names[12] == "layers.1.self_attn.in_proj_weight");
  CHECK(names.back() == "norm.bias");
  const int64_t layer = 3 * 8 * 8 + 3 * 8 + 8 * 8 + 8 + 2 * 8 * 12 + 12 + 8 + 4 * 8;
  CHECK(encoder.parameter_count() == 2 * layer + 16);
}

TEST_CASE("module: train and eval reach every module") {
  TransformerEncoder encoder = small_encoder(2, 0.5);
  CHECK(encoder.layers[1].dropout.training());
  const Tensor x = random_tensor({3, 8}, 1);
  CHECK(difference(encoder(x), encoder(x)) > 0.01);
  encoder.eval();
  CHECK_FALSE(encoder.layers[1].dropout.training());
  CHECK(same(encoder(x), encoder(x)));
}

TEST_CASE("module: without dropout, training mode gives the numbers of evaluation mode") {
  TransformerEncoder encoder = small_encoder(2);
  const Tensor x = random_tensor({3, 8}, 1), trained = encoder(x);
  CHECK(same(trained, encoder(x)));
  encoder.eval();
  CHECK(same(trained, encoder(x)));
}

TEST_CASE("module: parameters are frozen by a part of their path, never by a part of a word") {
  TransformerEncoder encoder = small_encoder(2);
  CHECK(encoder.set_trainable("layers.0.linear1", false) == 2);
  CHECK_FALSE(encoder.layers[0].linear1.weight.requires_grad());
  CHECK(encoder.layers[0].linear2.weight.requires_grad());
  CHECK(encoder.set_trainable("norm.bias", false) == 1);
  CHECK(encoder.set_trainable("", true) == 26);
  CHECK(has(error_of([&] { encoder.set_trainable("layers.0.linear", false); }), "layers.0.linear"));
}

TEST_CASE("module: parameters are frozen by a pattern") {
  TransformerEncoder encoder = small_encoder(2);
  CHECK(encoder.set_trainable("layers.*.linear1.bias", false) == 2);
  CHECK_FALSE(encoder.layers[1].linear1.bias.requires_grad());
  CHECK(encoder.layers[1].linear1.weight.requires_grad());
  CHECK(encoder.set_trainable("layers.*.bias", false) == 2 * 5);
  CHECK(encoder.set_trainable("layers.[1-9]", false) == 12);
  CHECK(encoder.set_trainable("layers.?.norm?", true) == 8);
  CHECK(encoder.set_trainable("*", true) == 26);
  CHECK(has(error_of([&] { encoder.set_trainable("layers.0.linear1.wieght", false); }),
            "did you mean layers.0.linear1.weight?"));
}

TEST_CASE("module: what is frozen gets no gradient") {
  TransformerEncoder encoder = small_encoder(1);
  encoder.set_trainable("layers.*.self_attn", false);
  sum(encoder(random_tensor({3, 8}, 1))).backward();
  CHECK_FALSE(encoder.layers[0].self_attn.in_proj_weight.grad().defined());
  CHECK(encoder.layers[0].linear1.weight.grad().defined());
}

TEST_CASE("module: an error quotes the path of modules and the user's line") {
  TransformerEncoder encoder = small_encoder(1);
  encoder.eval();  // any walk tells the modules their names
  const auto call = [&] { encoder(Tensor::zeros({3, 5})); };
  const std::string text = error_of(call);
  CHECK_MESSAGE(has(text, "TransformerEncoder > layers.0"), text);
  CHECK(has(text, "test_nn.cpp:" + std::to_string(__LINE__ - 3)));
}

TEST_CASE("state dict: another module that loads it gives the same bits") {
  TransformerEncoder a = small_encoder(2), b = small_encoder(2);
  const Tensor x = random_tensor({3, 8}, 1);
  CHECK_FALSE(same(a(x), b(x)));
  CHECK(b.load_state_dict(a.state_dict()).missing.empty());
  CHECK(same(a(x), b(x)));
  b.layers[0].linear1.weight.write()[0] += 1;  // b has numbers of its own
  CHECK_FALSE(same(a(x), b(x)));
}

TEST_CASE("state dict: has the frozen parameters too, without history, and copies bit for bit") {
  TransformerEncoder a = small_encoder(2), b = small_encoder(2);
  a.set_trainable("norm", false);
  const NamedTensors state = a.state_dict();
  CHECK(state.size() == 26);
  for (const NamedTensor& p : state) CHECK_FALSE(p.tensor.requires_grad());
  b.load_state_dict(copies(state));
  for (size_t i = 0; i < state.size(); ++i) CHECK(same(state[i].tensor, b.state_dict()[i].tensor));
}

TEST_CASE("state dict: through a file and back, bit for bit") {
  const TempFolder folder;
  TransformerEncoder a = small_encoder(1), b = small_encoder(1);
  save_tensors(folder / "encoder.safetensors", a.state_dict());
  b.load_state_dict(load_tensors(folder / "encoder.safetensors"));
  const Tensor x = random_tensor({3, 8}, 1);
  CHECK(same(a(x), b(x)));
  save_tensors(folder / "strided.safetensors", {{"t", transpose(x, 0, 1)}});
  CHECK(same(load_tensors(folder / "strided.safetensors")[0].tensor, transpose(x, 0, 1)));
}

TEST_CASE("state dict: strict loading lists every fault at once, and changes nothing") {
  TransformerEncoder encoder = small_encoder(1);
  NamedTensors state = copies(encoder.state_dict());
  const NamedTensors before = copies(state);
  for (NamedTensor& p : state) p.tensor.fill_(7);
  state[0].name = "layers.0.self_attn.in_proj_wieght";
  state[1].tensor = Tensor::zeros({5});
  state.push_back({"classifier.weight", Tensor::zeros({2, 8})});
  const std::string text = error_of([&] { encoder.load_state_dict(state); });
  CHECK_MESSAGE(has(text,
                    "missing: layers.0.self_attn.in_proj_weight (nearest: "
                    "layers.0.self_attn.in_proj_wieght)"),
                text);
  CHECK(has(text, "unexpected: layers.0.self_attn.in_proj_wieght"));
  CHECK(has(text, "unexpected: classifier.weight"));
  CHECK(has(text, "shape: layers.0.self_attn.in_proj_bias is (5,), not (24,)"));
  CHECK(has(text, "test_nn.cpp"));
  for (size_t i = 0; i < before.size(); ++i)
    CHECK(same(before[i].tensor, encoder.state_dict()[i].tensor));
}

TEST_CASE("state dict: loading that is not strict takes what fits and returns the rest") {
  TransformerEncoder encoder = small_encoder(1);
  NamedTensors state{{"norm.bias", Tensor::ones({8})}, {"pooler.bias", Tensor::ones({8})}};
  const Unmatched unmatched = encoder.load_state_dict(state, false);
  CHECK(same(encoder.norm->bias, Tensor::ones({8})));
  CHECK(unmatched.missing.size() == 13);
  CHECK(unmatched.unexpected == std::vector<std::string>{"pooler.bias"});
  state[0].tensor = Tensor::ones({9});
  CHECK(has(error_of([&] { encoder.load_state_dict(state, false); }), "norm.bias is (9,)"));
}

TEST_CASE("print: a tree with the types of modules and the shapes of parameters") {
  Sequential model(Linear(2, 4), relu, Sequential(Linear(4, 1, Bias::no)));
  model.set_trainable("0.bias", false);
  CHECK(to_string(model) ==
        "Sequential, 16 parameters, 4 of them frozen\n"
        "  0  Linear\n"
        "    weight  (4, 2)\n"
        "    bias  (4,)  frozen\n"
        "  1  Function\n"
        "  2  Sequential\n"
        "    0  Linear\n"
        "      weight  (1, 4)\n");
}

TEST_CASE("print: a name that begins with another's is beside it, not below it") {
  struct Two : Module {
    Linear norm{1, 1, Bias::no}, norm_out{1, 1, Bias::no};
    Two() : Module("Two") {}
    void visit(ModuleVisitor& v) override { v("norm", norm), v("norm_out", norm_out); }
  } two;
  CHECK(to_string(two) ==
        "Two, 2 parameters\n"
        "  norm  Linear\n"
        "    weight  (1, 1)\n"
        "  norm_out  Linear\n"
        "    weight  (1, 1)\n");
}

TEST_CASE("sequential: its steps one after the other, under their numbers") {
  Sequential model(Linear(2, 4), relu, Linear(4, 1));
  const NamedTensors p = model.named_parameters();
  REQUIRE(p.size() == 4);
  CHECK(p[2].name == "2.weight");
  const Tensor x = random_tensor({3, 2}, 1);
  CHECK(
      same(model(x), linear(relu(linear(x, p[0].tensor, p[1].tensor)), p[2].tensor, p[3].tensor)));
  CHECK(same(Sequential()(x), x));
  Sequential moved = std::move(model);
  moved.add(Dropout(0.5));
  moved.eval();
  CHECK(moved.size() == 4);
  CHECK(moved(x).shape() == Shape{3, 1});
  CHECK(has(error_of([&] { moved(Tensor::zeros({3, 5})); }), "Sequential > 0"));
}

TEST_CASE(
    "sequential: takes ops that C has too, lambdas, modules of one's own, other Sequentials") {
  struct Twice : Module {
    Twice() : Module("Twice") {}
    void visit(ModuleVisitor&) override {}
    Tensor operator()(const Tensor& x) { return 2 * x; }
  };
  const Tensor x = abs(random_tensor({3, 2}, 1)) + 1;
  CHECK(same(Sequential(tanh)(x), cairn::tanh(x)));
  CHECK(same(Sequential(exp, log, sqrt, abs, sin, cos, erf)(x),
             erf(cos(sin(abs(sqrt(log(exp(x)))))))));
  CHECK(same(Sequential([](const Tensor& t) { return softmax(t); })(x), softmax(x)));
  const real shift = 3;
  CHECK(same(Sequential([shift](const Tensor& t, Where) { return t + shift; })(x), x + 3));
  CHECK(same(Sequential(Twice(), relu)(x), 2 * x));
  Sequential nested(Sequential(Linear(2, 4), tanh), Linear(4, 1, Bias::no));
  CHECK(nested.named_parameters()[0].name == "0.0.weight");
  CHECK(nested(x).shape() == Shape{3, 1});
  CHECK(Sequential(TransformerEncoderLayer({.d_model = 2, .nhead = 1}))(x).shape() == Shape{3, 2});
  CHECK(has(error_of([] { Sequential bad(activation("no such")); }), "null"));
}

TEST_CASE("linear, layer norm, dropout: bias is optional, eps and p are the caller's") {
  Linear plain(4, 3, Bias::no);
  CHECK(plain.named_parameters().size() == 1);
  const Tensor x = random_tensor({2, 4}, 1);
  CHECK(difference(plain(x), matmul(x, transpose(plain.weight, 0, 1))) < 1e-6);
  LayerNorm loose(4, 1.0), tight(4, 1e-12);
  CHECK(difference(loose(x), tight(x)) > 0.1);
  CHECK(LayerNorm(4, 1e-5, Bias::no).named_parameters().size() == 1);
  CHECK(has(error_of([] { Dropout bad(1.5); }), "1.5"));
}
