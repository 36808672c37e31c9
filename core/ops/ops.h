#pragma once
// The operations that BERT needs. One op, one file in core/ops/: formula, definition, node,
// forward, backward, record. core/ops.h has all operations; the others are in core/ops/more/.
// All are free functions that return a new tensor (views share the storage); all accept strided
// inputs; axes may be negative; the last argument is the caller's line, which errors quote.
#include <cmath>
#include <optional>
#include <vector>

#include "core/ids.h"
#include "core/operators.h"
#include "core/ops/losses.h"
#include "core/random.h"
#include "core/rows.h"
#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// ---- Elementwise, with broadcasting (sizes equal or 1, aligned at the last axis).
Tensor add(const Tensor& a, const Tensor& b, Where where = Where::current());
Tensor sub(const Tensor& a, const Tensor& b, Where where = Where::current());
Tensor mul(const Tensor& a, const Tensor& b, Where where = Where::current());
Tensor div(const Tensor& a, const Tensor& b, Where where = Where::current());
// factor x + shift
Tensor affine(const Tensor& x, real factor, real shift, Where where = Where::current());

// ---- Elementwise, one input; the result has its shape.
Tensor exp(const Tensor& x, Where where = Where::current());
Tensor log(const Tensor& x, Where where = Where::current());
Tensor sqrt(const Tensor& x, Where where = Where::current());
Tensor tanh(const Tensor& x, Where where = Where::current());
Tensor sigmoid(const Tensor& x, Where where = Where::current());
Tensor erf(const Tensor& x, Where where = Where::current());
Tensor relu(const Tensor& x, Where where = Where::current());
Tensor gelu(const Tensor& x, Where where = Where::current());       // x (1 + erf(x / sqrt 2)) / 2
Tensor gelu_tanh(const Tensor& x, Where where = Where::current());  // GPT-2's approximation

// x sigmoid(x), also called swish (Elfwing et al. 2017; Ramachandran et al. 2017).
Tensor silu(const Tensor& x, Where where = Where::current());
// ln(1 + e^(beta x)) / beta: a smooth relu (Dugas et al. 2001).
Tensor softplus(const Tensor& x, real beta = 1, Where where = Where::current());
// x, or slope x where x < 0 (Maas et al. 2013).
Tensor leaky_relu(const Tensor& x, real slope = real{0.01}, Where where = Where::current());
// x, or alpha (e^x - 1) where x < 0 (Clevert et al. 2016).
Tensor elu(const Tensor& x, real alpha = 1, Where where = Where::current());
// x, but at least `low` and at most `high`; at a limit itself the gradient passes. NaN if x or a
// limit is.
Tensor clamp(const Tensor& x, real low, real high = INFINITY, Where where = Where::current());

// ---- Choices. The numbers not chosen get the gradient 0, even if they are infinite or NaN.
// a where the mask is not 0, else b. The mask gets no gradient.
Tensor where(const Tensor& mask, const Tensor& a, const Tensor& b, Where where = Where::current());

// ---- Reductions. No axes: over all of them. keepdim leaves them with size 1.
Tensor sum(const Tensor& x, const Axes& axes = {}, bool keepdim = false,
           Where where = Where::current());
Tensor mean(const Tensor& x, const Axes& axes = {}, bool keepdim = false,
            Where where = Where::current());
// Sums over the axes along which `shape` was broadcast to x's shape: the gradient of broadcasting.
Tensor sum_to(const Tensor& x, const Shape& shape, Where where = Where::current());

// ---- Products.
// (..., m, k) x (..., k, n) -> (..., m, n); leading axes broadcast; vectors as in NumPy.
Tensor matmul(const Tensor& a, const Tensor& b, Where where = Where::current());
// x (..., in) with weight (out, in) and bias (out) or undefined -> x weight^T + bias (..., out).
Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias,
              Where where = Where::current());

// ---- Views: they share x's storage.
// One size may be -1. Copies if x's strides do not allow a view.
Tensor reshape(const Tensor& x, const Shape& shape, Where where = Where::current());
Tensor transpose(const Tensor& x, int axis0, int axis1, Where where = Where::current());
Tensor permute(const Tensor& x, const Axes& axes, Where where = Where::current());
// Python's rules: negative counts from the end, and both are clamped.
Tensor slice(const Tensor& x, int axis, int64_t start, int64_t stop, int64_t step = 1,
             Where where = Where::current());
Tensor select(const Tensor& x, int axis, int64_t index, Where where = Where::current());
Tensor expand(const Tensor& x, const Shape& shape, Where where = Where::current());
Tensor squeeze(const Tensor& x, int axis, Where where = Where::current());  // of size 1, or Error
Tensor squeeze(const Tensor& x, Where where = Where::current());            // all axes of size 1
Tensor unsqueeze(const Tensor& x, int axis, Where where = Where::current());

// ---- Copies and rearrangements.
Tensor copy(const Tensor& x, Where where = Where::current());        // contiguous, its own storage
Tensor contiguous(const Tensor& x, Where where = Where::current());  // x itself if it is contiguous
Tensor cat(const std::vector<Tensor>& parts, int axis = 0, Where where = Where::current());
// Rows of axis 0; core/ops/more/indexing.h has the other axes.
Tensor index_select(const Tensor& x, const Ids& rows, Where where = Where::current());

// ---- Softmax and normalisation.
Tensor softmax(const Tensor& x, int axis = -1, Where where = Where::current());
Tensor log_softmax(const Tensor& x, int axis = -1, Where where = Where::current());
// Over the last axis; gamma and beta have its size, or are undefined (1 and 0). Error if eps is
// negative or NaN. In float, deviations above 1e19 have infinite squares, and give 0 (PyTorch:
// NaN).
Tensor layer_norm(const Tensor& x, const Tensor& gamma, const Tensor& beta, real eps,
                  Where where = Where::current());

// ---- What a Transformer is made of.
// table (V, C), ids of any shape -> (ids' shape..., C). Error on an id outside [0, V).
Tensor embedding(const Tensor& table, const Ids& ids, Where where = Where::current());
// Zeroes each element with probability p and scales the rest by 1 / (1 - p). The mask depends on
// random.seed and the call's number alone, not on threads; backward makes it anew.
Tensor dropout(const Tensor& x, real p, Random& random = default_random(),
               Where where = Where::current());

struct AttentionOptions {
  int64_t heads = 1;
  real scale = 0;       // of the scores; 0 means 1 / sqrt(head size)
  bool causal = false;  // query i sees the keys j <= i
  Tensor bias;          // added to the scores, or undefined; broadcasts to (B, heads, longest
                        // query, longest key)
  real dropout = 0;     // of the probabilities, while training
};
// softmax(q k^T scale + bias) v for each sequence and head (Vaswani et al. 2017), without keeping
// the T x T matrix (Rabe & Staats 2021; Dao et al. 2022). q is (Nq, H), k and v (Nk, H): the tokens
// of all sequences, as q_rows and k_rows say; head h owns columns [h H / heads, (h + 1) H / heads).
// Returns (Nq, H). A query that sees no key gives zeros, and zero gradients.
Tensor attention(const Tensor& q, const Tensor& k, const Tensor& v, const Rows& q_rows,
                 const Rows& k_rows, const AttentionOptions& options,
                 Random& random = default_random(), Where where = Where::current());

}}  // namespace cairn::CAIRN_PRECISION
