// Modules: the walk, modes, initial values; attention and encoder layers against PyTorch.
#include <doctest/doctest.h>

#include "core/autograd.h"
#include "nn/transformer.h"
#include "tests/op_cases.h"

using namespace cairn;
using namespace cairn::test;

namespace {

EncoderLayerOptions small(bool norm_first = false) {
  return {.size = 8,
          .heads = 2,
          .inner_size = 12,
          .eps = 1e-5,
          .dropout = 0,
          .act = "gelu",
          .norm_first = norm_first};
}

// Puts the case's inputs "p.NAME" into the parameters; each must be there, with its shape.
void fill(Module& module, const OpCase& c) {
  NoGrad no_grad;
  for (NamedTensor& p : module.named_parameters()) {
    const auto entry = c.in.find("p." + p.name);
    REQUIRE_MESSAGE(entry != c.in.end(), c.id << " has no " << p.name);
    p.tensor.copy_(entry->second);
  }
}

void check_case(Module& module, const OpCase& c, const std::map<std::string, Tensor>& leaves,
                const Tensor& y) {
  CHECK_MESSAGE(relative_difference(y, c.out[0]) <= c.out_bound, c.id);
  backward(y, c.gout[0]);
  for (const auto& entry : leaves) {
    const double off = relative_difference(entry.second.grad(), c.grad.at(entry.first));
    CHECK_MESSAGE(off <= c.grad_bound, c.id << ": " << entry.first);
  }
  for (const NamedTensor& p : module.named_parameters())
    CHECK_MESSAGE(relative_difference(p.tensor.grad(), c.grad.at("p." + p.name)) <= c.grad_bound,
                  c.id << ": " << p.name);
}

// The key padding mask (B, T) of a case, 1 = ignore, as a bias of the scores.
Tensor padding_bias(const Tensor& mask) {
  std::vector<real> bias;
  for (real hidden : mask.to_vector())
    bias.push_back(hidden != 0 ? -std::numeric_limits<real>::infinity() : 0);
  return Tensor::of({mask.size(0), 1, 1, mask.size(1)}, bias);
}

}  // namespace

TEST_CASE("module: the walk gives parameters their full names, in order") {
  Encoder encoder(2, small());
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
  EncoderLayerOptions options = small();
  options.dropout = 0.5;
  Encoder encoder(2, options);
  CHECK(encoder.layers[1].dropout.training());
  const Tensor x = random_tensor({3, 8}, 1);
  const Rows rows = Rows::equal(1, 3);
  CHECK(difference(encoder(x, rows), encoder(x, rows)) > 0.01);
  encoder.eval();
  CHECK_FALSE(encoder.layers[1].dropout.training());
  CHECK(same(encoder(x, rows), encoder(x, rows)));
}

TEST_CASE("module: parameters are frozen by a part of their path, never by a part of a word") {
  Encoder encoder(2, small());
  CHECK(encoder.set_trainable("layers.0.linear1", false) == 2);
  CHECK_FALSE(encoder.layers[0].linear1.weight.requires_grad());
  CHECK(encoder.layers[0].linear2.weight.requires_grad());
  CHECK(encoder.set_trainable("norm.bias", false) == 1);
  CHECK(encoder.set_trainable("", true) == 26);
  CHECK(has(error_of([&] { encoder.set_trainable("layers.0.linear", false); }), "layers.0.linear"));
}

TEST_CASE("module: an error quotes the path of modules and the user's line") {
  Encoder encoder(1, small());
  encoder.eval();  // any walk tells the modules their names
  const auto call = [&] { encoder(Tensor::zeros({3, 5}), Rows::equal(1, 3)); };
  const std::string text = error_of(call);
  CHECK_MESSAGE(has(text, "encoder > layers.0"), text);
  CHECK(has(text, "test_nn.cpp:" + std::to_string(__LINE__ - 3)));
}

TEST_CASE("init: a truncated normal stays within two deviations and is seeded") {
  Random random(3), again(3);
  Tensor a = Tensor::zeros({200, 100}), b = Tensor::zeros({200, 100});
  truncated_normal_(a, 0.02, random);
  truncated_normal_(b, 0.02, again);
  CHECK(same(a, b));
  double largest = 0, sum = 0, squares = 0;
  for (real x : a.to_vector()) {
    largest = std::max(largest, std::abs(static_cast<double>(x)));
    sum += static_cast<double>(x);
    squares += static_cast<double>(x) * static_cast<double>(x);
  }
  CHECK(largest <= 0.04 + 1e-9);
  CHECK(largest > 0.039);
  CHECK(std::abs(sum / 20000) < 0.0005);
  CHECK(std::sqrt(squares / 20000) == doctest::Approx(0.02 * 0.8796).epsilon(0.02));
}

TEST_CASE("linear, layer norm, dropout: bias is optional, eps and p are the caller's") {
  Linear plain(4, 3, {}, Linear::Bias::no);
  CHECK(plain.named_parameters().size() == 1);
  const Tensor x = random_tensor({2, 4}, 1);
  CHECK(difference(plain(x), matmul(x, transpose(plain.weight, 0, 1))) < 1e-6);
  LayerNorm loose(4, 1.0), tight(4, 1e-12);
  CHECK(difference(loose(x), tight(x)) > 0.1);
  CHECK(has(error_of([] { Dropout bad(1.5); }), "1.5"));
  CHECK(has(error_of([] { MultiheadAttention bad(8, 3); }), "3 heads"));
}

