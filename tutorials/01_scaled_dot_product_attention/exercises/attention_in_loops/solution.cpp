// Scaled dot-product attention in loops.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/real.h"

namespace mine {

using cairn::real;

// out = softmax(q k^T / sqrt(d)) v; q is [Tq, d], k [Tk, d], v [Tk, dv], out [Tq, dv].
void attention_in_loops(real* out, const real* q, const real* k, const real* v, int64_t Tq,
                        int64_t Tk, int64_t d, int64_t dv) {
  const real scale = 1 / std::sqrt(static_cast<real>(d));
  std::vector<real> p(static_cast<size_t>(Tk));
  for (int64_t i = 0; i < Tq; ++i, q += d, out += dv) {
    real largest = -std::numeric_limits<real>::infinity();
    for (int64_t j = 0; j < Tk; ++j) {
      real& score = p[static_cast<size_t>(j)];
      score = 0;
      for (int64_t c = 0; c < d; ++c) score += q[c] * k[j * d + c];
      score *= scale;
      largest = std::max(largest, score);
    }
    real sum = 0;
    for (real& weight : p) sum += weight = std::exp(weight - largest);
    std::fill(out, out + dv, real{0});
    for (int64_t j = 0; j < Tk; ++j)
      for (int64_t c = 0; c < dv; ++c) out[c] += p[static_cast<size_t>(j)] / sum * v[j * dv + c];
  }
}

}  // namespace mine
