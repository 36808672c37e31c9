#pragma once
// Multi-head attention with PyTorch's parameter names (nn.MultiheadAttention). BERT's own
// attention, whose projections go by other names, is in models/bert/bert.h.
#include <optional>

#include "core/rows.h"
#include "nn/layers.h"
#include "nn/more/positions.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// Which queries may attend to which keys. Tq and Tk are the lengths of the longest query and key
// sequence, or more, as in a padded batch. A query that may attend to no key gets zeros.
struct Mask {
  bool causal = false;        // query i sees the keys j <= i (PyTorch: is_causal)
  Tensor blocked{};           // 1 = may not attend (PyTorch: a boolean attn_mask)
  Tensor bias{};              // added to the scores, -inf blocks (PyTorch: an attn_mask of floats)
  Tensor key_padding_mask{};  // (B, Tk), 1 = no query may attend to it
  // blocked and bias: (Tq, Tk), (B heads, Tq, Tk), or what broadcasts to (B, heads, Tq, Tk).
};

// Vaswani et al. 2017, section 3.2.2: heads attention functions side by side over slices of
// q = query Wq^T, k = key Wk^T, v = value Wv^T, their results joined and projected by out_proj.
class MultiheadAttention : public Module {
 public:
  Tensor in_proj_weight;         // (3 C, C): Wq, Wk and Wv, one above the other
  Tensor in_proj_bias;           // (3 C), or undefined
  Linear out_proj;               // (C, C)
  std::optional<Rotary> rotary;  // if set, turns queries and keys by their positions

  // in_proj_weight starts uniform in +-sqrt(6 / (C + 3 C)), out_proj's as a Linear's; biases at 0.
  // C = embed_dim. Error unless num_heads divides it. dropout, in [0, 1), is that of the
  // probabilities.
  MultiheadAttention(int64_t embed_dim, int64_t num_heads, double dropout = 0,
                     Bias with_bias = Bias::yes, const Init& init = {});
  void visit(ModuleVisitor& v) override;

  // The sequences of `query` attend to those of `key`, and get a mixture of `value`, which has the
  // rows of `key`. Each is ragged or padded as nn/more/sequences.h says; the result has query's
  // form.
  Tensor operator()(const Tensor& query, const Tensor& key, const Tensor& value,
                    const Rows& query_rows = {}, const Rows& key_rows = {}, const Mask& mask = {},
                    Where where = Where::current());
  // Self-attention: x attends to itself.
  Tensor operator()(const Tensor& x, const Rows& rows = {}, const Mask& mask = {},
                    Where where = Where::current());

  // The probabilities (B, heads, Tq, Tk) with which the mixing is done, without dropout; rows past
  // a sequence's end mean nothing. For display: operator() never makes this matrix.
  Tensor weights(const Tensor& query, const Tensor& key, const Rows& query_rows = {},
                 const Rows& key_rows = {}, const Mask& mask = {}, Where where = Where::current());

 private:
  enum Part { query_part, key_part, value_part };
  // A part of the packed projection, of x (N, C).
  Tensor project(const Tensor& x, Part part, const Rows& rows);

  int64_t heads_;
  real dropout_;
};

}}  // namespace cairn::CAIRN_PRECISION
