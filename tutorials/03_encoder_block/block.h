#pragma once
// The encoder block of BERT, whole: x [T, C] -> [T, C], the tokens of one sentence.
#include <cmath>

#include "core/ops.h"

using cairn::real;
using cairn::Tensor;

struct Affine {
  Tensor weight, bias;  // (out, in) and (out), as checkpoints hold them
  Tensor operator()(const Tensor& x) const { return matmul(x, transpose(weight, 0, 1)) + bias; }
};

struct Norm {
  Tensor gamma, beta;  // (C) each
  real eps;
  Tensor operator()(const Tensor& x) const {
    const Tensor centred = x - mean(x, {-1}, true);
    const Tensor variance = mean(centred * centred, {-1}, true);  // of each row, [T, 1]
    return centred / sqrt(variance + eps) * gamma + beta;
  }
};

inline Tensor gelu_of(const Tensor& x) { return x * (1 + erf(x / std::sqrt(real{2}))) / 2; }

struct EncoderBlock {
  Affine query, key, value, output;  // C -> C
  Norm norm1;
  Affine widen, narrow;  // C -> 4 C -> C
  Norm norm2;
  int64_t heads;

  Tensor split_heads(const Tensor& x) const {  // [T, C] -> [heads, T, C / heads]
    return transpose(reshape(x, {x.size(0), heads, -1}), 0, 1);
  }
  Tensor merge_heads(const Tensor& x) const {  // and back
    return reshape(transpose(x, 0, 1), {x.size(1), -1});
  }
  Tensor weights(const Tensor& x) const {  // who takes how much from whom: [heads, T, T]
    const Tensor q = split_heads(query(x)), k = split_heads(key(x));
    return softmax(matmul(q, transpose(k, -2, -1)) / std::sqrt(static_cast<real>(q.size(-1))));
  }
  Tensor attend(const Tensor& x) const {
    return output(merge_heads(matmul(weights(x), split_heads(value(x)))));
  }
  Tensor feed_forward(const Tensor& x) const { return narrow(gelu_of(widen(x))); }

  Tensor operator()(const Tensor& x) const {
    const Tensor mixed = norm1(x + attend(x));  // the tokens talk to each other
    return norm2(mixed + feed_forward(mixed));  // each thinks for itself
  }
};
