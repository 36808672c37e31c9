#pragma once
// What the programs of this chapter share: attention with heads, the two ways to get it wrong, masks
// and ways to hide keys.
#include <limits>
#include <vector>

#include "core/ops.h"

using cairn::cat;
using cairn::Random;
using cairn::real;
using cairn::Shape;
using cairn::Tensor;

constexpr real minus_infinity = -std::numeric_limits<real>::infinity();

// [weights]
// What is learned: four matrices [C, C].
struct Weights {
  Tensor q, k, v, o;
};
// [/weights]

Weights random_weights(int64_t C, Random& random);  // so large that scores are of size 1 and more

Tensor attend(const Tensor& q, const Tensor& k, const Tensor& v,
              const Tensor& bias = Tensor::scalar(0));
Tensor split_heads(const Tensor& x, int64_t heads);
Tensor split_without_transpose(const Tensor& x, int64_t heads);
Tensor merge_heads(const Tensor& x);
Tensor merge_without_transpose(const Tensor& x);

// Each [..., heads, T, d].
struct Heads {
  Tensor q, k, v;
};

Heads heads_of(const Tensor& x, const Weights& w, int64_t heads);
Tensor multi_head_attention(const Tensor& x, const Weights& w, int64_t heads,
                            const Tensor& bias = Tensor::scalar(0));

// [B, 1, 1, T]: 0 for the first lengths[b] keys of sentence b, minus infinity for the others.
Tensor padding_mask(const std::vector<int64_t>& lengths, int64_t T);
// [T, T]: 0 where j <= i, minus infinity where key j comes after query i.
Tensor causal_mask(int64_t T);

// A way to hide keys; `keep` is 1 for a key that may be seen, 0 for one that may not.
struct Hiding {
  const char* name;
  Tensor (*weights)(const Tensor& scores, const Tensor& keep);
};
extern const std::vector<Hiding> five_ways;

// Cell c of token t holds 10 t + c: each number says where it was.
Tensor numbered_cells(int64_t T, int64_t C);

double largest_difference(const Tensor& a, const Tensor& b);  // NaN if one of two is
// Of the rows [T, C], how many are not the same, bit for bit?
int rows_that_differ(const Tensor& a, const Tensor& b);
const char* yes_or_no(bool yes);
