// The encoder layer, post-norm and pre-norm.
#include "nn/transformer.h"

#include "core/ops.h"

namespace cairn::inline CAIRN_PRECISION {

Activation activation(const std::string& name) {
  if (name == "relu") return relu;
  if (name == "gelu") return gelu;
  if (name == "gelu_new" || name == "gelu_pytorch_tanh") return gelu_tanh;
  if (name == "tanh") return tanh;
  return nullptr;
}

EncoderLayer::EncoderLayer(const EncoderLayerOptions& o, const Init& init)
    : Module("encoder_layer"),
      self_attn(o.size, o.heads, o.dropout, init),
      linear1(o.size, o.inner_size, init),
      linear2(o.inner_size, o.size, init),
      norm1(o.size, o.eps),
      norm2(o.size, o.eps),
      dropout(o.dropout),
      act_(activation(o.act)),
      norm_first_(o.norm_first) {
  if (!act_) fail("encoder_layer", "there is no activation \"" + o.act + "\"", "relu or gelu");
}

void EncoderLayer::visit(ModuleVisitor& v) {
  v("self_attn", self_attn);
  v("linear1", linear1);
  v("linear2", linear2);
  v("norm1", norm1);
  v("norm2", norm2);
  v("dropout", dropout);
}

Tensor EncoderLayer::operator()(const Tensor& x, const Rows& rows, const Rows& key_rows,
                                const Mask& mask, Where where) {
  Scope scope(name(), where);
  const bool padding = key_rows.sequences() > 0;
  if (padding && x.axes() != 3) {
    fail("encoder_layer",
         "key_rows is given, but x has no padding to hide: it is " + to_string(x.shape()),
         "leave key_rows out", where);
  }
  const Tensor in = norm_first_ ? norm1(x) : x;
  const Tensor attended = self_attn(in, rows, padding ? in : Tensor(), key_rows, mask);
  Tensor y = x + dropout(attended);
  if (!norm_first_) y = norm1(y);

  const Tensor hidden = act_(linear1(norm_first_ ? norm2(y) : y), Where::current());
  y = y + dropout(linear2(dropout(hidden)));
  return norm_first_ ? y : norm2(y);
}

Encoder::Encoder(int64_t count, const EncoderLayerOptions& options, const Init& init)
    : Module("encoder"), norm(options.size, options.eps) {
  for (int64_t i = 0; i < count; ++i) layers.emplace_back(options, init);
}

void Encoder::visit(ModuleVisitor& v) {
  for (size_t i = 0; i < layers.size(); ++i) v("layers." + std::to_string(i), layers[i]);
  v("norm", norm);
}

Tensor Encoder::operator()(const Tensor& x, const Rows& rows, const Rows& key_rows,
                           const Mask& mask, Where where) {
  Scope scope(name(), where);
  Tensor y = x;
  for (EncoderLayer& layer : layers) y = layer(y, rows, key_rows, mask);
  return norm(y);
}

}  // namespace cairn::inline CAIRN_PRECISION