TEST_CASE("attention: padded and ragged give the same numbers, padding changes nothing") {
  MultiheadAttention attend(8, 2, 0, Init{.std = 0.3});
  const Rows rows = Rows::of_lengths({2, 4, 3});
  const Tensor ragged = random_tensor({9, 8}, 5);
  const Tensor padded = unpack(ragged, rows);
  const Tensor y = attend(ragged, rows);
  CHECK(difference(pack(attend(padded, rows), rows), y) < 1e-6);
  const Tensor all = attend(padded, Rows::equal(3, 4), padded, rows);  // computes all places
  CHECK(difference(pack(all, rows), y) < 1e-6);
  const Tensor wider = cat({padded, Tensor::full({3, 2, 8}, 100)}, 1);
  const Tensor wide = attend(wider, rows);
  CHECK(wide.shape() == Shape{3, 6, 8});
  CHECK(difference(pack(wide, rows), y) < 1e-6);
}

TEST_CASE("attention: a causal mask hides what comes later") {
  MultiheadAttention attend(8, 2, 0, Init{.std = 0.3});
  const Rows rows = Rows::of_lengths({5});
  Tensor x = random_tensor({5, 8}, 5);
  const Tensor before = attend(x, rows, {}, {}, {.causal = true, .bias = {}});
  x.write()[4 * 8] += 10;
  const Tensor after = attend(x, rows, {}, {}, {.causal = true, .bias = {}});
  CHECK(difference(slice(before, 0, 0, 4), slice(after, 0, 0, 4)) == 0);
  CHECK(difference(before, after) > 0.01);
}

TEST_CASE("attention: equal to PyTorch's nn.MultiheadAttention") {
  for (OpCase& c : op_cases("multihead_attention")) {
    const Tensor q = c.in.at("q").set_requires_grad();
    const bool self = !c.in.contains("k");
    const Tensor k = self ? Tensor() : c.in.at("k").set_requires_grad();
    const bool bias = c.attrs.at("bias").as_bool();
    MultiheadAttention attend(q.size(2), c.attrs.at("heads").as_int(), 0, {},
                              bias ? Linear::Bias::yes : Linear::Bias::no);
    fill(attend, c);
    if (c.gout.size() > 1 && difference(c.gout[1], Tensor::zeros(c.gout[1].shape())) > 0) {
      // The stored gradients include that of the averaged weights, which Cairn does not return.
      const Tensor y =
          attend(q, Rows::equal(q.size(0), q.size(1)), k, Rows::equal(k.size(0), k.size(1)));
      CHECK_MESSAGE(relative_difference(y, c.out[0]) <= c.out_bound, c.id);
      continue;
    }
    Mask mask{.causal = self, .bias = {}};
    if (c.in.contains("kpm")) mask.bias = padding_bias(c.in.at("kpm"));
    std::map<std::string, Tensor> leaves{{"q", q}};
    if (!self) leaves["k"] = k;
    check_case(attend, c, leaves,
               attend(q, Rows::equal(q.size(0), q.size(1)), k,
                      self ? Rows{} : Rows::equal(k.size(0), k.size(1)), mask));
  }
}

TEST_CASE("encoder layer: equal to PyTorch's, post-norm and pre-norm") {
  for (OpCase& c : op_cases("transformer_encoder_layer")) {
    const Tensor x = c.in.at("x").set_requires_grad();
    EncoderLayer layer({.size = x.size(2),
                        .heads = c.attrs.at("heads").as_int(),
                        .inner_size = c.attrs.at("ffn").as_int(),
                        .eps = c.attrs.at("eps").as_double(),
                        .dropout = 0,
                        .act = c.attrs.at("activation").as_string(),
                        .norm_first = c.attrs.at("norm_first").as_bool()});
    fill(layer, c);
    Mask mask;
    if (c.in.contains("kpm")) mask.bias = padding_bias(c.in.at("kpm"));
    check_case(layer, c, {{"x", x}}, layer(x, Rows::equal(x.size(0), x.size(1)), {}, mask));
  }
}

TEST_CASE("encoder: equal to PyTorch's nn.TransformerEncoder") {
  for (OpCase& c : op_cases("transformer_encoder")) {
    const Tensor x = c.in.at("x").set_requires_grad();
    Encoder encoder(c.attrs.at("layers").as_int(),
                    {.size = x.size(2),
                     .heads = c.attrs.at("heads").as_int(),
                     .inner_size = c.attrs.at("ffn").as_int(),
                     .eps = 1e-5,
                     .dropout = 0,
                     .act = c.attrs.at("activation").as_string(),
                     .norm_first = c.attrs.at("norm_first").as_bool()});
    fill(encoder, c);
    check_case(encoder, c, {{"x", x}}, encoder(x, Rows::equal(x.size(0), x.size(1))));
  }
}

TEST_CASE("encoder layer: key rows hide padding from every query") {
  EncoderLayer layer(small(true), Init{.std = 0.3});
  const Rows rows = Rows::of_lengths({2, 4});
  const Tensor ragged = random_tensor({6, 8}, 5);
  const Tensor padded = unpack(ragged, rows) + Tensor::ones({2, 4, 1});
  const Tensor y = layer(pack(padded, rows), rows);
  CHECK(difference(pack(layer(padded, Rows::equal(2, 4), rows), rows), y) < 1e-6);
  CHECK(has(error_of([&] { layer(ragged, rows, rows); }), "no padding"));
}
