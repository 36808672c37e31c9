#pragma once
// What the exercise attention_backward is given: the arguments of the kernel taken apart into
// heads, and the weights of the forward pass.
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/kernels/dropout_mask.h"
#include "core/kernels/kernels.h"

namespace heads {

using cairn::AttentionArgs;
using cairn::AttentionGrads;
using cairn::real;

// Rows of a larger matrix: x[i][c] is a number of it. Undefined if the caller passed null.
template <class T>
struct Part {
  T* data;
  int64_t stride;
  bool defined() const { return data != nullptr; }
  T* operator[](int64_t i) const { return data + i * stride; }
};

// One head of one sequence.
struct Head {
  int64_t queries, keys, size;
  Part<const real> q, dy;  // (queries, size)
  Part<const real> k, v;   // (keys, size)
  Part<real> dq;           // (queries, size): of q, or undefined
  Part<real> dk, dv;       // (keys, size)
  Part<real> dbias;        // (queries, keys)
  real scale;              // of the scores
  // For weight() and kept().
  Part<const real> bias;
  int64_t bias_j;
  const real* lse;
  bool causal;
  cairn::DropoutMask dropout;
  int64_t element, elements;  // the number of the mask's first element, and how many a query has
};

// p_ij of the forward pass, before dropout: e^(s_ij - lse_i) with s = q k^T scale + bias; 0 if
// query i does not see key j.
inline double weight(const Head& head, int64_t i, int64_t j) {
  if (head.causal && j > i) return 0;
  if (head.lse[i] == -std::numeric_limits<real>::infinity()) return 0;
  double product = 0;
  for (int64_t c = 0; c < head.size; ++c) product += double(head.q[i][c]) * double(head.k[j][c]);
  const double bias = head.bias.defined() ? double(head.bias[i][j * head.bias_j]) : 0;
  // Rounded as lse is.
  return std::exp(double(static_cast<real>(product * double(head.scale) + bias)) -
                  double(head.lse[i]));
}

// z_ij, what dropout multiplied p_ij by: 1 / (1 - rate) or 0; 1 without dropout.
inline double kept(const Head& head, int64_t i, int64_t j) {
  if (head.dropout.p == 0) return 1;
  const cairn::DropoutHash hash = cairn::dropout_hash(head.dropout);
  return cairn::keeps(hash, head.element + i * head.elements + j) ? double(hash.scale) : 0;
}

namespace detail {

template <class T>
Part<T> part(T* data, int64_t stride, int64_t row, int64_t column) {
  return {data ? data + row * stride + column : nullptr, stride};
}

// Sets the first `columns` numbers of each row to 0.
inline void clear(real* data, int64_t stride, int64_t rows, int64_t columns) {
  for (int64_t i = 0; data && i < rows; ++i) std::fill_n(data + i * stride, columns, real{0});
}

}  // namespace detail

// Sets all gradients to 0, then calls body(head) for each head of each sequence.
template <class Body>
void for_each_head(const AttentionGrads& grads, const AttentionArgs& args, const Body& body) {
  const int64_t width = args.heads * args.head_size, sequences = args.sequences;
  const int64_t elements = args.longest_q * args.longest_k;  // of a head
  detail::clear(grads.dq, args.q_stride, args.q_starts[sequences], width);
  detail::clear(grads.dk, args.k_stride, args.k_starts[sequences], width);
  detail::clear(grads.dv, args.v_stride, args.k_starts[sequences], width);
  detail::clear(grads.dbias, elements, sequences * args.heads, elements);
  for (int64_t b = 0; b < sequences; ++b)
    for (int64_t h = 0; h < args.heads; ++h) {
      const int64_t row = args.q_starts[b], key = args.k_starts[b], column = h * args.head_size;
      const int64_t number = b * args.heads + h;
      const int64_t bias_start = b * args.bias_b + h * args.bias_h;
      body(Head{.queries = args.q_starts[b + 1] - row,
                .keys = args.k_starts[b + 1] - key,
                .size = args.head_size,
                .q = detail::part(args.q, args.q_stride, row, column),
                .dy = detail::part(grads.dy, width, row, column),
                .k = detail::part(args.k, args.k_stride, key, column),
                .v = detail::part(args.v, args.v_stride, key, column),
                .dq = detail::part(grads.dq, args.q_stride, row, column),
                .dk = detail::part(grads.dk, args.k_stride, key, column),
                .dv = detail::part(grads.dv, args.v_stride, key, column),
                .dbias = detail::part(grads.dbias, args.longest_k, number * args.longest_q, 0),
                .scale = args.scale,
                .bias = {args.bias ? args.bias + bias_start : nullptr, args.bias_i},
                .bias_j = args.bias_j,
                .lse = grads.lse + number * args.longest_q,
                .causal = args.causal,
                .dropout = args.dropout,
                .element = number * elements,
                .elements = args.longest_k});
    }
}

}  // namespace heads
