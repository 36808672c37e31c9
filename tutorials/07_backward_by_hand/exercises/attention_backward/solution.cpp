// The way back through attention.
#include <vector>

#include "tutorials/07_backward_by_hand/exercises/attention_backward/heads.h"

namespace mine {

using cairn::AttentionArgs;
using cairn::AttentionGrads;
using cairn::real;
using heads::Head;

namespace {

double dot(const real* x, const real* y, int64_t n) {
  double sum = 0;
  for (int64_t c = 0; c < n; ++c) sum += double(x[c]) * double(y[c]);
  return sum;
}

// to += factor * x
void add(real* to, double factor, const real* x, int64_t n) {
  for (int64_t c = 0; c < n; ++c) to[c] += static_cast<real>(factor * double(x[c]));
}

// Adds the gradients of one head to dq, dk, dv and dbias, which are 0; any may be undefined.
//   dv = (p z)^T dy,  dp = (dy v^T) z,  ds = softmax_backward(dp, p),
//   dbias = ds,  dq = ds k scale,  dk = ds^T q scale
void head_backward(const Head& head) {
  std::vector<real> p(static_cast<size_t>(head.keys)), dp(p), ds(p);
  for (int64_t i = 0; i < head.queries; ++i) {
    for (int64_t j = 0; j < head.keys; ++j) {
      const auto at = static_cast<size_t>(j);
      const double z = heads::kept(head, i, j);
      p[at] = static_cast<real>(heads::weight(head, i, j));
      dp[at] = static_cast<real>(z * dot(head.dy[i], head.v[j], head.size));
      if (head.dv.defined()) add(head.dv[j], double(p[at]) * z, head.dy[i], head.size);
    }
    cairn::kernels().softmax_backward(ds.data(), dp.data(), p.data(), 1, head.keys);
    for (int64_t j = 0; j < head.keys; ++j) {
      const real ds_ij = ds[static_cast<size_t>(j)];
      const double dproduct = double(ds_ij) * double(head.scale);  // by q_i . k_j
      if (head.dbias.defined()) head.dbias[i][j] = ds_ij;
      if (head.dq.defined()) add(head.dq[i], dproduct, head.k[j], head.size);
      if (head.dk.defined()) add(head.dk[j], dproduct, head.q[i], head.size);
    }
  }
}

}  // namespace

void attention_backward(const AttentionGrads& grads, const AttentionArgs& args) {
  heads::for_each_head(grads, args, head_backward);
}

}  // namespace mine
