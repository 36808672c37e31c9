// Other ways to write it, as good.
#include <algorithm>
#include <cmath>
#include <limits>

#include "tutorials/01_scaled_dot_product_attention/exercises/attention_in_loops/attention_in_loops.h"

namespace alternatives {
namespace {

real dot(const real* a, const real* b, int64_t n) {
  long double sum = 0;
  for (int64_t c = n; c-- > 0;) sum += static_cast<long double>(a[c]) * b[c];
  return static_cast<real>(sum);
}

// One pass over the keys: when a larger score comes, what has been added up is rescaled.
void online(real* out, const real* q, const real* k, const real* v, int64_t Tq, int64_t Tk,
            int64_t d, int64_t dv) {
  for (int64_t i = 0; i < Tq; ++i) {
    real* answer = out + i * dv;
    std::fill(answer, answer + dv, real{-0.0});
    real largest = -std::numeric_limits<real>::infinity(), sum = 0;
    for (int64_t j = 0; j < Tk; ++j) {
      const real score = dot(q + i * d, k + j * d, d) / std::sqrt(static_cast<real>(d));
      const real shift = std::fmax(largest, score);
      const real shrink = std::exp(largest - shift), weight = std::exp(score - shift);
      sum = sum * shrink + weight;
      for (int64_t c = 0; c < dv; ++c) answer[c] = answer[c] * shrink + weight * v[j * dv + c];
      largest = shift;
    }
    for (int64_t c = 0; c < dv && Tk > 0; ++c) answer[c] /= sum;
  }
}

// All scores first, from the last query to the first; the query is divided, not the score; the
// values in the outer loop.
void all_scores_first(real* out, const real* q, const real* k, const real* v, int64_t Tq,
                      int64_t Tk, int64_t d, int64_t dv) {
  std::vector<std::vector<real>> p(static_cast<size_t>(Tq), std::vector<real>());
  const real root = std::sqrt(static_cast<real>(d));
  for (int64_t i = Tq; i-- > 0;) {
    std::vector<real> query(q + i * d, q + (i + 1) * d);
    for (real& number : query) number /= root;
    for (int64_t j = 0; j < Tk; ++j)
      p[static_cast<size_t>(i)].push_back(dot(query.data(), k + j * d, d));
  }
  std::fill(out, out + Tq * dv, real{0});
  for (int64_t i = 0; i < Tq; ++i) {
    std::vector<real>& row = p[static_cast<size_t>(i)];
    if (row.empty()) continue;
    const real largest = *std::max_element(row.begin(), row.end());
    long double sum = 0;
    for (real& weight : row) sum += weight = std::exp(weight - largest);
    for (int64_t c = 0; c < dv; ++c) {
      for (int64_t j = 0; j < Tk; ++j)
        out[i * dv + c] += row[static_cast<size_t>(j)] * v[j * dv + c];
      out[i * dv + c] = static_cast<real>(out[i * dv + c] / sum);
    }
  }
}

// Weight j as 1 / sum over j' of e^(s_j' - s_j): no maximum, and what overflows is the weight 0.
void by_differences(real* out, const real* q, const real* k, const real* v, int64_t Tq, int64_t Tk,
                    int64_t d, int64_t dv) {
  std::vector<real> s(static_cast<size_t>(Tk));
  for (int64_t i = 0; i < Tq; ++i) {
    for (int64_t j = 0; j < Tk; ++j)
      s[static_cast<size_t>(j)] = dot(q + i * d, k + j * d, d) / std::sqrt(static_cast<real>(d));
    for (int64_t c = 0; c < dv; ++c) {
      real answer = 0;
      for (int64_t j = 0; j < Tk; ++j) {
        real inverse = 0;
        for (real other : s) inverse += std::exp(other - s[static_cast<size_t>(j)]);
        answer += v[j * dv + c] / inverse;
      }
      out[i * dv + c] = answer;
    }
  }
}

}  // namespace

const std::vector<check::Alternative<AttentionInLoops>> list = {
    {"online, in one pass", online},
    {"all scores first", all_scores_first},
    {"by differences of scores", by_differences},
};

}  // namespace alternatives
