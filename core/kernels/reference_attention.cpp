// softmax(q k^T scale + bias) v for ragged sequences, one query after the other: the formula, loop
// by loop. Products and sums are kept in double, added from the first element to the last; a score
// and what is kept (lse) are rounded to `real`, and gradients are added up in `real`, query by
// query.
//
// Names, of one query i: s_j its scores, p = softmax(s), z_j the factor of dropout (1 / (1 - rate)
// or 0), p_dropped = p z, y = sum_j p_dropped_j v_j; d... is the gradient of the loss by ...
#include <math.h>

#include "core/kernels/dropout_mask.h"
#include "core/kernels/reference.h"
#include "core/kernels/scratch.h"

namespace cairn { inline namespace CAIRN_PRECISION { namespace reference {
namespace {

double dot(const real* x, const real* y, int64_t n) {
  double sum = 0;
  for (int64_t i = 0; i < n; i++) sum += double(x[i]) * double(y[i]);
  return sum;
}

// What all queries share.
struct Attention {
  const AttentionArgs& args;
  DropoutHash hash;
};

// Query i of head h of sequence b, and the keys that it sees.
struct Query {
  int64_t b, h, i;
  int64_t seen;        // it sees the first `seen` keys of its sequence: all, unless causal
  int64_t q_offset;    // of its numbers in q and dq
  int64_t y_offset;    // of its numbers in y and dy
  int64_t k_offset;    // of its sequence's first key, at the head's columns, in k and dk
  int64_t v_offset;    // of the same in v and dv
  int64_t lse_offset;  // of its element of lse
  int64_t element;     // its first element of the dropout mask, and of dbias
};

Query query_at(const Attention& shared, int64_t b, int64_t h, int64_t i) {
  const AttentionArgs& args = shared.args;
  const int64_t keys = args.k_starts[b + 1] - args.k_starts[b];
  const int64_t row = args.q_starts[b] + i, column = h * args.head_size;
  const int64_t lse_offset = (b * args.heads + h) * args.longest_q + i;
  return {.b = b,
          .h = h,
          .i = i,
          .seen = args.causal && i + 1 < keys ? i + 1 : keys,
          .q_offset = row * args.q_stride + column,
          .y_offset = row * args.heads * args.head_size + column,
          .k_offset = args.k_starts[b] * args.k_stride + column,
          .v_offset = args.k_starts[b] * args.v_stride + column,
          .lse_offset = lse_offset,
          .element = lse_offset * args.longest_k};
}

// Calls body(query) for every query of every head of every sequence.
template <class Body>
void each_query(const Attention& shared, const Body& body) {
  const AttentionArgs& args = shared.args;
  for (int64_t b = 0; b < args.sequences; b++)
    for (int64_t h = 0; h < args.heads; h++)
      for (int64_t i = 0; i < args.q_starts[b + 1] - args.q_starts[b]; i++)
        body(query_at(shared, b, h, i));
}

// s_j = q . k_j scale + bias_j. Rounded to real, as lse is: of a single key the two are the same
// number, in backward too, and p is exactly 1.
double score(const AttentionArgs& args, const Query& query, int64_t j) {
  const double product =
      dot(args.q + query.q_offset, args.k + query.k_offset + j * args.k_stride, args.head_size);
  const int64_t bias_offset =
      query.b * args.bias_b + query.h * args.bias_h + query.i * args.bias_i + j * args.bias_j;
  const double bias = args.bias ? double(args.bias[bias_offset]) : 0;
  return static_cast<real>(product * double(args.scale) + bias);
}

// Writes the query's scores to s; returns lse = max s + ln sum_j e^(s_j - max s), -inf if the query
// sees no key or all its scores are -inf.
double log_sum_exp_of_scores(double* s, const AttentionArgs& args, const Query& query) {
  double max_s = -infinity;
  for (int64_t j = 0; j < query.seen; j++) {
    s[j] = score(args, query, j);
    if (s[j] > max_s || s[j] != s[j]) max_s = s[j];  // once NaN, nothing is greater
  }
  double sum = 0;
  for (int64_t j = 0; j < query.seen; j++) sum += ::exp(s[j] - max_s);
  return max_s == -infinity ? max_s : max_s + ::log(sum);
}

}  // namespace

void attention(real* y, real* lse, const AttentionArgs& args) {
  const Attention shared{args, dropout_hash(args.dropout)};
  double* s = static_cast<double*>(scratch(scratch_rows, args.longest_k * int64_t(sizeof(double))));
  each_query(shared, [&](const Query& query) {
    const double lse_i = log_sum_exp_of_scores(s, args, query);
    lse[query.lse_offset] = static_cast<real>(lse_i);
    // y_c = sum_j p_j z_j v_jc with p_j = e^(s_j - lse); the factor 1 / (1 - rate) of z comes last.
    for (int64_t c = 0; c < args.head_size; c++) {
      double sum = 0;
      for (int64_t j = 0; j < query.seen && lse_i != -infinity; j++)
        if (keeps(shared.hash, query.element + j))
          sum += ::exp(s[j] - lse_i) * double(args.v[query.v_offset + j * args.v_stride + c]);
      y[query.y_offset + c] = static_cast<real>(sum * double(shared.hash.scale));
    }
  });
}

namespace {

// Sets the rows of all sequences to zero.
void clear_rows(real* x, int64_t stride, const int32_t* starts, const AttentionArgs& args) {
  for (int64_t row = starts[0]; x && row < starts[args.sequences]; row++)
    for (int64_t c = 0; c < args.heads * args.head_size; c++) x[row * stride + c] = 0;
}

// forward: s = q k^T scale + bias, p = softmax(s), p_dropped = p z, y = p_dropped v, so
//   dv = p_dropped^T dy,  dp_dropped = dy v^T,  dp = dp_dropped z,  ds = p (dp - sum(p dp)),
//   dbias = ds,  dq = ds k scale,  dk = ds^T q scale.
// sum_j p_j dp_j = dy . sum_j p_dropped_j v_j = dy . y, which needs no second loop over the keys.
void attention_backward_of_query(const AttentionGrads& grads, const Attention& shared,
                                 const Query& query) {
  const AttentionArgs& args = shared.args;
  const real* dy = grads.dy + query.y_offset;
  const double lse_i = double(grads.lse[query.lse_offset]);
  const double sum_p_dp = dot(dy, grads.y + query.y_offset, args.head_size);
  for (int64_t j = 0; j < query.seen; j++) {
    const int64_t k_offset = query.k_offset + j * args.k_stride;
    const int64_t v_offset = query.v_offset + j * args.v_stride;
    const double p = lse_i == -infinity ? 0 : ::exp(score(args, query, j) - lse_i);
    const double z = keeps(shared.hash, query.element + j) ? double(shared.hash.scale) : 0;
    const double dp = z != 0 ? z * dot(dy, args.v + v_offset, args.head_size) : 0;
    const double ds = p * (dp - sum_p_dp);
    if (grads.dbias) grads.dbias[query.element + j] = static_cast<real>(ds);
    for (int64_t c = 0; c < args.head_size; c++) {
      if (grads.dq)
        grads.dq[query.q_offset + c] +=
            static_cast<real>(ds * double(args.scale) * double(args.k[k_offset + c]));
      if (grads.dk)
        grads.dk[k_offset + c] +=
            static_cast<real>(ds * double(args.scale) * double(args.q[query.q_offset + c]));
      if (grads.dv) grads.dv[v_offset + c] += static_cast<real>(p * z * double(dy[c]));
    }
  }
}

}  // namespace

void attention_backward(const AttentionGrads& grads, const AttentionArgs& args) {
  const Attention shared{args, dropout_hash(args.dropout)};
  clear_rows(grads.dq, args.q_stride, args.q_starts, args);
  clear_rows(grads.dk, args.k_stride, args.k_starts, args);
  clear_rows(grads.dv, args.v_stride, args.k_starts, args);
  const int64_t biases = args.sequences * args.heads * args.longest_q * args.longest_k;
  for (int64_t i = 0; grads.dbias && i < biases; i++) grads.dbias[i] = 0;
  each_query(shared,
             [&](const Query& query) { attention_backward_of_query(grads, shared, query); });
}

}}}  // namespace cairn::CAIRN_PRECISION::reference
