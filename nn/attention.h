#pragma once
// Multi-head attention with PyTorch's parameter names (nn.MultiheadAttention, batch_first). BERT's
// own attention, whose projections go by other names, is in models/bert/bert.h.
#include "core/rows.h"
#include "nn/layers.h"

namespace cairn::inline CAIRN_PRECISION {

struct Mask {
  bool causal = false;  // query i sees the keys j <= i
  Tensor bias;          // added to the scores, -inf blocks; broadcasts to (B, heads, longest query,
};                      // longest key); undefined for none

// Vaswani et al. 2017, section 3.2.2: heads attention functions side by side over slices of
// q = x Wq^T, k = m Wk^T, v = m Wv^T, their results joined and projected by out_proj.
class MultiheadAttention : public Module {
 public:
  Tensor in_proj_weight;  // (3 C, C): Wq, Wk and Wv, one above the other
  Tensor in_proj_bias;    // (3 C), or undefined
  Linear out_proj;        // (C, C)

  // Error unless heads divides size. dropout is that of the probabilities.
  MultiheadAttention(int64_t size, int64_t heads, double dropout = 0, const Init& init = {},
                     Linear::Bias with_bias = Linear::Bias::yes);
  void visit(ModuleVisitor& v) override;

  // The sequences of x look at those of `memory` (at themselves if it is undefined). x is (N, C) as
  // rows says, or padded (B, T, C): then the result is padded too, zero where rows ends a sequence
  // early; Rows::equal(B, T) computes all places. memory likewise, with memory_rows: key padding is
  // memory_rows = Rows::of_lengths(lengths).
  Tensor operator()(const Tensor& x, const Rows& rows, const Tensor& memory = Tensor(),
                    const Rows& memory_rows = {}, const Mask& mask = {},
                    Where where = Where::current());

 private:
  int64_t heads_;
  real dropout_;
};

}  // namespace cairn::inline CAIRN_PRECISION
