#include "tutorials/02_heads_and_masks/parts.h"

#include <cmath>

// [attend]
// softmax(q k^T / sqrt(d) + bias) v: the four lines of chapter 1, and a bias that is added to the
// scores. q, k, v are [..., T, d], whatever axes come first; the bias broadcasts to [..., T, T].
Tensor attend(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& bias) {
  const real scale = 1 / std::sqrt(static_cast<real>(q.size(-1)));
  const Tensor scores = matmul(q, transpose(k, -2, -1)) * scale + bias;
  const Tensor p = softmax(scores);
  return matmul(p, v);
}
// [/attend]

// [split]
// [..., T, C] -> [..., heads, T, d]: cut each row into pieces, then let the heads come first.
Tensor split_heads(const Tensor& x, int64_t heads) {
  Shape cut = x.shape();
  cut[x.axes() - 1] = heads;
  cut.push_back(x.size(-1) / heads);
  const Tensor pieces = reshape(x, cut);  // [..., T, heads, d]
  return transpose(pieces, -3, -2);
}
// [/split]

// [split_wrong]
// The same shape, and one line less.
Tensor split_without_transpose(const Tensor& x, int64_t heads) {
  return reshape(x, {heads, x.size(0), x.size(1) / heads});
}
// [/split_wrong]

// [merge]
// [..., heads, T, d] -> [..., T, C]: the way back.
Tensor merge_heads(const Tensor& x) {
  const Tensor pieces = transpose(x, -3, -2);  // [..., T, heads, d]
  Shape rows = pieces.shape();
  rows.erase(pieces.axes() - 1);
  rows[pieces.axes() - 2] = x.size(-3) * x.size(-1);
  return reshape(pieces, rows);
}
// [/merge]

// [merge_wrong]
Tensor merge_without_transpose(const Tensor& x) {
  return reshape(x, {x.size(1), x.size(0) * x.size(2)});
}
// [/merge_wrong]

// [heads_of]
// x is [..., T, C].
Heads heads_of(const Tensor& x, const Weights& w, int64_t heads) {
  return {split_heads(matmul(x, w.q), heads), split_heads(matmul(x, w.k), heads),
          split_heads(matmul(x, w.v), heads)};
}
// [/heads_of]

// [together]
// [..., T, C] -> [..., T, C]; the bias broadcasts to [..., heads, T, T].
Tensor multi_head_attention(const Tensor& x, const Weights& w, int64_t heads, const Tensor& bias) {
  const auto [q, k, v] = heads_of(x, w, heads);
  const Tensor answers = attend(q, k, v, bias);  // of all heads at once
  return matmul(merge_heads(answers), w.o);
}
// [/together]

// [hide]
// `keep` is 1 for a key that may be seen, 0 for one that may not.
const std::vector<Hiding> five_ways{
    {"scores * keep", [](const Tensor& s, const Tensor& keep) { return softmax(s * keep); }},
    {"softmax(scores) * keep",
     [](const Tensor& s, const Tensor& keep) { return softmax(s) * keep; }},
    {"scores + (0 or -10)",
     [](const Tensor& s, const Tensor& keep) { return softmax(s + (1 - keep) * -10); }},
    {"scores + (0 or -10,000)",
     [](const Tensor& s, const Tensor& keep) { return softmax(s + (1 - keep) * -10000); }},
    {"scores + (0 or -inf)",
     [](const Tensor& s, const Tensor& keep) { return softmax(s + additive_mask(keep)); }},
};
// [/hide]

Tensor padding_mask(const std::vector<int64_t>& lengths, int64_t T) {
  const int64_t B = static_cast<int64_t>(lengths.size());
  Tensor mask = Tensor::full({B, 1, 1, T}, minus_infinity);
  for (int64_t b = 0; b < B; ++b) slice(mask[b], 2, 0, lengths[static_cast<size_t>(b)]).fill_(0);
  return mask;
}

Tensor causal_mask(int64_t T) {
  Tensor mask = Tensor::full({T, T}, minus_infinity);
  for (int64_t i = 0; i < T; ++i) slice(mask[i], 0, 0, i + 1).fill_(0);
  return mask;
}

Weights random_weights(int64_t C, Random& random) {
  const real deviation = 1.5f / std::sqrt(static_cast<real>(C));
  const auto matrix = [&] { return Tensor::randn({C, C}, random) * deviation; };
  Weights w;
  w.q = matrix(), w.k = matrix(), w.v = matrix(), w.o = matrix();
  return w;
}

Tensor numbered_cells(int64_t T, int64_t C) {
  std::vector<real> cells;
  for (int64_t t = 0; t < T; ++t)
    for (int64_t c = 0; c < C; ++c) cells.push_back(static_cast<real>(10 * t + c));
  return Tensor::of({T, C}, cells);
}

double largest_difference(const Tensor& a, const Tensor& b) {
  const std::vector<real> x = a.to_vector(), y = b.to_vector();
  double largest = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) != std::isnan(y[i])) return NAN;
    largest = std::fmax(largest, std::fabs(x[i] - y[i]));
  }
  return largest;
}

int rows_that_differ(const Tensor& a, const Tensor& b) {
  int count = 0;
  for (int64_t t = 0; t < a.size(0); ++t) count += a[t].to_vector() != b[t].to_vector();
  return count;
}

const char* yes_or_no(bool yes) { return yes ? "yes" : "NO"; }
