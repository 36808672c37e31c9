#pragma once
// What the program and its figures share: GELU's two forms, random blocks, and what a block may do
// instead.
#include <cmath>
#include <numbers>
#include <vector>

#include "models/bert/bert.h"
#include "nn/more/positions.h"
#include "tutorials/03_encoder_block/block.h"

using cairn::BertConfig;
using cairn::BertLayer;
using cairn::Random;
using cairn::sinusoidal_positions;

// The root of the mean square of all numbers: how large they are.
inline double size_of(const Tensor& x) { return std::sqrt(mean(x * x).item()); }

// [gelu]
inline double gelu_erf(double x) { return x * (1 + std::erf(x / std::sqrt(2))) / 2; }
inline double gelu_tanh_of(double x) {
  return x * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x))) / 2;
}
// [/gelu]

// A layer of BERT, untrained, and the same weights as a block of this chapter.
inline BertConfig small_bert() {
  BertConfig config;
  config.hidden_size = 64, config.intermediate_size = 256, config.num_attention_heads = 4;
  config.initializer_range = 0.1;
  return config;
}

// [block_of]
inline EncoderBlock block_of(const BertLayer& layer, const BertConfig& config) {
  const auto affine = [](const cairn::Linear& from) { return Affine{from.weight, from.bias}; };
  const auto norm = [&](const cairn::LayerNorm& from) {
    return Norm{from.weight, from.bias, static_cast<real>(config.layer_norm_eps)};
  };
  const cairn::BertSelfAttention& self = layer.attention.self;
  return {.query = affine(self.query),
          .key = affine(self.key),
          .value = affine(self.value),
          .output = affine(layer.attention.output.dense),
          .norm1 = norm(layer.attention.output.norm),
          .widen = affine(layer.intermediate.dense),
          .narrow = affine(layer.output.dense),
          .norm2 = norm(layer.output.norm),
          .heads = self.heads};
}
// [/block_of]

inline std::vector<BertLayer> bert_layers(int count, Random& random) {
  const BertConfig config = small_bert();
  std::vector<BertLayer> layers;
  for (int i = 0; i < count; ++i) {
    layers.emplace_back(config, cairn::Init{.std = config.initializer_range, .random = &random});
    layers.back().set_trainable("", false);  // nothing is learned here
    layers.back().eval();                    // no dropout
  }
  return layers;
}

inline std::vector<EncoderBlock> random_blocks(int count, Random& random) {
  std::vector<EncoderBlock> blocks;
  for (const BertLayer& layer : bert_layers(count, random))
    blocks.push_back(block_of(layer, small_bert()));
  return blocks;
}

// [steps]
inline Tensor post_norm(const EncoderBlock& b, const Tensor& x) { return b(x); }
inline Tensor pre_norm(const EncoderBlock& b, const Tensor& x) {
  const Tensor mixed = x + b.attend(b.norm1(x));
  return mixed + b.feed_forward(b.norm2(mixed));
}
inline Tensor no_residual(const EncoderBlock& b, const Tensor& x) {
  return b.norm2(b.feed_forward(b.norm1(b.attend(x))));
}
inline Tensor no_norm(const EncoderBlock& b, const Tensor& x) {
  const Tensor mixed = x + b.attend(x);
  return mixed + b.feed_forward(mixed);
}
// X'/(sqrt(d_k) + eps), which an article calls layer norm; d_k is the size of a head.
inline Tensor divided(const EncoderBlock& b, const Tensor& x) {
  const real by = std::sqrt(static_cast<real>(x.size(1) / b.heads)) + real{1e-5};
  const Tensor mixed = (x + b.attend(x)) / by;
  return (mixed + b.feed_forward(mixed)) / by;
}
// [/steps]

// Eight tokens.
inline const Tensor& sentence() {
  static Random random(7);
  static const Tensor x = Tensor::randn({8, 64}, random);
  return x;
}
