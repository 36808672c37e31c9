// Other ways to write it, as good.
#include <vector>

#include "tutorials/07_backward_by_hand/exercises/attention_backward/attention_backward.h"

namespace alternatives {
namespace {

using heads::Head;
using heads::kept;
using heads::weight;
using Numbers = std::vector<long double>;

long double dp_of(const Head& head, int64_t i, int64_t j) {
  long double sum = 0;
  for (int64_t c = head.size; c-- > 0;)
    sum += head.dy[i][c] * static_cast<long double>(head.v[j][c]);
  return sum * kept(head, i, j);
}

void add_all(const Head& head, int64_t i, int64_t j, long double ds) {
  if (head.dbias.defined()) head.dbias[i][j] += static_cast<real>(ds);
  for (int64_t c = 0; c < head.size; ++c) {
    if (head.dq.defined()) head.dq[i][c] += static_cast<real>(ds * head.k[j][c] * head.scale);
    if (head.dk.defined()) head.dk[j][c] += static_cast<real>(ds * head.q[i][c] * head.scale);
    if (head.dv.defined())
      head.dv[j][c] += static_cast<real>(weight(head, i, j) * kept(head, i, j) * head.dy[i][c]);
  }
}

// The sum of p dp of each query first, then key by key.
void key_by_key(const Head& head) {
  Numbers sums(static_cast<size_t>(head.queries));
  for (int64_t i = 0; i < head.queries; ++i)
    for (int64_t j = 0; j < head.keys; ++j)
      sums[static_cast<size_t>(i)] += weight(head, i, j) * dp_of(head, i, j);
  for (int64_t j = head.keys; j-- > 0;)
    for (int64_t i = head.queries; i-- > 0;) {
      const long double off = dp_of(head, i, j) - sums[static_cast<size_t>(i)];
      add_all(head, i, j, weight(head, i, j) * off);
    }
}

// Every pair of keys, without a sum of its own.
void pair_by_pair(const Head& head) {
  for (int64_t i = 0; i < head.queries; ++i)
    for (int64_t j = 0; j < head.keys; ++j) {
      long double ds = 0;
      for (int64_t k = 0; k < head.keys; ++k)
        ds += weight(head, i, k) * (dp_of(head, i, j) - dp_of(head, i, k));
      add_all(head, i, j, ds * weight(head, i, j));
    }
}

// Whole matrices of weights and gradients, and all of each gradient in turn.
void by_matrices(const Head& head) {
  const auto size = static_cast<size_t>(head.queries * head.keys);
  std::vector<real> p(size), dp(size), ds(size);
  const auto at = [&](int64_t i, int64_t j) { return static_cast<size_t>(i * head.keys + j); };
  for (int64_t i = 0; i < head.queries; ++i)
    for (int64_t j = 0; j < head.keys; ++j) {
      p[at(i, j)] = weight(head, i, j);
      dp[at(i, j)] = static_cast<real>(dp_of(head, i, j));
    }
  cairn::kernels().softmax_backward(ds.data(), dp.data(), p.data(), head.queries, head.keys);
  for (int64_t i = 0; i < head.queries; ++i)
    for (int64_t j = 0; j < head.keys; ++j) add_all(head, i, j, ds[at(i, j)]);
}

template <void (*head_backward)(const Head&)>
void by_heads(const AttentionGrads& grads, const AttentionArgs& args) {
  heads::for_each_head(grads, args, head_backward);
}

// As the library: sum_k p_ik dp_ik is dy_i . y_i.
void with_y(const AttentionGrads& grads, const AttentionArgs& args) {
  const int64_t width = args.heads * args.head_size;
  heads::for_each_head(grads, args, [&](const Head& head) {
    const real* y = grads.y + (head.dy.data - grads.dy);
    for (int64_t i = 0; i < head.queries; ++i) {
      long double sum = 0;
      for (int64_t c = 0; c < head.size; ++c) sum += head.dy[i][c] * y[i * width + c];
      for (int64_t j = 0; j < head.keys; ++j)
        add_all(head, i, j, weight(head, i, j) * (dp_of(head, i, j) - sum));
    }
  });
}

}  // namespace

const std::vector<check::Alternative<AttentionBackward>> list = {
    {"key by key", by_heads<key_by_key>},
    {"pair by pair of keys", by_heads<pair_by_pair>},
    {"by matrices", by_heads<by_matrices>},
    {"with the output", with_y},
};

}  // namespace alternatives
