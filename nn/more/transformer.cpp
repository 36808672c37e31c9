// The layers of encoder and decoder, post-norm and pre-norm; the stacks of them.
#include "nn/more/transformer.h"

#include "core/check.h"
#include "nn/more/init.h"
#include "nn/more/sequences.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

constexpr int64_t max_layers = 10'000;

Activation checked(Activation activation) {
  if (!activation)
    fail("Transformer", "the activation is null",
         "an op such as relu or gelu; activation(name) "
         "is null if it does not know the name");
  return activation;
}

}  // namespace

TransformerEncoderLayer::TransformerEncoderLayer(const TransformerLayerOptions& o, const Init& init)
    : Module("TransformerEncoderLayer"),
      self_attn(o.d_model, o.nhead, o.dropout, o.bias, init),
      linear1(o.d_model, o.dim_feedforward, o.bias, init),
      linear2(o.dim_feedforward, o.d_model, o.bias, init),
      norm1(o.d_model, o.layer_norm_eps, o.bias),
      norm2(o.d_model, o.layer_norm_eps, o.bias),
      dropout(o.dropout),
      activation_(checked(o.activation)),
      norm_first_(o.norm_first) {}

void TransformerEncoderLayer::visit(ModuleVisitor& v) {
  v("self_attn", self_attn);
  v("linear1", linear1);
  v("linear2", linear2);
  v("norm1", norm1);
  v("norm2", norm2);
  v("dropout", dropout);
}

Tensor TransformerEncoderLayer::operator()(const Tensor& src, const Rows& src_rows,
                                           const Mask& mask, Where where) {
  Scope scope(name(), where);
  Rows rows = src_rows;
  Tensor x = to_ragged(src, rows);

  x = x + dropout(self_attn(norm_first_ ? norm1(x) : x, rows, mask));
  if (!norm_first_) x = norm1(x);

  const Tensor hidden = activation_(linear1(norm_first_ ? norm2(x) : x), Where::current());
  x = x + dropout(linear2(dropout(hidden)));
  if (!norm_first_) x = norm2(x);
  return from_ragged(x, rows, src);
}

TransformerDecoderLayer::TransformerDecoderLayer(const TransformerLayerOptions& o, const Init& init)
    : Module("TransformerDecoderLayer"),
      self_attn(o.d_model, o.nhead, o.dropout, o.bias, init),
      multihead_attn(o.d_model, o.nhead, o.dropout, o.bias, init),
      linear1(o.d_model, o.dim_feedforward, o.bias, init),
      linear2(o.dim_feedforward, o.d_model, o.bias, init),
      norm1(o.d_model, o.layer_norm_eps, o.bias),
      norm2(o.d_model, o.layer_norm_eps, o.bias),
      norm3(o.d_model, o.layer_norm_eps, o.bias),
      dropout(o.dropout),
      activation_(checked(o.activation)),
      norm_first_(o.norm_first) {}

void TransformerDecoderLayer::visit(ModuleVisitor& v) {
  v("self_attn", self_attn);
  v("multihead_attn", multihead_attn);
  v("linear1", linear1);
  v("linear2", linear2);
  v("norm1", norm1);
  v("norm2", norm2);
  v("norm3", norm3);
  v("dropout", dropout);
}

Tensor TransformerDecoderLayer::operator()(const Tensor& tgt, const Tensor& memory,
                                           const Rows& tgt_rows, const Rows& memory_rows,
                                           const Mask& tgt_mask, const Mask& memory_mask,
                                           Where where) {
  Scope scope(name(), where);
  Rows rows = tgt_rows;
  Tensor x = to_ragged(tgt, rows);

  x = x + dropout(self_attn(norm_first_ ? norm1(x) : x, rows, tgt_mask));
  if (!norm_first_) x = norm1(x);

  const Tensor query = norm_first_ ? norm2(x) : x;
  x = x + dropout(multihead_attn(query, memory, memory, rows, memory_rows, memory_mask));
  if (!norm_first_) x = norm2(x);

  const Tensor hidden = activation_(linear1(norm_first_ ? norm3(x) : x), Where::current());
  x = x + dropout(linear2(dropout(hidden)));
  if (!norm_first_) x = norm3(x);
  return from_ragged(x, rows, tgt);
}

