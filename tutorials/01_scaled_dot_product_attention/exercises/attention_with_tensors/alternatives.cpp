// Other ways to write it, as good.
#include <cmath>
#include <limits>

#include "core/ops.h"
#include "tutorials/01_scaled_dot_product_attention/exercises/attention_with_tensors/attention_with_tensors.h"

namespace alternatives {
namespace {

using cairn::real;

constexpr real minus_infinity = -std::numeric_limits<real>::infinity();

// The scores transposed, [Tk, Tq], and a softmax over its first axis.
Tensor transposed(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& keep) {
  const Tensor query = q * (1 / std::sqrt(static_cast<real>(q.size(-1))));
  const Tensor scores = matmul(k, transpose(query, 0, 1));
  const Tensor hidden = cairn::where(transpose(keep, 0, 1), scores, Tensor::scalar(minus_infinity));
  return matmul(transpose(softmax(hidden, 0), 0, 1), v);
}

// The softmax in ops: hidden keys are left out of maximum and sum by a factor of 0.
Tensor in_ops(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& keep) {
  const Tensor scores = matmul(q, permute(k, {1, 0})) / std::sqrt(static_cast<real>(k.size(1)));
  const Tensor seen = masked_fill(scores, 1 - keep, static_cast<real>(-1e300));
  const Tensor power = exp(seen - amax(seen, {1}, true)) * keep;
  const Tensor sums = sum(power, {1}, true);
  return matmul(power, v) / cairn::where(sums, sums, Tensor::scalar(1));
}

// Loops over numbers.
Tensor in_loops(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& keep) {
  const auto at = [](const Tensor& x, int64_t i, int64_t j) { return x[i][j].item(); };
  Tensor out = Tensor::zeros({q.size(0), v.size(1)});
  for (int64_t i = 0; i < q.size(0); ++i) {
    std::vector<real> s;
    real largest = minus_infinity, sum = 0;
    for (int64_t j = 0; j < k.size(0); ++j) {
      real score = 0;
      for (int64_t c = 0; c < k.size(1); ++c) score += at(q, i, c) * at(k, j, c);
      s.push_back(at(keep, i, j) == 0 ? minus_infinity
                                      : score / std::sqrt(static_cast<real>(k.size(1))));
      largest = std::fmax(largest, s.back());
    }
    if (largest == minus_infinity) continue;
    for (real score : s) sum += std::exp(score - largest);
    for (int64_t j = 0; j < k.size(0); ++j)
      for (int64_t c = 0; c < v.size(1); ++c)
        out.write()[i * v.size(1) + c] +=
            std::exp(s[static_cast<size_t>(j)] - largest) / sum * at(v, j, c);
  }
  return out;
}

}  // namespace

const std::vector<check::Alternative<AttentionWithTensors>> list = {
    {"scores transposed", transposed},
    {"the softmax in ops", in_ops},
    {"loops over numbers", in_loops},
};

}  // namespace alternatives
