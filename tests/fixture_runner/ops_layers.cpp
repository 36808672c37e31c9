// Attention and the Transformer's layers, by the fixtures' names.
#include <cmath>

#include "nn/more/transformer.h"
#include "tests/fixture_runner/ops.h"
#include "tests/fixture_runner/values.h"

namespace cairn {
namespace {

using C = const OpCall&;

// 0 where the mask is 0, minus infinity where it is 1.
Tensor bias_of(const Tensor& mask) {
  std::vector<real> values = mask.to_vector();
  for (real& x : values) x = x != 0 ? -INFINITY : 0;
  return Tensor::of(mask.shape(), values);
}

Outputs dot_product_attention(C c) {
  Tensor bias;
  if (c.has("mask")) bias = c["mask"];
  if (c.text("mask").starts_with("bool")) bias = bias_of(1 - bias);
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

template <class Layer>
Layer& assigned(C c, Layer& layer) {
  Assign assign(c);
  layer.walk(assign);
  return layer;
}

// The masks by the fixtures' names: `mask` is blocked, `kpm` the keys' padding.
Mask mask_of(C c, const char* blocked, const char* padding) {
  Mask mask;
  if (c.has(blocked)) mask.blocked = c[blocked];
  if (c.has(padding)) mask.key_padding_mask = c[padding];
  return mask;
}

Bias bias_of(C c) { return c.attrs.get("bias", true) ? Bias::yes : Bias::no; }

Outputs multihead_attention(C c) {
  MultiheadAttention layer(c.integer("embed_dim"), c.integer("heads"), 0, bias_of(c), Init::none());
  assigned(c, layer);
  const Tensor &q = c["q"], &k = c[c.has_attr("self_attention") ? "q" : "k"];
  const Mask mask = mask_of(c, "mask", "kpm");
  Outputs y{layer(q, k, k, {}, {}, mask)};
  if (c.text("outputs").find("weights") != std::string::npos)
    y.push_back(mean(layer.weights(q, k, {}, {}, mask), {1}));
  return y;
}

TransformerLayerOptions options_of(C c) {
  return {.d_model = c.integer("d_model"),
          .nhead = c.integer("heads"),
          .dim_feedforward = c.integer("ffn"),
          .dropout = 0,
          .activation = activation(c.text("activation")),
          .layer_norm_eps = c.attrs.get("eps", 1e-5),
          .norm_first = c.has_attr("norm_first"),
          .bias = bias_of(c)};
}

Outputs encoder_layer(C c) {
  TransformerEncoderLayer layer(options_of(c), Init::none());
  return {assigned(c, layer)(c["x"], {}, mask_of(c, "mask", "kpm"))};
}

Outputs encoder(C c) {
  const FinalNorm norm = c.has_attr("final_norm") ? FinalNorm::yes : FinalNorm::no;
  TransformerEncoder layers(options_of(c), c.integer("layers"), norm, Init::none());
  return {assigned(c, layers)(c["x"], {}, mask_of(c, "mask", "kpm"))};
}

// `mask` is that of the target, `kpm` the padding of what it looks at.
Outputs decoder_layer(C c) {
  TransformerDecoderLayer layer(options_of(c), Init::none());
  return {
      assigned(c, layer)(c["x"], c["mem"], {}, {}, mask_of(c, "mask", ""), mask_of(c, "", "kpm"))};
}

constexpr OpEntry entries[] = {
    {"sdpa", dot_product_attention},
    {"multihead_attention", multihead_attention},
    {"transformer_encoder_layer", encoder_layer},
    {"transformer_encoder", encoder},
    {"transformer_decoder_layer", decoder_layer},
};

}  // namespace

std::span<const OpEntry> layer_entries() { return entries; }

}  // namespace cairn
