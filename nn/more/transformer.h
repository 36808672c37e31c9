#pragma once
// The Transformer (Vaswani et al. 2017) with PyTorch's classes, options and parameter names. Inputs
// are ragged or padded as nn/more/sequences.h says (PyTorch: batch_first = True); masks are those
// of nn/more/attention.h. In padded inputs without rows a key_padding_mask hides the padding; with
// rows padding is not computed at all.
#include <optional>

#include "core/ops.h"
#include "nn/activation.h"
#include "nn/layers.h"
#include "nn/more/attention.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// The arguments of nn.TransformerEncoderLayer and DecoderLayer, in their order.
struct TransformerLayerOptions {
  int64_t d_model = 512;  // C
  int64_t nhead = 8;      // must divide d_model
  int64_t dim_feedforward = 2048;
  double dropout = 0.1;
  Activation activation = relu;  // an op, or activation("name")
  double layer_norm_eps = 1e-5;
  bool norm_first = false;  // normalise what goes into each part (pre-norm), not what comes out
  Bias bias = Bias::yes;    // of all Linear and LayerNorm
};

// Post-norm, as in the paper: x = norm1(x + attention(x)); x = norm2(x + linear2(act(linear1(x))))
// Pre-norm:                   x = x + attention(norm1(x)); x = x + linear2(act(linear1(norm2(x))))
class TransformerEncoderLayer : public Module {
 public:
  MultiheadAttention self_attn;
  Linear linear1, linear2;
  LayerNorm norm1, norm2;
  Dropout dropout;

  explicit TransformerEncoderLayer(const TransformerLayerOptions& options, const Init& init = {});
  void visit(ModuleVisitor& v) override;
  Tensor operator()(const Tensor& src, const Rows& rows = {}, const Mask& mask = {},
                    Where where = Where::current());

 private:
  Activation activation_;
  bool norm_first_;
};

// The same with a part in the middle that attends to `memory`, an encoder's output.
class TransformerDecoderLayer : public Module {
 public:
  MultiheadAttention self_attn, multihead_attn;
  Linear linear1, linear2;
  LayerNorm norm1, norm2, norm3;
  Dropout dropout;

  explicit TransformerDecoderLayer(const TransformerLayerOptions& options, const Init& init = {});
  void visit(ModuleVisitor& v) override;
  // memory_mask is for the queries of tgt and the keys of memory.
  Tensor operator()(const Tensor& tgt, const Tensor& memory, const Rows& tgt_rows = {},
                    const Rows& memory_rows = {}, const Mask& tgt_mask = {},
                    const Mask& memory_mask = {}, Where where = Where::current());

 private:
  Activation activation_;
  bool norm_first_;
};

enum class FinalNorm { no, yes };  // a last LayerNorm, which pre-norm needs

// num_layers layers one after the other, at most 10,000.
class TransformerEncoder : public Module {
 public:
  ModuleList<TransformerEncoderLayer> layers;
  std::optional<LayerNorm> norm;

  TransformerEncoder(const TransformerLayerOptions& options, int64_t num_layers,
                     FinalNorm with_norm = FinalNorm::no, const Init& init = {});
  void visit(ModuleVisitor& v) override;
  Tensor operator()(const Tensor& src, const Rows& rows = {}, const Mask& mask = {},
                    Where where = Where::current());
};

class TransformerDecoder : public Module {
 public:
  ModuleList<TransformerDecoderLayer> layers;
  std::optional<LayerNorm> norm;

  TransformerDecoder(const TransformerLayerOptions& options, int64_t num_layers,
                     FinalNorm with_norm = FinalNorm::no, const Init& init = {});
  void visit(ModuleVisitor& v) override;
  Tensor operator()(const Tensor& tgt, const Tensor& memory, const Rows& tgt_rows = {},
                    const Rows& memory_rows = {}, const Mask& tgt_mask = {},
                    const Mask& memory_mask = {}, Where where = Where::current());
};

// The arguments of nn.Transformer, in their order.
struct TransformerOptions {
  int64_t d_model = 512;
  int64_t nhead = 8;
  int64_t num_encoder_layers = 6;
  int64_t num_decoder_layers = 6;
  int64_t dim_feedforward = 2048;
  double dropout = 0.1;
  Activation activation = relu;
  double layer_norm_eps = 1e-5;
  bool norm_first = false;
  Bias bias = Bias::yes;

  TransformerLayerOptions layer() const;  // what its layers take
};

struct TransformerMasks {
  Mask src{}, tgt{}, memory{};  // memory: queries of tgt, keys of src
};

// An encoder and a decoder, each with a final norm, over embeddings that the caller makes. As in
// PyTorch, its matrices start by xavier_uniform_, while its parts alone start as their layers do.
class Transformer : public Module {
 public:
  TransformerEncoder encoder;
  TransformerDecoder decoder;

  explicit Transformer(const TransformerOptions& options = {}, const Init& init = {});
  void visit(ModuleVisitor& v) override;
  // -> the form of tgt
  Tensor operator()(const Tensor& src, const Tensor& tgt, const Rows& src_rows = {},
                    const Rows& tgt_rows = {}, const TransformerMasks& masks = {},
                    Where where = Where::current());
};

}}  // namespace cairn::CAIRN_PRECISION
