#pragma once
// The Transformer's encoder with PyTorch's parameter names (nn.TransformerEncoderLayer and
// nn.TransformerEncoder, batch_first).
#include <string>
#include <vector>

#include "nn/attention.h"

namespace cairn::inline CAIRN_PRECISION {

// The non-linear functions that models are configured with, by Hugging Face's names: "relu",
// "gelu", "gelu_new" and "gelu_pytorch_tanh" (both the tanh approximation), "tanh".
using Activation = Tensor (*)(const Tensor& x, Where where);
Activation activation(const std::string& name);  // null if there is none of this name

struct EncoderLayerOptions {
  int64_t size = 512;  // C
  int64_t heads = 8;
  int64_t inner_size = 2048;
  double eps = 1e-5;  // of the normalisations
  double dropout = 0.1;
  std::string act = "relu";
  bool norm_first = false;  // normalise what goes into each part (pre-norm), not what comes out
};

// Post-norm, as in the paper: x = norm1(x + attention(x)); x = norm2(x + linear2(act(linear1(x))))
// Pre-norm:                   x = x + attention(norm1(x)); x = x + linear2(act(linear1(norm2(x))))
class EncoderLayer : public Module {
 public:
  MultiheadAttention self_attn;
  Linear linear1, linear2;
  LayerNorm norm1, norm2;
  Dropout dropout;

  explicit EncoderLayer(const EncoderLayerOptions& options, const Init& init = {});
  void visit(ModuleVisitor& v) override;

  // x is (N, C) as rows says, or padded (B, T, C), and the result has its shape. With a padded x,
  // key_rows = Rows::of_lengths(lengths) hides the padding from every query; else leave it out.
  Tensor operator()(const Tensor& x, const Rows& rows, const Rows& key_rows = {},
                    const Mask& mask = {}, Where where = Where::current());

 private:
  Activation act_;
  bool norm_first_;
};

// Layers one after the other, and a last normalisation (which pre-norm needs).
class Encoder : public Module {
 public:
  std::vector<EncoderLayer> layers;
  LayerNorm norm;

  Encoder(int64_t count, const EncoderLayerOptions& options, const Init& init = {});
  void visit(ModuleVisitor& v) override;
  Tensor operator()(const Tensor& x, const Rows& rows, const Rows& key_rows = {},
                    const Mask& mask = {}, Where where = Where::current());
};

}  // namespace cairn::inline CAIRN_PRECISION
