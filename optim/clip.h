#pragma once
// Clipping by the global norm (Pascanu, Mikolov & Bengio 2013): if the gradients of all parameters,
// seen as one vector, are longer than max_norm, they are scaled to that length. Ways that rewrite
// the gradients are in optim/more/clip_in_place.h.
#include "core/named_tensor.h"

namespace cairn { inline namespace CAIRN_PRECISION {

// (sum |g|^p)^(1/p) over all gradients: for p = 2 their Euclidean length, for p = INFINITY the
// largest |g|. Summed in double in a fixed order; exact enough even where the powers would overflow
// or vanish. Parameters without a gradient are skipped, one under several names counts once. NaN or
// infinite if a gradient is. Error unless p > 0.
double gradient_norm(const NamedTensors& parameters, double p = 2);

// The factor, at most 1, that brings a gradient of length `norm` to max_norm: as in PyTorch
// max_norm / (norm + 1e-6). For Optimizer::step(lr, factor), so that no gradient is rewritten.
// Error if max_norm is negative or NaN.
double clip_scale(double norm, double max_norm);

}}  // namespace cairn::CAIRN_PRECISION
