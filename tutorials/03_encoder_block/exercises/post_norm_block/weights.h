#pragma once
// What an encoder block has learned, under the names of the formula. Weights are (out, in).
#include <cstdint>

#include "core/tensor.h"

struct BlockWeights {
  cairn::Tensor query_weight, query_bias;    // (C, C), (C)
  cairn::Tensor key_weight, key_bias;        // (C, C), (C)
  cairn::Tensor value_weight, value_bias;    // (C, C), (C)
  cairn::Tensor output_weight, output_bias;  // (C, C), (C): of attention
  cairn::Tensor gamma1, beta1;               // (C), (C): of the norm after attention
  cairn::Tensor widen_weight, widen_bias;    // (H, C), (H)
  cairn::Tensor narrow_weight, narrow_bias;  // (C, H), (C)
  cairn::Tensor gamma2, beta2;               // (C), (C): of the norm after feed-forward
  int64_t heads = 1;                         // C is a multiple of it
  cairn::real eps = 0;                       // of both norms
};
