#pragma once
// The backward passes of BERT's ops, by hand, in plain ops. dy is the gradient of the loss by the
// op's result; each function returns the gradients by the op's inputs, which have their shapes.
#include <cmath>
#include <numbers>

#include "core/ops.h"

using cairn::Ids;
using cairn::real;
using cairn::Tensor;

// The sums and the means of the rows, [T, C] -> [T, 1].
inline Tensor row_sums(const Tensor& x) { return sum(x, {-1}, true); }
inline Tensor row_means(const Tensor& x) { return mean(x, {-1}, true); }

// [matmul]
// y = a b, with a (m, k) and b (k, n), so that dy is (m, n).
struct MatmulGrads {
  Tensor da, db;
};
inline MatmulGrads d_matmul(const Tensor& dy, const Tensor& a, const Tensor& b) {
  return {matmul(dy, transpose(b, 0, 1)), matmul(transpose(a, 0, 1), dy)};
}
// [/matmul]

// [linear]
// y = x W^T + b, with x (T, in), W (out, in), b (out), so that dy is (T, out).
struct LinearGrads {
  Tensor dx, dw, db;
};
inline LinearGrads d_linear(const Tensor& dy, const Tensor& x, const Tensor& w) {
  return {matmul(dy, w), matmul(transpose(dy, 0, 1), x), sum(dy, {0})};
}
// [/linear]

// [softmax]
// y = softmax(x) of each row. It is y that has to be kept, and x can be forgotten.
inline Tensor d_softmax(const Tensor& dy, const Tensor& y) { return y * (dy - row_sums(dy * y)); }
// [/softmax]

// [cross_entropy]
// loss_i = -ln softmax(x_i) at the label of i; dloss (T), one number a row.
inline Tensor d_cross_entropy(const Tensor& dloss, const Tensor& x, const Ids& labels) {
  return unsqueeze(dloss, 1) * (softmax(x) - one_hot(labels, x.size(1)));
}
// [/cross_entropy]

// [gelu]
// Phi, the chance that a normal number is below x, and its slope phi, the bell curve.
inline Tensor phi_sum(const Tensor& x) { return (1 + erf(x / std::sqrt(real{2}))) / 2; }
inline Tensor phi(const Tensor& x) {
  return exp(x * x / -2) / std::sqrt(2 * std::numbers::pi_v<real>);
}

// y = x Phi(x)
inline Tensor d_gelu(const Tensor& dy, const Tensor& x) { return dy * (phi_sum(x) + x * phi(x)); }
// [/gelu]

// [layer_norm]
// y = xhat gamma + beta, where xhat = (x - mean) r and r = 1 / sqrt(variance + eps) of each row.
struct NormGrads {
  Tensor dx, dgamma, dbeta;
};
inline NormGrads d_layer_norm(const Tensor& dy, const Tensor& x, const Tensor& gamma, real eps) {
  const Tensor centred = x - row_means(x), r = 1 / sqrt(row_means(centred * centred) + eps);
  const Tensor xhat = centred * r, dxhat = dy * gamma;
  return {r * (dxhat - row_means(dxhat) - xhat * row_means(dxhat * xhat)), sum(dy * xhat, {0}),
          sum(dy, {0})};
}
// [/layer_norm]

// [attention]
// y = p v with p = softmax(s), s = scale q k^T + mask. q (T, D), k and v (S, D); dy is (T, D).
struct AttentionGrads {
  Tensor dq, dk, dv;
};
inline AttentionGrads d_attention(const Tensor& dy, const Tensor& q, const Tensor& k,
                                  const Tensor& v, const Tensor& mask) {
  const real scale = 1 / std::sqrt(static_cast<real>(q.size(1)));
  const Tensor p = softmax(scale * matmul(q, transpose(k, 0, 1)) + mask);
  const auto [dp, dv] = d_matmul(dy, p, v);                            // y = p v
  const Tensor ds = d_softmax(dp, p);                                  // p = softmax(s)
  const auto [dq, dkt] = d_matmul(scale * ds, q, transpose(k, 0, 1));  // s = scale q k^T + mask
  return {dq, transpose(dkt, 0, 1), dv};
}
// [/attention]

// [embedding]
// y = table[ids] is H table, where row t of H (T, V) has its only one at the id of t.
inline Tensor d_embedding(const Tensor& dy, const Ids& ids, const Tensor& table) {
  const Tensor h = one_hot(ids, table.size(0));
  return d_matmul(dy, h, table).db;
}
// [/embedding]

// [dropout]
// y = x z, where z is 0 with probability p and else 1 / (1 - p): the same z on both ways.
inline Tensor d_dropout(const Tensor& dy, const Tensor& z) { return dy * z; }
// [/dropout]
