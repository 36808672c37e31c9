// One head of one sentence after the other, with all its scores at hand:
//   s = q k^T scale + bias, p = softmax(s), y = dropout(p) v.
#include "tutorials/mine/attention.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/kernels/dropout_mask.h"
#include "core/parallel.h"

namespace mine {
namespace {

using cairn::AttentionArgs;
using cairn::real;

constexpr real infinity = std::numeric_limits<real>::infinity();

int64_t longest(const int32_t* starts, int64_t sequences) {
  int32_t length = 0;
  for (int64_t b = 0; b < sequences; ++b) length = std::max(length, starts[b + 1] - starts[b]);
  return length;
}

// Head h of sequence b: its size, and where its numbers begin.
struct Head {
  int64_t b, h, queries, keys;
  const real *q, *k, *v;
  real *y, *lse;
  int64_t dropout_row, dropout_stride;  // the number of the dropout mask's first element; its rows
};

Head head_at(real* y, real* lse, const AttentionArgs& args, int64_t b, int64_t h) {
  const int64_t longest_q = longest(args.q_starts, args.sequences);
  const int64_t longest_k = longest(args.k_starts, args.sequences);
  const int64_t first_query = args.q_starts[b], first_key = args.k_starts[b];
  const int64_t column = h * args.head_size, row = (b * args.heads + h) * longest_q;
  return {.b = b,
          .h = h,
          .queries = args.q_starts[b + 1] - first_query,
          .keys = args.k_starts[b + 1] - first_key,
          .q = args.q + first_query * args.q_stride + column,
          .k = args.k + first_key * args.k_stride + column,
          .v = args.v + first_key * args.v_stride + column,
          .y = y + first_query * args.heads * args.head_size + column,
          .lse = lse + row,
          .dropout_row = row * longest_k,
          .dropout_stride = longest_k};
}

std::vector<real> scores_of(const Head& head, const AttentionArgs& args) {
  std::vector<real> s(static_cast<size_t>(head.queries * head.keys));
  cairn::kernels().gemm({.c = s.data(),
                         .c_stride = head.keys,
                         .a = {head.q, args.q_stride},
                         .b = {head.k, args.k_stride, true},
                         .m = head.queries,
                         .n = head.keys,
                         .k = args.head_size});
  const real* bias = args.bias + (args.bias ? head.b * args.bias_b + head.h * args.bias_h : 0);
  for (int64_t i = 0; i < head.queries; ++i)
    for (int64_t j = 0; j < head.keys; ++j) {
      real& score = s[static_cast<size_t>(i * head.keys + j)];
      score *= args.scale;
      if (args.bias) score += bias[i * args.bias_i + j * args.bias_j];
      if (args.causal && j > i) score = -infinity;
    }
  return s;
}

// ln sum_j e^(s_j), from one key's score and probability: p = e^(s - lse). The likeliest key is taken,
// whose probability is the most exact.
real log_sum_exp(const real* s, const real* p, int64_t keys) {
  const int64_t best = std::max_element(s, s + keys) - s;
  return keys == 0 || s[best] == -infinity ? -infinity : s[best] - std::log(p[best]);
}

void attention_of(const Head& head, const AttentionArgs& args) {
  const std::vector<real> s = scores_of(head, args);
  std::vector<real> p(s.size());
  cairn::kernels().softmax(p.data(), s.data(), head.queries, head.keys);
  const cairn::DropoutHash hash = cairn::dropout_hash(args.dropout);
  for (int64_t i = 0; i < head.queries; ++i) {
    real* p_i = p.data() + i * head.keys;
    head.lse[i] = log_sum_exp(s.data() + i * head.keys, p_i, head.keys);
    for (int64_t j = 0; args.dropout.p > 0 && j < head.keys; ++j)
      p_i[j] *= keeps(hash, head.dropout_row + i * head.dropout_stride + j) ? hash.scale : 0;
  }
  cairn::kernels().gemm({.c = head.y,
                         .c_stride = args.heads * args.head_size,
                         .a = {p.data(), head.keys},
                         .b = {head.v, args.v_stride},
                         .m = head.queries,
                         .n = args.head_size,
                         .k = head.keys});
}

}  // namespace

void attention(real* y, real* lse, const AttentionArgs& args) {
  struct Call {
    real *y, *lse;
    const AttentionArgs& args;
  } call{y, lse, args};
  const auto one = [](void* context, int64_t chunk) {
    const Call& c = *static_cast<const Call*>(context);
    attention_of(head_at(c.y, c.lse, c.args, chunk / c.args.heads, chunk % c.args.heads), c.args);
  };
  cairn::parallel(args.sequences * args.heads, one, &call);
}

}  // namespace mine
