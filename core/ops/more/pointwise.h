#pragma once
// Elementwise functions, normalisation and choices beyond those of core/ops/ops.h. Two or three
// inputs broadcast against each other (sizes equal or 1, aligned at the last axis), else it is an
// Error.
#include <cmath>

#include "core/tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// ---- Functions of one number; the result has x's shape.
Tensor neg(const Tensor& x, Where where = Where::current());
Tensor abs(const Tensor& x, Where where = Where::current());   // gradient 0 at 0
Tensor sign(const Tensor& x, Where where = Where::current());  // -1, 0, 1 or NaN; gradient 0
Tensor square(const Tensor& x, Where where = Where::current());
Tensor reciprocal(const Tensor& x, Where where = Where::current());
Tensor rsqrt(const Tensor& x, Where where = Where::current());  // 1 / sqrt(x)
Tensor log1p(const Tensor& x, Where where = Where::current());  // ln(1 + x), exact for small x
Tensor expm1(const Tensor& x, Where where = Where::current());  // e^x - 1, exact for small x
Tensor sin(const Tensor& x, Where where = Where::current());
Tensor cos(const Tensor& x, Where where = Where::current());

// ---- Powers. Of a negative number only whole exponents give a number.
Tensor pow(const Tensor& x, real exponent, Where where = Where::current());
Tensor pow(const Tensor& x, const Tensor& exponent, Where where = Where::current());

// ---- Normalisation.
// x / sqrt(mean(x^2) + eps) gamma over the last axis (Zhang & Sennrich 2019); gamma has that axis's
// size, or is undefined (1). Error if eps is negative or NaN.
Tensor rms_norm(const Tensor& x, const Tensor& gamma, real eps, Where where = Where::current());

// ---- Attention of padded batches.
// attention (core/ops/ops.h) of q (..., Tq, D), k and v (..., Tk, D), leading axes are batch and
// heads; `bias` broadcasts to (..., Tq, Tk). For a mask of 0 and 1 it is additive_mask(mask).
Tensor scaled_dot_product_attention(const Tensor& q, const Tensor& k, const Tensor& v,
                                    const Tensor& bias = Tensor(), bool causal = false,
                                    real scale = 0, Where where = Where::current());

// ---- Choices. The numbers not chosen get the gradient 0, even if they are infinite or NaN.
// A NaN on either side stays; where both are equal, each gets half of the gradient.
Tensor maximum(const Tensor& a, const Tensor& b, Where where = Where::current());
Tensor minimum(const Tensor& a, const Tensor& b, Where where = Where::current());
Tensor max(const Tensor& a, const Tensor& b, Where where = Where::current());  // maximum(a, b)
Tensor min(const Tensor& a, const Tensor& b, Where where = Where::current());  // minimum(a, b)
// x, but `value` where the mask is not 0. The mask broadcasts to x's shape.
Tensor masked_fill(const Tensor& x, const Tensor& mask, real value, Where where = Where::current());
// 0 where the mask is not 0, else minus infinity: what attention adds to its scores, so that it
// sees only the keys whose mask is 1. PyTorch's boolean attn_mask.
Tensor additive_mask(const Tensor& mask, Where where = Where::current());

}}  // namespace cairn::CAIRN_PRECISION
