// Multi-head attention over ragged or padded batches.
#include "nn/more/attention.h"

#include <cmath>

#include "core/check.h"
#include "core/ops.h"
#include "nn/more/sequences.h"

namespace cairn { inline namespace CAIRN_PRECISION {
namespace {

// 0 where `blocked` is 0, else minus infinity.
Tensor hiding(const Tensor& blocked) {
  return masked_fill(Tensor::zeros(blocked.shape()), blocked, -INFINITY);
}

// A mask for a padded batch, as one for (B, heads, longest query, longest key).
Tensor fitted(Tensor mask, int64_t heads, const Rows& q_rows, const Rows& k_rows) {
  const int64_t B = q_rows.sequences();
  if (mask.axes() == 3 && mask.size(0) == B * heads)
    mask = reshape(mask, {B, heads, mask.size(1), mask.size(2)});
  if (mask.axes() >= 2) mask = slice(mask, -2, 0, std::max<int64_t>(1, q_rows.longest()));
  return slice(mask, -1, 0, std::max<int64_t>(1, k_rows.longest()));
}

// All of a mask but `causal`, as one bias of the scores; undefined if there is nothing to add.
Tensor bias_of(const Mask& mask, int64_t heads, const Rows& q_rows, const Rows& k_rows,
               Where where) {
  Tensor bias;
  const auto include = [&](const Tensor& part) {
    const Tensor fit = fitted(part, heads, q_rows, k_rows);
    bias = bias.defined() ? bias + fit : fit;
  };
  if (mask.bias.defined()) include(mask.bias);
  if (mask.blocked.defined()) include(hiding(mask.blocked));
  if (mask.key_padding_mask.defined()) {
    const Tensor& padding = mask.key_padding_mask;
    if (padding.axes() != 2 || padding.size(0) != k_rows.sequences() ||
        padding.size(1) < k_rows.longest()) {
      fail("attention",
           "key_padding_mask is " + to_string(padding.shape()) + ", for " +
               std::to_string(k_rows.sequences()) + " sequences of up to " +
               std::to_string(k_rows.longest()) + " keys",
           "(B, Tk), 1 = padding", where);
    }
    include(reshape(hiding(padding), {padding.size(0), 1, 1, padding.size(1)}));
  }
  return bias;
}

// (B, longest): 1 behind each sequence's end.
Tensor padding_of(const Rows& rows) {
  return 1 - select(unpack(Tensor::ones({rows.total(), 1}), rows), 2, 0);
}

}  // namespace

MultiheadAttention::MultiheadAttention(int64_t embed_dim, int64_t num_heads, double dropout,
                                       Bias with_bias, const Init& init)
    : Module("MultiheadAttention"),
      in_proj_weight(init.uniform_weight(
          {3 * check_size("MultiheadAttention", "embed_dim", embed_dim), embed_dim},
          std::sqrt(1.5 / static_cast<double>(embed_dim)))),
      out_proj(embed_dim, embed_dim, with_bias, init),
      heads_(num_heads),
      dropout_(static_cast<real>(dropout)) {
  check_fraction("MultiheadAttention", "dropout", dropout_);
  if (num_heads < 1 || embed_dim % num_heads != 0) {
    fail("MultiheadAttention",
         "a model of " + std::to_string(embed_dim) + " numbers per token can't be divided among " +
             std::to_string(num_heads) + " heads",
         "d_model (embed_dim) must be a multiple of nhead (num_heads)");
  }
  if (with_bias == Bias::yes) {
    in_proj_bias = Init::constant(3 * embed_dim, 0);
    out_proj.bias = Init::constant(embed_dim, 0);
  }
}

void MultiheadAttention::visit(ModuleVisitor& v) {
  v("in_proj_weight", in_proj_weight);
  v("in_proj_bias", in_proj_bias);
  v("out_proj", out_proj);
}

Tensor MultiheadAttention::project(const Tensor& x, Part part, const Rows& rows) {
  const int64_t C = in_proj_weight.size(1);
  const Tensor weight = slice(in_proj_weight, 0, part * C, (part + 1) * C);
  const Tensor bias =
      in_proj_bias.defined() ? slice(in_proj_bias, 0, part * C, (part + 1) * C) : Tensor();
  const Tensor y = linear(x, weight, bias);
  return rotary && part != value_part ? (*rotary)(y, rows.positions(), heads_) : y;
}

Tensor MultiheadAttention::operator()(const Tensor& query, const Tensor& key, const Tensor& value,
                                      const Rows& query_rows, const Rows& key_rows,
                                      const Mask& mask, Where where) {
  Scope scope(name(), where);
  Rows q_rows = query_rows, k_rows = key_rows;
  const Tensor q = to_ragged(query, q_rows), k = to_ragged(key, k_rows);
  const Tensor v = value.handle() == key.handle() ? k : to_ragged(value, k_rows);
  const Tensor bias = bias_of(mask, heads_, q_rows, k_rows, where);
  const AttentionOptions options{
      .heads = heads_, .causal = mask.causal, .bias = bias, .dropout = training() ? dropout_ : 0};
  const Tensor mixed = attention(project(q, query_part, q_rows), project(k, key_part, k_rows),
                                 project(v, value_part, k_rows), q_rows, k_rows, options);
  return from_ragged(out_proj(mixed), q_rows, query);
}

Tensor MultiheadAttention::operator()(const Tensor& x, const Rows& rows, const Mask& mask,
                                      Where where) {
  return (*this)(x, x, x, rows, rows, mask, where);
}

Tensor MultiheadAttention::weights(const Tensor& query, const Tensor& key, const Rows& query_rows,
                                   const Rows& key_rows, const Mask& mask, Where where) {
  Scope scope(name(), where);
  Rows q_rows = query_rows, k_rows = key_rows;
  const Tensor q = to_ragged(query, q_rows), k = to_ragged(key, k_rows);
  const int64_t C = in_proj_weight.size(1), B = q_rows.sequences(), size = C / heads_;
  const auto by_head = [&](const Tensor& x, const Rows& rows) {  // (B, heads, T, size)
    return transpose(reshape(unpack(x, rows), {B, rows.longest(), heads_, size}), 1, 2);
  };
  Tensor scores = matmul(by_head(project(q, query_part, q_rows), q_rows),
                         transpose(by_head(project(k, key_part, k_rows), k_rows), -1, -2)) /
                  std::sqrt(static_cast<real>(size));
  const Tensor bias = bias_of(mask, heads_, q_rows, k_rows, where);
  if (bias.defined()) scores = scores + bias;
  if (mask.causal)
    scores = scores + hiding(triu(Tensor::ones({q_rows.longest(), k_rows.longest()}), 1));
  const Tensor ends = reshape(hiding(padding_of(k_rows)), {B, 1, 1, k_rows.longest()});
  return softmax(scores + ends);
}

}}  // namespace cairn::CAIRN_PRECISION
