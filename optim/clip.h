#pragma once
// Clipping by the global norm (Pascanu, Mikolov & Bengio 2013): if the gradients of all parameters,
// seen as one vector, are longer than max_norm, they are scaled to that length.
#include "core/named_tensor.h"

namespace cairn::inline CAIRN_PRECISION {

// The Euclidean length of all gradients together, summed in double in a fixed order; parameters
// without gradient count nothing. NaN or infinite if a gradient is.
double gradient_norm(const NamedTensors& parameters);

// The factor that brings a gradient of length `norm` to max_norm, at most 1: as PyTorch,
// max_norm / (norm + 1e-6). For Optimizer::step(lr, factor), which then rewrites no gradient.
double clip_scale(double norm, double max_norm);

}  // namespace cairn::inline CAIRN_PRECISION
