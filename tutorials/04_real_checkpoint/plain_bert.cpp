// BERT's forward pass for one sentence, written out.
#include "tutorials/04_real_checkpoint/plain_bert.h"

#include <cmath>

#include "core/error.h"
#include "core/io/tensor_file.h"
#include "core/ops.h"

using cairn::Ids;
using cairn::real;
using cairn::Tensor;

// [reading]
PlainBert::PlainBert(const std::string& folder) : config_(cairn::BertConfig::load(folder)) {
  for (const auto& [key, tensor] : cairn::load_tensors(folder + "/model.safetensors"))
    tensors_[key] = tensor;
}

const Tensor& PlainBert::of(const std::string& key) const {
  const auto found = tensors_.find(key);
  if (found == tensors_.end()) cairn::fail("model.safetensors", "has no tensor " + key);
  return found->second;
}
// [/reading]

// [parts]
// A checkpoint keeps the weight of a linear layer as [out, in]: y = x weight^T + bias.
Tensor PlainBert::linear(const std::string& name, const Tensor& x) const {
  return matmul(x, transpose(of(name + ".weight"), 0, 1)) + of(name + ".bias");
}

Tensor PlainBert::norm(const std::string& name, const Tensor& x, const Wrong& wrong) const {
  const real eps = static_cast<real>(wrong.eps);
  return layer_norm(x, of(name + ".weight"), of(name + ".bias"), eps);
}
// [/parts]

// [embedded]
Tensor PlainBert::embedded(const Ids& ids, const Ids& types, const Wrong& wrong) const {
  const int64_t first = wrong.positions_from_1 ? 1 : 0;
  const Ids positions = Ids::arange(first, first + ids.numel());
  Tensor x = embedding(of("embeddings.word_embeddings.weight"), ids) +
             embedding(of("embeddings.position_embeddings.weight"), positions);
  if (!wrong.no_types) x = x + embedding(of("embeddings.token_type_embeddings.weight"), types);
  return norm("embeddings.LayerNorm", x, wrong);
}
// [/embedded]

// [attended]
// Self-attention of one sentence x [T, H], without its output projection.
Tensor PlainBert::attended(int layer, const Tensor& x, const Wrong& wrong) const {
  const std::string self = "encoder.layer." + std::to_string(layer) + ".attention.self.";
  const int64_t T = x.size(0), H = x.size(1);
  const int64_t heads = wrong.heads ? wrong.heads : config_.num_attention_heads, d = H / heads;
  const auto split = [&](const Tensor& y) {  // [T, H] -> [heads, T, d]
    return transpose(reshape(y, {T, heads, d}), 0, 1);
  };
  Tensor query = linear(self + "query", x);
  if (wrong.transposed == layer)  // the weight taken for [in, out]
    query = matmul(x, of(self + "query.weight")) + of(self + "query.bias");
  const Tensor q = split(query), k = split(linear(self + "key", x)),
               v = split(linear(self + "value", x));
  const Tensor p = softmax(matmul(q, transpose(k, -2, -1)) / std::sqrt(static_cast<real>(d)));
  return reshape(transpose(matmul(p, v), 0, 1), {T, H});
}
// [/attended]

// [applied]
Tensor PlainBert::applied(int layer, const Tensor& x, const Wrong& wrong) const {
  const std::string name = "encoder.layer." + std::to_string(layer) + ".";
  const Tensor a = linear(name + "attention.output.dense", attended(layer, x, wrong));
  const Tensor y = norm(name + "attention.output.LayerNorm", a + x, wrong);
  const Tensor h = linear(name + "intermediate.dense", y);
  const Tensor f = linear(name + "output.dense", wrong.tanh_gelu ? gelu_tanh(h) : gelu(h));
  return norm(name + "output.LayerNorm", f + (wrong.first_residual == layer ? x : y), wrong);
}

std::vector<Tensor> PlainBert::operator()(const Ids& ids, const Ids& types,
                                          const Wrong& wrong) const {
  std::vector<Tensor> hidden{embedded(ids, types, wrong)};
  for (int layer = 0; layer < config_.num_hidden_layers; ++layer)
    hidden.push_back(applied(layer, hidden.back(), wrong));
  return hidden;
}
// [/applied]
