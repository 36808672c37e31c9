// Attention and the Transformer's encoder, by the fixtures' names.
#include <cmath>

#include "nn/transformer.h"
#include "tools/fixtures_ops.h"
#include "tools/fixtures_values.h"

namespace cairn {
namespace {

using C = const OpCall&;

// 0 where the mask is 0, minus infinity where it is 1.
Tensor bias_of(const Tensor& mask, const Shape& shape) {
  std::vector<real> values = mask.to_vector();
  for (real& x : values) x = x != 0 ? -INFINITY : 0;
  return Tensor::of(shape, values);
}

// True keys are ignored: (B, Tk) -> a bias for (B, heads, Tq, Tk).
Tensor padding_bias(const Tensor& mask) {
  return bias_of(mask, {mask.size(0), 1, 1, mask.size(1)});
}

Outputs dot_product_attention(C c) {
  Tensor bias;
  if (c.has("mask")) bias = c["mask"];
  if (c.text("mask").starts_with("bool")) bias = bias_of(1 - bias, bias.shape());
  const real scale = c.has_attr("scale") ? c.number("scale") : 0;
  const bool causal = c.has_attr("is_causal");
  return {scaled_dot_product_attention(c["q"], c["k"], c["v"], bias, causal, scale)};
}

// Gives a module's parameters the case's inputs called "p." and their name.
struct Assign final : ModuleVisitor {
  const OpCall& c;
  explicit Assign(C call) : c(call) {}
  void parameter(const std::string& path, Tensor& tensor) override { tensor = c["p." + path]; }
};

// The attention weights' mean over the heads, (B, Tq, Tk), which Cairn's module does not give.
Tensor mean_weights(C c, const Tensor& q, const Tensor& k, int heads) {
  const int64_t size = q.size(-1), each = size / heads;
  const auto projected = [&](const Tensor& x, int part) {
    const auto rows = [&](const Tensor& w) { return slice(w, 0, part * size, (part + 1) * size); };
    const Tensor bias = c.has("p.in_proj_bias") ? rows(c["p.in_proj_bias"]) : Tensor();
    const Tensor y = linear(x, rows(c["p.in_proj_weight"]), bias);
    return transpose(reshape(y, {x.size(0), x.size(1), heads, each}), 1, 2);
  };
  const Tensor scores = matmul(projected(q, 0), transpose(projected(k, 1), -1, -2));
  return mean(softmax(scores / std::sqrt(static_cast<real>(each))), {1});
}

Outputs multihead_attention(C c) {
  const Tensor& q = c["q"];
  const bool to_itself = c.has_attr("self_attention");
  const Tensor k = to_itself ? Tensor() : c["k"];
  MultiheadAttention layer(c.integer("embed_dim"), c.integer("heads"), 0, Init::none(),
                           c.has_attr("bias") ? Linear::Bias::yes : Linear::Bias::no);
  Assign assign(c);
  layer.walk(assign);
  Mask mask;
  if (c.has("kpm")) mask.bias = padding_bias(c["kpm"]);
  if (c.has("mask")) mask.bias = bias_of(c["mask"], c["mask"].shape());
  const Rows rows = Rows::equal(q.size(0), q.size(1));
  const Rows k_rows = to_itself ? rows : Rows::equal(k.size(0), k.size(1));
  Outputs y{layer(q, rows, k, k_rows, mask)};
  if (c.text("outputs").find("weights") != std::string::npos)
    y.push_back(mean_weights(c, q, to_itself ? q : k, c.integer("heads")));
  return y;
}

EncoderLayerOptions options_of(C c) {
  return {.size = c.integer("d_model"), .heads = c.integer("heads"), .inner_size = c.integer("ffn"),
          .eps = c.attrs.get("eps", 1e-5), .dropout = 0, .act = c.text("activation"),
          .norm_first = c.has_attr("norm_first")};
}

template <class Layer>
Outputs encoded(C c, Layer& layer) {
  Assign assign(c);
  layer.walk(assign);
  Mask mask;
  if (c.has("kpm")) mask.bias = padding_bias(c["kpm"]);
  const Tensor& x = c["x"];
  return {layer(x, Rows::equal(x.size(0), x.size(1)), {}, mask)};
}

Outputs encoder_layer(C c) {
  EncoderLayer layer(options_of(c), Init::none());
  return encoded(c, layer);
}

Outputs encoder(C c) {
  Encoder layers(c.integer("layers"), options_of(c), Init::none());
  return encoded(c, layers);
}

constexpr OpEntry entries[] = {
    {"sdpa", dot_product_attention},
    {"multihead_attention", multihead_attention},
    {"transformer_encoder_layer", encoder_layer},
    {"transformer_encoder", encoder},
};

}  // namespace

std::span<const OpEntry> layer_entries() { return entries; }

}  // namespace cairn