TransformerEncoder::TransformerEncoder(const TransformerLayerOptions& options, int64_t num_layers,
                                       FinalNorm with_norm, const Init& init)
    : Module("TransformerEncoder") {
  check_count("TransformerEncoder", "num_layers", num_layers, max_layers);
  for (int64_t i = 0; i < num_layers; ++i) layers.emplace_back(options, init);
  if (with_norm == FinalNorm::yes)
    norm.emplace(options.d_model, options.layer_norm_eps, options.bias);
}

void TransformerEncoder::visit(ModuleVisitor& v) {
  v("layers", layers);
  if (norm) v("norm", *norm);
}

Tensor TransformerEncoder::operator()(const Tensor& src, const Rows& src_rows, const Mask& mask,
                                      Where where) {
  Scope scope(name(), where);
  Rows rows = src_rows;
  Tensor x = to_ragged(src, rows);
  for (TransformerEncoderLayer& layer : layers) x = layer(x, rows, mask);
  return from_ragged(norm ? (*norm)(x) : x, rows, src);
}

TransformerDecoder::TransformerDecoder(const TransformerLayerOptions& options, int64_t num_layers,
                                       FinalNorm with_norm, const Init& init)
    : Module("TransformerDecoder") {
  check_count("TransformerDecoder", "num_layers", num_layers, max_layers);
  for (int64_t i = 0; i < num_layers; ++i) layers.emplace_back(options, init);
  if (with_norm == FinalNorm::yes)
    norm.emplace(options.d_model, options.layer_norm_eps, options.bias);
}

void TransformerDecoder::visit(ModuleVisitor& v) {
  v("layers", layers);
  if (norm) v("norm", *norm);
}

Tensor TransformerDecoder::operator()(const Tensor& tgt, const Tensor& memory, const Rows& tgt_rows,
                                      const Rows& memory_rows, const Mask& tgt_mask,
                                      const Mask& memory_mask, Where where) {
  Scope scope(name(), where);
  Rows rows = tgt_rows, m_rows = memory_rows;
  Tensor x = to_ragged(tgt, rows);
  const Tensor seen = to_ragged(memory, m_rows);
  for (TransformerDecoderLayer& layer : layers)
    x = layer(x, seen, rows, m_rows, tgt_mask, memory_mask);
  return from_ragged(norm ? (*norm)(x) : x, rows, tgt);
}

TransformerLayerOptions TransformerOptions::layer() const {
  return {d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps, norm_first, bias};
}

Transformer::Transformer(const TransformerOptions& options, const Init& init)
    : Module("Transformer"),
      encoder(options.layer(), options.num_encoder_layers, FinalNorm::yes, init),
      decoder(options.layer(), options.num_decoder_layers, FinalNorm::yes, init) {
  if (init.std || !init.random) return;
  for (NamedTensor& p : named_parameters())
    if (p.tensor.axes() > 1) xavier_uniform_(p.tensor, 1, *init.random);
}

void Transformer::visit(ModuleVisitor& v) {
  v("encoder", encoder);
  v("decoder", decoder);
}

Tensor Transformer::operator()(const Tensor& src, const Tensor& tgt, const Rows& src_rows,
                               const Rows& tgt_rows, const TransformerMasks& masks, Where where) {
  Scope scope(name(), where);
  const Tensor memory = encoder(src, src_rows, masks.src);
  return decoder(tgt, memory, tgt_rows, src_rows, masks.tgt, masks.memory);
}

}}  // namespace cairn::CAIRN_PRECISION
